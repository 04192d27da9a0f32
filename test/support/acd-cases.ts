import fc from 'fast-check';
import {
  Acd,
  NO_WRAP_UP,
  STRATEGIES,
  type AcdAgent,
  type AcdCommand,
  type AcdEvent,
  type AcdQueue,
  type AgentMembership,
  type WrapUpRule,
} from '../../src/engines/acd/acd.js';
import type { Waiter } from '../../src/engines/acd/waiter.js';
import type { AgentId, CallId, QueueId } from '../../src/kernel/ids.js';
import { acdQueue, agentId, callId, member, prefers, queueId, requires } from './acd.js';

/**
 * Days of small sites for properties of the distribution. A case is a site (1 to 3 queues of any strategy, with limits,
 * skills that relax, wrap-up rules; 1 to 4 agents in any of them) and up to 40 steps. Most steps fit the moment: the nth
 * agent who rings answers, the nth who talks ends. The others say anything at all, as races and bugs do, or change the rules
 * of queues and what agents can do.
 */
export interface AcdCase {
  readonly site: AcdSite;
  readonly steps: readonly TimedStep[];
}
export interface AcdSite {
  readonly queues: readonly AcdQueue[];
  readonly agents: readonly AgentMembership[];
  /** Agents who are available at the beginning; the others are signed out. */
  readonly early: readonly AgentId[];
}

/** What a point of priority is worth here. */
export const POINT_MS = 200;
export const REJECT_MEMORY_MS = 250;
const MAX_QUEUES = 3;
const MAX_AGENTS = 4;
const MAX_STEPS = 40;
const CALLS = ['a', 'b', 'c', 'd', 'e'].map(callId);

type Untimed<E> = E extends { at: number } ? Omit<E, 'at'> : never;
/** An event whose times are counted from the moment at which it happens. */
type Relative = Untimed<AcdEvent>;
/** Something that fits the moment, of the nth agent or caller of whom it can be said. */
interface Fitting {
  readonly kind:
    | 'answer'
    | 'lift'
    | 'miss'
    | 'end'
    | 'leave'
    | 'turn-up'
    | 'go'
    | 'quit'
    | 'look'
    | 'take'
    | 'dial'
    | 'reach'
    | 'pass';
  readonly nth: number;
}
interface TimedStep {
  readonly after: number;
  readonly step:
    { readonly event: Relative } | { readonly fitting: Fitting } | { readonly change: SiteChange };
}

/** Somebody saves other rules, queues and levels while the site works; queues keep their strategies. */
interface SiteChange {
  readonly queues: readonly Partial<AcdQueue>[];
  readonly agents: readonly Place[];
}
interface Place {
  /** As bits. */
  readonly queues: number;
  readonly levels: readonly number[];
}

const CODED: WrapUpRule = {
  ms: 100,
  isUntilDone: false,
  extensions: 1,
  extendByMs: 50,
  isCodeNeeded: true,
};
const SHORT: WrapUpRule = { ...NO_WRAP_UP, ms: 60 };
const UNTIL_DONE: WrapUpRule = { ...NO_WRAP_UP, isUntilDone: true };

const rules: fc.Arbitrary<Partial<AcdQueue>> = fc.record({
  strategy: fc.oneof(
    { arbitrary: fc.constantFrom(...STRATEGIES), weight: 3 },
    fc.constant('ring-all' as const),
  ),
  weight: fc.nat(2),
  maxTalking: fc.constantFrom(0, 0, 1, 2),
  requirements: fc.constantFrom(
    [],
    [],
    [requires(7, 50, [{ afterMs: 400, minLevel: 10 }])],
    [requires(8, 20)],
    [prefers(8, 20)],
  ),
  rejectMemoryMs: fc.constant(REJECT_MEMORY_MS),
  missesUntilNotReady: fc.constantFrom(0, 1, 3),
  wrapUp: fc.constantFrom(NO_WRAP_UP, NO_WRAP_UP, SHORT, CODED, UNTIL_DONE),
});

const level = fc.option(fc.constantFrom(5, 30, 60, 90), { nil: 0 });
/** Queues as bits: every agent is in at least one of those that there can be, often in all. */
const ALL = 2 ** MAX_QUEUES - 1;
const place = fc.record({
  queues: fc.oneof(fc.integer({ min: 1, max: ALL }), fc.constant(ALL)),
  levels: fc.tuple(level, level),
  isEarly: fc.constantFrom(true, true, true, false),
});

