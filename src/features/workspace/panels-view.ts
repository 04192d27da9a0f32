import { can, type Actor } from '../../kernel/actor.js';
import {
  DIRECTION_LOOKS,
  formatDuration,
  formatPhone,
  formatWhen,
  RESULT_LOOKS,
  type PageContext,
} from '../../web/kit/index.js';
import { recordView } from './record-view.js';
import type { Panels, PartyPanel } from './workspace-service.js';
import { numberToCall, type CallbackStory, type OfferStory, type PastCall } from './workspace.js';

type Words = Pick<PageContext, 't' | 'language' | 'zone' | 'country' | 'actor' | 'masksNumbers'>;

/** What the panels' templates show: texts in the reader's language. */
export const panelsView = (words: Words, { today, own, party, isPending, midnight }: Panels) => ({
  today,
  isPending,
  agentId: words.actor.agentId,
  own: own.map((call) => ({
    ...callView(words, call),
    whenStyle: call.startedAt >= midnight ? 'time' : 'day',
  })),
  wrapped: party && !party.isPresent ? wrappedView(words, own) : undefined,
  party: party && partyView(words, party),
});

/** The call that the agent wraps up. */
function wrappedView(words: Words, own: readonly PastCall[]) {
  const [last] = own;
  return last && callView(words, last);
}

function partyView(words: Words, panel: PartyPanel) {
  const { party, story, timesToday, calls } = panel;
  const number = formatPhone(party.number, words);
  const isHidden = party.number === '';
  return {
    who: party.name !== '' ? party.name : isHidden ? words.t('workspace.anonymous') : number,
    number: party.name === '' || isHidden ? '' : number,
    isHidden,
    known: panel.known.map(({ name, label, value }) => ({
      label: label === '' ? name : label,
      value,
    })),
    calledToday: timesToday > 1 ? timesToday : undefined,
    // What a callback waited is told by its own card.
    story: story && storyView(words, panel.callback ? { ...story, place: undefined } : story),
    callback: panel.callback && callbackView(words, panel.callback),
    record: panel.record && recordView(words, panel.record),
    calls: calls.map((call) => callView(words, call)),
  };
}

/** "Callback · asked at 10:12, kept place 2, waited 6:40 in all, queue Repairs". */
function callbackView(words: Words, story: CallbackStory) {
  const told = {
    asked: formatWhen(story.askedAt, 'time', words),
    waited: formatDuration(story.waitedMs),
    queue: story.queueName,
  };
  return {
    text:
      story.place === undefined
        ? words.t('callbacks.card.text-no-place', told)
        : words.t('callbacks.card.text', { ...told, place: story.place }),
    attempt: words.t('callbacks.card.try', { attempt: story.attempts + 1 }),
    last:
      story.lastOutcome === '' || story.attempts === 0
        ? ''
        : words.t('callbacks.card.last', {
            outcome: words.t(`callbacks.outcome.${story.lastOutcome}`),
          }),
    note: story.note,
  };
}

/** Why this agent, in words; codes without words are left out. */
function storyView(
  words: Words,
  { reasons, place, waitedMs }: Omit<OfferStory, 'place'> & { readonly place: number | undefined },
) {
  const told = reasons.map((reason) => {
    const [code = '', ...rest] = reason.split(':');
    return { code, parameter: rest.join(':') };
  });
  const of = (code: string): string | undefined =>
    told.find((reason) => reason.code === code)?.parameter;
  const idle = of('longest-idle');
  const fitting = Number(of('agents-fitting') ?? '0');
  return {
    place,
    waited: waitedMs === undefined ? undefined : formatDuration(waitedMs),
    idle: idle === undefined ? undefined : formatDuration(Number(idle) * 1000),
    others: fitting > 1 ? fitting - 1 : undefined,
    skipped: told
      .filter(({ code }) => code.startsWith('skipped-'))
      .map(({ code, parameter }) => words.t(`workspace.why.${code}`, { name: parameter })),
  };
}

/** A line of a list; links only where its reader may open the call. */
function callView(words: Words, call: PastCall) {
  const look = call.result && RESULT_LOOKS[call.result];
  const direction = DIRECTION_LOOKS[call.direction];
  return {
    id: call.id,
    startedAt: call.startedAt,
    directionIcon: direction.icon,
    direction: words.t(direction.label),
    who: otherEnd(words, call),
    callBack: shownToCall(words, call),
    queueName: call.queueName,
    agentName: call.agentName,
    icon: look?.icon ?? 'phone',
    tone: look?.tone ?? 'talking',
    result: words.t(look?.label ?? 'workspace.going-on'),
    talk: call.talkMs > 0 ? formatDuration(call.talkMs) : undefined,
    waited: call.waitMs > 0 ? formatDuration(call.waitMs) : undefined,
    href: mayOpen(words.actor, call) ? `/calls/${call.id}` : undefined,
  };
}

/** Inside the house both ends are named: the row does not say which of them the agent was. */
function otherEnd(words: Words, { direction, from, toNumber }: PastCall): string {
  const to = formatPhone(toNumber, words);
  if (direction === 'outbound') return to;
  const anonymous = words.t('workspace.anonymous');
  const caller = from.number === '' ? anonymous : formatPhone(from.number, words);
  const who = from.name === '' ? caller : from.name;
  return direction === 'inbound' ? who : `${who} → ${to}`;
}

/** The number that is dialled to reach the other end again, as its reader sees it; '' where there is none. */
function shownToCall(words: Words, call: PastCall): string {
  const number = numberToCall(call);
  return number === '' ? '' : formatPhone(number, words);
}

const mayOpen = (actor: Actor, call: PastCall): boolean =>
  can(actor, 'calls.read') ||
  (can(actor, 'calls.read-own') && actor.agentId !== undefined && call.agentId === actor.agentId);
