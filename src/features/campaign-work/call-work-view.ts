import { fieldsIn, merge, valueOfField, type MergeFacts } from '../../engines/script/merge.js';
import { answerText } from '../../engines/script/answers.js';
import { questionsOf, type ScriptQuestion } from '../../engines/script/script.js';
import type { Typed } from '../../engines/script/run.js';
import { textIn } from '../../engines/survey/survey.js';
import type { Language } from '../../kernel/call-event.js';
import type { DispositionId } from '../../kernel/ids.js';
import type { DirectorySnapshot } from '../../telephony/directory.js';
import { formatPhone, type PageContext } from '../../web/kit/index.js';
import { pathOf } from '../dispositions/index.js';
import { TRUTHS, type CallWork, type DayResults, type FollowedScript } from './call-work.js';
import type { ScriptProblem } from './call-work-service.js';

type Words = Pick<
  PageContext,
  't' | 'language' | 'country' | 'zone' | 'masksNumbers' | 'actor' | 'hasText'
>;
type Dispositions = DirectorySnapshot['dispositions'];

/** What was sent and refused. */
export interface Refused {
  readonly problems: readonly ScriptProblem[];
  readonly typed: Typed;
}

/** The panel of the call of now. */
export function workView(
  words: Words,
  work: CallWork,
  dispositions: Dispositions,
  refused?: Refused,
) {
  const { call, attempt, contact, followed } = work;
  const { t } = words;
  const number = attempt?.number ?? call.number;
  return {
    call: call.callId,
    who: contact?.name || t('call-work.nameless'),
    company: contact?.company ?? '',
    number: number === '' ? '' : formatPhone(number, words),
    campaign: attempt?.campaignName ?? '',
    contactHref: contact && `/contacts/${String(contact.id)}`,
    // Of a call of a campaign the page has the record already: the agent may have read it before the call.
    hasRecord: contact !== undefined && attempt === undefined,
    script: followed && scriptView(words, work, followed, dispositions, refused),
    facts: contact && factsOf(words, contact),
    attempts: contact?.attempts.map((past) => ({
      ...past,
      what:
        nameOf(dispositions, past.dispositionId, words.language) || resultText(words, past.result),
    })),
    remarks: contact?.remarks,
    doNotCall: doNotCallView(words, work),
    mayBlock: contact !== undefined || attempt !== undefined,
    mayBlockHere: attempt !== undefined,
    truth: attempt && truthView(words, attempt),
  };
}

const nameOf = (
  dispositions: Dispositions,
  id: DispositionId | undefined,
  language: Language,
): string => (id === undefined ? '' : pathOf(dispositions, id, language));

/** A result in words; one that this version does not know as it is kept. */
const resultText = (words: Words, result: string): string => {
  const key = `follow-ups.result.${result}`;
  if (result === '') return words.t('call-work.going-on');
  return words.hasText(key) ? words.t(key) : result;
};

const factsOf = (words: Words, contact: NonNullable<CallWork['contact']>) => [
  ...(contact.ownerName === ''
    ? []
    : [{ label: words.t('call-work.owner'), value: contact.ownerName }]),
  ...(contact.externalKey === ''
    ? []
    : [{ label: words.t('call-work.key'), value: contact.externalKey }]),
  ...contact.numbers.map(({ number, isDead }, at) => ({
    label: words.t('call-work.number', { number: at + 1 }),
    value: isDead
      ? words.t('follow-ups.number-dead', { number: formatPhone(number, words) })
      : formatPhone(number, words),
  })),
  ...contact.fields.map(({ name, value }) => ({ label: name, value })),
];

function doNotCallView({ t }: Words, { contact, attempt }: CallWork) {
  const entries = contact?.doNotCall ?? [];
  if (entries.length === 0) return undefined;
  return {
    text: t(
      entries.some(({ isForAll }) => isForAll)
        ? 'call-work.blocked.all'
        : 'call-work.blocked.campaign',
      {
        campaign: attempt?.campaignName ?? '',
      },
    ),
    mayTakeBack: entries.some(({ isOfThisCall }) => isOfThisCall),
  };
}