const site: fc.Arbitrary<AcdSite> = fc
  .record({
    queues: fc.array(rules, { minLength: 1, maxLength: MAX_QUEUES, size: 'max' }),
    agents: fc.array(place, { minLength: 1, maxLength: MAX_AGENTS, size: 'max' }),
  })
  .map(({ queues, agents }) => ({
    queues: queues.map((one, at) => acdQueue(at + 1, one)),
    agents: membersOf(queues.length, agents),
    early: agents.flatMap(({ isEarly }, at) => (isEarly ? [agentId(at + 1)] : [])),
  }));

function membersOf(queues: number, places: readonly Place[]): readonly AgentMembership[] {
  return places.map(({ queues: bits, levels }, at) =>
    member(
      at + 1,
      Array.from({ length: queues }, (_, queue) => queue + 1).filter(
        (queue) => (bits >> (queue - 1)) & 1,
      ),
      levels.flatMap((value, skill) => (value > 0 ? [[skill + 7, value] as const] : [])),
    ),
  );
}

const change: fc.Arbitrary<SiteChange> = fc.record({
  queues: fc.array(rules, { minLength: MAX_QUEUES, maxLength: MAX_QUEUES }),
  agents: fc.array(place, { minLength: MAX_AGENTS, maxLength: MAX_AGENTS }),
});

/** The same site after a change. */
const changed = (before: AcdSite, { queues, agents }: SiteChange): AcdSite => ({
  ...before,
  queues: before.queues.map((queue, at) => {
    const { weight, maxTalking, requirements } = { ...queue, ...queues[at] };
    return { ...queue, weight, maxTalking, requirements };
  }),
  agents: membersOf(before.queues.length, agents.slice(0, before.agents.length)),
});

const agent = fc.integer({ min: 1, max: MAX_AGENTS }).map(agentId);
const call = fc.constantFrom(...CALLS);
/** Calls that agents make. */
const own = fc.constantFrom('own-1', 'own-2').map(callId);
const queue = fc.integer({ min: 1, max: MAX_QUEUES }).map(queueId);

const queued: fc.Arbitrary<Relative> = fc
  .record({
    call,
    queue,
    priority: fc.nat(3),
    age: fc.constantFrom(0, 0, 30, 500),
    requirements: fc.constantFrom([], [], [requires(8, 10, [{ afterMs: 300, minLevel: 0 }])]),
    stick: fc.option(agent, { nil: undefined, freq: 3 }),
    later: fc.constantFrom(0, 0, 0, 200),
  })
  .map(({ age, stick, later, ...one }) => ({
    kind: 'call-queued',
    ...one,
    enteredAt: -age,
    notBefore: later,
    ...(stick === undefined ? {} : { sticky: { agent: stick, until: 600 } }),
  }));

const raw: fc.Arbitrary<Relative> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'agent-signed-in' as const,
      'agent-signed-out' as const,
      'agent-available' as const,
      'wrap-up-finished' as const,
      'wrap-up-extended' as const,
      'code-chosen' as const,
      'phone-lost' as const,
      'phone-back' as const,
    ),
    agent,
  }),
  fc.record({ kind: fc.constant('agent-not-ready' as const), agent, reason: fc.constant('break') }),
  fc.record({
    kind: fc.constant('call-changed' as const),
    call,
    priority: fc.nat(3),
  }),
  fc.record({
    kind: fc.constantFrom(
      'offer-lifted' as const,
      'offer-answered' as const,
      'talk-ended' as const,
    ),
    agent,
    call,
  }),
  fc.record({
    kind: fc.constant('offer-failed' as const),
    agent,
    call,
    outcome: fc.constantFrom('no-answer', 'withdrawn', 'unreachable'),
  }),
  fc.record({ kind: fc.constant('caller-left' as const), call }),
  fc.record({ kind: fc.constant('agent-engaged' as const), agent, call, queue }),
  fc.record({
    kind: fc.constant('agent-previews' as const),
    agent,
    offered: call,
  }),
  fc.record({ kind: fc.constant('agent-previews' as const), agent, call: own }),
  fc.record({ kind: fc.constant('preview-dials' as const), agent, call: own }),
  fc.record({ kind: fc.constant('preview-ended' as const), agent }),
);

