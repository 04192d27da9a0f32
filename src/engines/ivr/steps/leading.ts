import { appointmentAt, appointmentTimes } from '../appointment-times.js';
import type { Calendar } from '../../routing/calendar.js';
import type {
  CalendarId,
  CampaignId,
  DidId,
  ExtensionId,
  PromptId,
  QueueId,
  RingGroupId,
  SkillId,
} from '../../../kernel/ids.js';
import type { AskedBy } from '../../directory/talk.js';
import type { StepOf } from '../flow.js';
import { fill, fillShown } from '../variables.js';
import { ownerOf } from './spoken.js';
import type { Answer, StepContext, Waiting } from './waiting.js';

const never = (): Answer => undefined;

/** Steps that lead to somebody, or end the call. */
export const queue: Waiting<StepOf<'queue'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'go-queue',
    queue: step.queue as QueueId,
    priority: step.priority,
    skills: (step.skills ?? []).map((one) => ({ ...one, skill: one.skill as SkillId })),
    tags: Object.fromEntries(
      Object.entries(step.tags ?? {}).map(([name, value]) => [
        name,
        fillShown(state, moment, value),
      ]),
    ),
  }),
  answer: never,
};

export const extension: Waiting<StepOf<'extension'>> = {
  effect: (step) => ({
    kind: 'go-extension',
    extension: step.extension as ExtensionId,
    ...(step.noAnswer === undefined ? {} : { noAnswerStep: step.noAnswer }),
  }),
  answer(step, _, input) {
    if (input.kind !== 'nobody-answered') return undefined;
    return step.noAnswer === undefined
      ? { stuck: 'nowhere-after-no-answer' }
      : { exit: 'no-answer' };
  },
};

export const ring: Waiting<StepOf<'ring'>> = {
  effect: (step) => ({
    kind: 'go-ring',
    ...(step.group === undefined ? {} : { group: step.group as RingGroupId }),
    extensions: step.extensions.map((id) => id as ExtensionId),
    timeoutMs: step.timeoutS * 1_000,
  }),
  answer: (_, __, input) => (input.kind === 'nobody-answered' ? { exit: 'no-answer' } : undefined),
};

export const outside: Waiting<StepOf<'outside'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'go-outside',
    number: fill(state, moment, step.number),
    permission: step.permission,
    ...(step.callerId === undefined ? {} : { callerId: step.callerId as DidId }),
    timeoutMs: step.timeoutS * 1_000,
  }),
  answer: (_, __, input) => (input.kind === 'nobody-answered' ? { exit: 'no-answer' } : undefined),
};

export const conference: Waiting<StepOf<'conference'>> = {
  effect: (step) => ({ kind: 'go-conference', room: step.room }),
  answer: never,
};

type AskingForPeople = StepOf<'dial-extension'> | StepOf<'dial-name'>;

/** What the state of such a step holds of a caller who asked for the operator. */
const OPERATOR = 'operator';

/** Asks for somebody, then leads there; the state remembers who it is for when nobody answers. */
const askForPeople = (by: AskedBy): Waiting<AskingForPeople> => ({
  effect: (step, { state }) => {
    if (state.phase !== 'chosen')
      return {
        ...{ kind: 'ask-directory', by, tries: step.tries, typed: state.entry },
        ...(step.prompt === undefined ? {} : { prompt: step.prompt as PromptId }),
      };
    if (state.entry === OPERATOR) return { kind: 'go-operator' };
    return {
      kind: 'go-extension',
      extension: Number(state.entry) as ExtensionId,
      ...(step.noAnswer === undefined ? {} : { noAnswerStep: step.noAnswer }),
    };
  },
  answer(step, { state }: StepContext, input) {
    const chose = (entry: string, digits: string): Answer => ({
      stay: { phase: 'chosen', entry, sinceKey: 0 },
      trace: [{ kind: 'key-pressed', step: state.step, digits, accepted: true }],
    });
    switch (input.kind) {
      case 'person-chosen':
        return chose(String(input.extension), input.keys);
      case 'operator-asked':
        return chose(OPERATOR, '0');
      case 'nobody-chosen':
        return { exit: 'nobody' };
      case 'nobody-answered':
        return step.noAnswer === undefined
          ? { stuck: 'nowhere-after-no-answer' }
          : { exit: 'no-answer' };
      default:
        return undefined;
    }
  },
});
export const dialExtension: Waiting<StepOf<'dial-extension'>> = askForPeople('extension');
export const dialName: Waiting<StepOf<'dial-name'>> = askForPeople('name');

export const callback: Waiting<StepOf<'callback'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'offer-callback',
    queue: step.queue as QueueId,
    number: fill(state, moment, step.number),
    ...(step.prompt === undefined ? {} : { prompt: step.prompt as PromptId }),
  }),
  answer(_, __, input) {
    if (input.kind === 'accepted') return { exit: 'accepted', changes: { sinceKey: 0 } };
    return input.kind === 'declined' ? { exit: 'declined' } : undefined;
  },
};

/** Times that are offered, some of which the caller hears at a time. */
const OFFERED_TIMES = 12;
const MINUTE_MS = 60_000;

export const appointment: Waiting<StepOf<'appointment'>> = {
  effect(step, { state, moment }) {
    const calendar = moment.calendars.get(step.calendar as CalendarId);
    if (calendar === undefined)
      return { kind: 'stuck', reason: 'unknown-calendar', step: state.step };
    const when = fill(state, moment, step.when ?? '').trim();
    return {
      kind: 'offer-appointment',
      campaign: step.campaign as CampaignId,
      number: fill(state, moment, step.number),
      zone: calendar.zone,
      ...(when === '' ? offered(step, calendar, moment.at) : chosen(when, calendar, moment.at)),
      ...(step.prompt === undefined ? {} : { prompt: step.prompt as PromptId }),
    };
  },
  answer(_, __, input) {
    if (input.kind === 'accepted') return { exit: 'accepted', changes: { sinceKey: 0 } };
    return input.kind === 'declined' ? { exit: 'declined' } : undefined;
  },
};

const offered = (step: StepOf<'appointment'>, calendar: Calendar, at: number) => ({
  asks: true,
  times: appointmentTimes(calendar, at, {
    everyMinutes: step.everyMinutes,
    leadMs: step.leadMinutes * MINUTE_MS,
    count: OFFERED_TIMES,
  }),
});

function chosen(when: string, calendar: Calendar, at: number) {
  const time = appointmentAt(when, calendar.zone, at);
  return { asks: false, times: time === undefined ? [] : [time] };
}

export const voicemail: Waiting<StepOf<'voicemail'>> = {
  effect(step, { state }) {
    const owner = ownerOf(step);
    if (owner === undefined)
      return { kind: 'stuck', reason: 'voicemail-without-owner', step: state.step };
    const greeting = step.greeting === undefined ? {} : { greeting: step.greeting as PromptId };
    return { kind: 'go-voicemail', ...owner, ...greeting };
  },
  answer: never,
};

export const hangup: Waiting<StepOf<'hangup'>> = {
  effect: (step) =>
    step.prompt === undefined
      ? { kind: 'hangup' }
      : { kind: 'hangup', prompt: step.prompt as PromptId },
  answer: never,
};

/** Where no flow waits for this one: the caller is done. */
export const returning: Waiting<StepOf<'return'>> = {
  effect: () => ({ kind: 'hangup' }),
  answer: never,
};