function truthView({ t }: Words, { verdict, truth }: NonNullable<CallWork['attempt']>) {
  return {
    verdict: verdict === '' ? '' : t(`call-work.verdict.${verdict}`),
    // What one key says: what detection did not say, or the other word than before.
    next: (truth === '' ? verdict === 'machine' : truth === 'machine') ? 'human' : 'machine',
    choices: TRUTHS.map((value) => ({
      value,
      label: t(`call-work.truth.${value}`),
      isChosen: truth === value,
    })),
  };
}

function scriptView(
  words: Words,
  work: CallWork,
  followed: FollowedScript,
  dispositions: Dispositions,
  refused?: Refused,
) {
  const { t } = words;
  const { run, page, stamp } = followed;
  const language = work.contact?.language ?? words.language;
  const general = refused?.problems.find(({ question }) => question === undefined)?.why;
  const common = {
    stamp,
    step: run.trail.length,
    mayGoBack: run.trail.length > 1 || run.end !== undefined,
    problem: general && t(`call-work.problem.${general}`),
  };
  if (page === undefined)
    return {
      ...common,
      isOver: true,
      result: nameOf(dispositions, run.end?.disposition, words.language),
      given: givenAnswers(words, followed),
    };
  const text = textIn(page.text, language);
  const facts = factsFor(words, work, followed);
  const valueOf = (field: string): string | undefined => valueOfField(field, facts);
  return {
    ...common,
    isOver: false,
    title: merge(textIn(page.title, language), valueOf)
      .map((part) => part.text)
      .join(''),
    language,
    parts: merge(text, valueOf),
    gaps: fieldsIn(text).filter((field) => (valueOf(field)?.trim() ?? '') === ''),
    questions: page.questions.map((question) =>
      questionView(words, question, {
        value: refused?.typed[question.key] ?? run.answers[question.key] ?? '',
        problem: refused?.problems.find((one) => one.question === question.key)?.why,
        language,
      }),
    ),
    ways: page.ways.map(({ label, to }, at) => ({
      at,
      digit: at + 1,
      label: textIn(label, language),
      isResult: to.kind === 'disposition',
    })),
  };
}

const questionView = (
  { t }: Words,
  question: ScriptQuestion,
  shown: {
    readonly value: string;
    readonly problem: string | undefined;
    readonly language: Language;
  },
) => ({
  ...{ key: question.key, kind: question.kind, isNeeded: question.isNeeded },
  id: `cw-q-${question.key}`,
  label: textIn(question.label, shown.language),
  type: question.kind === 'date' ? 'date' : 'text',
  inputmode: question.kind === 'number' ? 'decimal' : undefined,
  value: shown.value,
  problem: shown.problem && t(`call-work.problem.${shown.problem}`),
  choices: question.choices.map((choice, at) => ({
    value: String(at + 1),
    label: textIn(choice, shown.language),
    isChosen: shown.value === String(at + 1),
  })),
});

function givenAnswers({ language }: Words, { script, run }: FollowedScript) {
  const known = questionsOf(script);
  return Object.entries(run.answers).flatMap(([key, value]) => {
    const question = known.get(key);
    return question === undefined
      ? []
      : [{ label: textIn(question.label, language), value: answerText(question, value, language) }];
  });
}

function factsFor(words: Words, work: CallWork, { script, run }: FollowedScript): MergeFacts {
  const { contact, attempt, call } = work;
  const language = contact?.language ?? words.language;
  const known = questionsOf(script);
  const number = attempt?.number ?? call.number;
  return {
    ...(contact && {
      contact: {
        ...{ name: contact.name, company: contact.company },
        number: number === '' ? '' : formatPhone(number, words),
        fields: Object.fromEntries(contact.fields.map(({ key, value }) => [key, value])),
      },
    }),
    agentName: words.actor.name,
    campaignName: attempt?.campaignName ?? '',
    answers: Object.fromEntries(
      Object.entries(run.answers).map(([key, value]) => {
        const question = known.get(key);
        return [key, question === undefined ? value : answerText(question, value, language)];
      }),
    ),
  };
}

/** What the agent's calls came to today. */
export const dayView = (words: Words, day: DayResults, dispositions: Dispositions) => ({
  ...{ calls: day.calls, booked: day.booked },
  isEmpty: day.calls === 0 && day.booked === 0,
  results: day.results.map(({ dispositionId, calls }) => ({
    calls,
    name: nameOf(dispositions, dispositionId, words.language) || words.t('call-work.no-result'),
  })),
});