/** Those that come more often stand here more often. */
const FITTING: readonly Fitting['kind'][] = [
  ...(['answer', 'answer', 'answer', 'lift', 'miss', 'miss', 'end', 'end'] as const),
  ...(['go', 'go', 'go', 'turn-up', 'leave', 'quit'] as const),
  ...(['look', 'look', 'take', 'dial', 'reach', 'pass'] as const),
];
const fitting: fc.Arbitrary<Fitting> = fc.record({
  kind: fc.constantFrom(...FITTING),
  nth: fc.nat(MAX_AGENTS),
});

/** Days of small sites. Short steps and long pauses both come: 10 s pass every tenth time. */
export const acdCase: fc.Arbitrary<AcdCase> = fc.record({
  site,
  steps: fc.array(
    fc.record({
      after: fc.oneof({ arbitrary: fc.nat(120), weight: 9 }, fc.constant(10_000)),
      step: fc.oneof(
        { arbitrary: fitting.map((one) => ({ fitting: one })), weight: 12 },
        { arbitrary: queued.map((event) => ({ event })), weight: 6 },
        { arbitrary: raw.map((event) => ({ event })), weight: 2 },
        { arbitrary: change.map((one) => ({ change: one })), weight: 1 },
      ),
    }),
    { maxLength: MAX_STEPS, size: 'max' },
  ),
});

/** One event and what came of it. */
export interface Moment {
  readonly acd: Acd;
  readonly site: AcdSite;
  readonly at: number;
  readonly event: AcdEvent;
  readonly commands: readonly AcdCommand[];
  /** Until when an agent is not offered a call again, by `call agent`; kept apart from the engine. */
  readonly rejectedUntil: ReadonlyMap<string, number>;
}

/** Runs a case and calls `check` after each event; what is due is looked at before each step, as the runner does. */
export function drive({ site: first, steps }: AcdCase, check: (moment: Moment) => void): Acd {
  let place = first;
  const acd = new Acd({
    ...{ pointMs: POINT_MS, seed: 7 },
    // Half of the cases in lines that keep available agents sorted.
    lookedThrough: steps.length % 2 === 0 ? 256 : 0,
  });
  const rejectedUntil = new Map<string, number>();
  const give = (event: AcdEvent): void => {
    noteRejection(acd, place, event, rejectedUntil);
    const commands = acd.handle(event);
    check({ acd, site: place, at: event.at, event, commands, rejectedUntil });
  };
  let at = 10_000;
  acd.handle({ kind: 'configured', at, queues: place.queues, agents: place.agents });
  for (const id of place.early) {
    give({ kind: 'agent-signed-in', agent: id, at });
    give({ kind: 'agent-available', agent: id, at });
  }
  for (const { after, step } of steps) {
    at += after;
    give({ kind: 'time-passed', at });
    if ('change' in step) {
      place = changed(place, step.change);
      give({ kind: 'configured', at, queues: place.queues, agents: place.agents });
      continue;
    }
    const event = 'event' in step ? placed(place, step.event, at) : thatFits(acd, step.fitting, at);
    if (event !== undefined) give(event);
  }
  return acd;
}

/** The event at its time, about queues and agents that the site has. */
function placed({ queues, agents }: AcdSite, event: Relative, at: number): AcdEvent {
  const here = <Id extends number>(id: Id, among: readonly unknown[]): Id =>
    (((id - 1) % among.length) + 1) as Id;
  if (event.kind === 'call-queued') {
    const { sticky, notBefore = 0 } = event;
    return {
      ...event,
      at,
      queue: here(event.queue, queues),
      enteredAt: at + event.enteredAt,
      notBefore: notBefore === 0 ? 0 : at + notBefore,
      ...(sticky === undefined
        ? {}
        : { sticky: { agent: here(sticky.agent, agents), until: at + sticky.until } }),
    };
  }
  return 'agent' in event ? { ...event, agent: here(event.agent, agents), at } : { ...event, at };
}

/** The event of which a fitting step speaks; undefined where nobody is there of whom it could be said. */
function thatFits(acd: Acd, { kind, nth }: Fitting, at: number): AcdEvent | undefined {
  const inState = (...states: readonly AcdAgent['state'][]): AcdAgent | undefined => {
    const all = [...acd.agents].filter(({ state }) => states.includes(state));
    return all[nth % Math.max(1, all.length)];
  };
  switch (kind) {
    case 'answer':
    case 'lift':
    case 'miss': {
      const one = inState('ringing');
      if (one?.call === undefined) return undefined;
      const rung = { agent: one.id, call: one.call, at };
      if (kind === 'lift') return { kind: 'offer-lifted', ...rung };
      return kind === 'answer'
        ? { kind: 'offer-answered', ...rung }
        : { kind: 'offer-failed', ...rung, outcome: nth % 2 === 0 ? 'no-answer' : 'declined' };
    }
    case 'end': {
      const one = inState('talking');
      return one?.call === undefined
        ? undefined
        : { kind: 'talk-ended', agent: one.id, call: one.call, at };
    }
    case 'leave': {
      const waiting = CALLS.filter((id) => acd.waiter(id) !== undefined);
      const one = waiting[nth % Math.max(1, waiting.length)];
      return one === undefined ? undefined : { kind: 'caller-left', call: one, at };
    }
    case 'quit': {
      const one = inState('ringing');
      return one === undefined ? undefined : { kind: 'agent-signed-out', agent: one.id, at };
    }
    case 'look': {
      const one = inState('available');
      return one && { kind: 'agent-previews', agent: one.id, at };
    }
    case 'take': {
      const one = inState('ringing');
      return one?.call === undefined
        ? undefined
        : { kind: 'agent-previews', agent: one.id, offered: one.call, at };
    }
    case 'dial': {
      const one = inState('preview');
      return (
        one && { kind: 'preview-dials', agent: one.id, call: callId(`own-${String(one.id)}`), at }
      );
    }
    case 'reach': {
      const one = inState('preview');
      const [place] = one?.queues ?? [];
      return one?.call === undefined || place === undefined
        ? undefined
        : { kind: 'agent-engaged', agent: one.id, call: one.call, queue: place.queue, at };
    }
    case 'pass': {
      const one = inState('preview');
      return one && { kind: 'preview-ended', agent: one.id, at };
    }
    case 'turn-up': {
      const one = inState('signed-out');
      return one === undefined ? undefined : { kind: 'agent-signed-in', agent: one.id, at };
    }
    case 'go': {
      const one = inState('not-ready', 'wrap-up');
      return one === undefined ? undefined : { kind: 'agent-available', agent: one.id, at };
    }
  }
}

/** Keeps who has missed what, from the events alone, and forgets it when the caller leaves the line. */
function noteRejection(
  acd: Acd,
  { queues }: AcdSite,
  event: AcdEvent,
  rejectedUntil: Map<string, number>,
): void {
  if (event.kind === 'caller-left') forget(rejectedUntil, event.call);
  if (event.kind === 'agent-previews' && event.offered !== undefined) {
    const one = acd.agent(event.agent);
    if (one?.state === 'ringing' && one.call === event.offered)
      forget(rejectedUntil, event.offered);
  }
  if (event.kind !== 'offer-failed' && event.kind !== 'offer-answered') return;
  const one = acd.agent(event.agent);
  if (one?.state !== 'ringing' || one.call !== event.call) return;
  if (event.kind === 'offer-answered') forget(rejectedUntil, event.call);
  else if (event.outcome !== 'withdrawn') {
    const memoryMs = queues.find(({ id }) => id === one.queue)?.rejectMemoryMs ?? 0;
    rejectedUntil.set(rejectionKey(event.call, event.agent), event.at + memoryMs);
  }
}

export const rejectionKey = (id: CallId, of: AgentId): string => `${id} ${String(of)}`;

function forget(rejectedUntil: Map<string, number>, id: CallId): void {
  for (const key of rejectedUntil.keys()) if (key.startsWith(`${id} `)) rejectedUntil.delete(key);
}

/** Everybody who waits in any queue. */
export const inLine = (acd: Acd): readonly Waiter[] => CALLS.flatMap((id) => acd.waiter(id) ?? []);

export const ruleOf = ({ queues }: AcdSite, id: QueueId): AcdQueue | undefined =>
  queues.find((one) => one.id === id);
