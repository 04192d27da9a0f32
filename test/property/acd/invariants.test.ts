import { expect } from 'chai';
import fc from 'fast-check';
import {
  Acd,
  type AcdAgent,
  type AcdCommand,
  type AcdEvent,
} from '../../../src/engines/acd/acd.js';
import type { Waiter } from '../../../src/engines/acd/line.js';
import { levelAfter } from '../../../src/engines/acd/requirement.js';
import type { AgentId, CallId } from '../../../src/kernel/ids.js';
import {
  acdQueue,
  agentId,
  callId,
  member,
  prefers,
  queueId,
  requires,
} from '../../support/acd.js';

const MEMORY_MS = 250;
const QUEUES = [
  acdQueue(1, {
    wrapUp: { ms: 100, isUntilDone: false, extensions: 1, extendByMs: 50, isCodeNeeded: true },
  }),
  acdQueue(2, { strategy: 'ring-all', maxTalking: 2 }),
  acdQueue(3, {
    strategy: 'round-robin',
    weight: 2,
    maxTalking: 1,
    requirements: [requires(7, 50, [{ afterMs: 400, minLevel: 10 }])],
  }),
  acdQueue(4, { strategy: 'weighted', requirements: [prefers(8, 20)] }),
  acdQueue(5, { strategy: 'random', missesUntilNotReady: 0 }),
].map((queue) => ({ ...queue, rejectMemoryMs: MEMORY_MS }));
const MEMBERS = [
  member(1, [1, 2, 3, 4], [[7, 60]]),
  member(2, [2, 3, 5], [[7, 20]]),
  member(3, [1, 2, 4, 5], [[8, 30]]),
  member(
    4,
    [2, 3, 4, 5],
    [
      [7, 90],
      [8, 10],
    ],
  ),
];

const agent = fc.constantFrom(...MEMBERS.map((one) => one.id));
const call = fc.constantFrom(...['a', 'b', 'c', 'd', 'e', 'f'].map(callId));

type Step = AcdEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never;
interface Timed {
  readonly after: number;
  readonly step: Step;
}

const queued: fc.Arbitrary<Step> = fc
  .record({
    call,
    queue: fc.integer({ min: 1, max: 5 }).map(queueId),
    priority: fc.nat(3),
    age: fc.nat(500),
    own: fc.constantFrom([], [requires(8, 10, [{ afterMs: 300, minLevel: 0 }])]),
    stick: fc.option(agent, { nil: undefined }),
    later: fc.constantFrom(0, 0, 0, 200),
  })
  .map(({ call: id, queue, priority, age, own, stick, later }) => ({
    kind: 'call-queued' as const,
    call: id,
    queue,
    priority,
    // Filled in with the time of the step below.
    enteredAt: -age,
    requirements: own,
    notBefore: later,
    ...(stick === undefined ? {} : { sticky: { agent: stick, until: 600 } }),
  }));

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: queued, weight: 4 },
  {
    arbitrary: fc.record({
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
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('agent-available' as const), agent }),
    weight: 4,
  },
  fc.record({ kind: fc.constant('agent-not-ready' as const), agent, reason: fc.constant('break') }),
  fc.record({ kind: fc.constant('caller-left' as const), call }),
  fc.record({
    kind: fc.constant('call-changed' as const),
    call,
    priority: fc.nat(3),
  }),
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('offer-answered' as const, 'talk-ended' as const),
      agent,
      call,
    }),
    weight: 6,
  },
  fc.record({
    kind: fc.constant('agent-engaged' as const),
    agent,
    call,
    queue: fc.constantFrom(queueId(1), queueId(2)),
  }),
  {
    arbitrary: fc.record({
      kind: fc.constant('offer-failed' as const),
      agent,
      call,
      outcome: fc.constantFrom('no-answer', 'declined', 'busy', 'unreachable', 'failed'),
    }),
    weight: 2,
  },
);
const timed: fc.Arbitrary<Timed> = fc.record({ after: fc.nat(120), step });
const steps = fc.array(timed, { maxLength: 80, size: 'max' });
const options = { numRuns: 700 };

/** What a test remembers by itself, apart from the engine. */
interface Memory {
  readonly rejectedUntil: Map<string, number>;
}

interface Moment {
  readonly acd: Acd;
  readonly at: number;
  readonly commands: readonly AcdCommand[];
  readonly step: Step;
  readonly memory: Memory;
}

/** Runs the steps and calls `check` after each; what is due is looked at before each step, as the runner does. */
function drive(list: readonly Timed[], check: (moment: Moment) => void): Acd {
  const acd = new Acd({ pointMs: 200, seed: 7 });
  let at = 10_000;
  const memory: Memory = { rejectedUntil: new Map() };
  acd.handle({ kind: 'configured', at, queues: QUEUES, agents: MEMBERS });
  for (const { after, step: item } of list) {
    at += after;
    const due = acd.handle({ kind: 'time-passed', at });
    check({ acd, at, commands: due, step: { kind: 'time-passed' }, memory });
    const event =
      item.kind === 'call-queued'
        ? {
            ...item,
            at,
            enteredAt: at + item.enteredAt,
            notBefore: (item.notBefore ?? 0) === 0 ? 0 : at + (item.notBefore ?? 0),
            ...(item.sticky === undefined
              ? {}
              : { sticky: { ...item.sticky, until: at + item.sticky.until } }),
          }
        : { ...item, at };
    if (item.kind === 'offer-failed' && acd.agent(item.agent)?.state === 'ringing') {
      const ringing = acd.agent(item.agent);
      if (ringing?.call === item.call && ringing.queue !== undefined) {
        const memoryMs = QUEUES.find((q) => q.id === ringing.queue)?.rejectMemoryMs ?? 0;
        memory.rejectedUntil.set(`${item.call} ${String(item.agent)}`, at + memoryMs);
      }
    }
    if (item.kind === 'caller-left' || item.kind === 'offer-answered')
      if (acd.waiter(item.call) !== undefined || item.kind === 'caller-left')
        for (const key of [...memory.rejectedUntil.keys()])
          if (key.startsWith(`${item.call} `) && gone(acd, event, item.call))
            memory.rejectedUntil.delete(key);
    const commands = acd.handle(event);
    check({ acd, at, commands, step: item, memory });
  }
  return acd;
}

/** The call leaves the line with this event. */
function gone(acd: Acd, event: AcdEvent, id: CallId): boolean {
  if (event.kind === 'caller-left') return true;
  if (event.kind !== 'offer-answered') return false;
  const one = acd.agent(event.agent);
  return one?.state === 'ringing' && one.call === id;
}

const everybody = (acd: Acd): readonly AcdAgent[] => [...acd.agents];
const inLine = (acd: Acd): readonly Waiter[] => QUEUES.flatMap((q) => acd.waiting(q.id));

/** Calls of a queue that are offered or talking, counted from the agents alone. */
const serviceOf = (acd: Acd, queue: number): number => {
  const rung = new Set<CallId>();
  let talking = 0;
  for (const one of everybody(acd)) {
    if (one.queue !== queueId(queue) || one.call === undefined) continue;
    if (one.state === 'ringing') rung.add(one.call);
    if (one.state === 'talking') talking++;
  }
  return rung.size + talking;
};

/** Whether an agent may serve a waiter now, worked out from the configuration and not from the engine's indexes. */
function fits({ acd, at, memory }: Moment, waiter: Waiter, id: AgentId): boolean {
  const config = QUEUES.find((q) => q.id === waiter.queue);
  const one = MEMBERS.find((m) => m.id === id);
  if (config === undefined || !one?.queues.some((m) => m.queue === waiter.queue)) return false;
  if (config.maxTalking > 0 && serviceOf(acd, config.id) >= config.maxTalking) return false;
  if (waiter.notBefore > at) return false;
  const until = memory.rejectedUntil.get(`${waiter.call} ${String(id)}`);
  if (until !== undefined && until > at) return false;
  const { sticky } = waiter;
  if (sticky !== undefined && sticky.until > at && sticky.agent !== id) {
    const other = acd.agent(sticky.agent)?.state;
    if (other === 'ringing' || other === 'talking' || other === 'wrap-up') return false;
  }
  return [...config.requirements, ...waiter.requirements].every((requirement) => {
    const { minLevel } = levelAfter(requirement, at - waiter.enteredAt);
    const level = one.skills.get(requirement.skill) ?? 0;
    return !requirement.isRequired || level >= minLevel;
  });
}

describe('ACD, whatever happens', () => {
  it('rings for one call at one agent, or at several only where all shall ring, and only for calls in line', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, ({ acd }) => {
          const ringing = everybody(acd).filter((a) => a.state === 'ringing');
          const line = new Map(inLine(acd).map((w) => [w.call, w]));
          for (const one of ringing) {
            const waiter = line.get(one.call as CallId);
            expect(waiter?.queue, 'rings for a call that is in line').to.equal(one.queue);
            const alike = ringing.filter((other) => other.call === one.call);
            if (one.queue !== queueId(2)) expect(alike).to.have.length(1);
          }
          for (const one of everybody(acd))
            if (one.state === 'available') expect(one.call).to.equal(undefined);
        });
      }),
      options,
    );
  });

  it('lets nobody wait while an agent who may serve the call is available', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, (moment) => {
          const { acd } = moment;
          const free = everybody(acd).filter((a) => a.state === 'available');
          for (const waiter of inLine(acd))
            if (waiter.offers.length === 0)
              for (const one of free)
                expect(
                  fits(moment, waiter, one.id),
                  `${waiter.call} waits, ${one.name} is available`,
                ).to.equal(false);
        });
      }),
      options,
    );
  });

  it('offers a call only to those who may serve it', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, (moment) => {
          for (const command of moment.commands) {
            if (command.kind !== 'offer-call') continue;
            const until = moment.memory.rejectedUntil.get(
              `${command.call} ${String(command.agent)}`,
            );
            expect(until ?? 0, 'not to whoever has just missed it').to.be.at.most(moment.at);
            const waiter = moment.acd.waiter(command.call);
            if (waiter === undefined || waiter.sticky?.agent === command.agent) continue;
            const config = QUEUES.find((q) => q.id === command.queue);
            const one = MEMBERS.find((m) => m.id === command.agent);
            for (const requirement of [...(config?.requirements ?? []), ...waiter.requirements]) {
              const { minLevel } = levelAfter(requirement, moment.at - waiter.enteredAt);
              if (requirement.isRequired)
                expect(one?.skills.get(requirement.skill) ?? 0).to.be.at.least(minLevel);
            }
          }
        });
      }),
      options,
    );
  });

  it('keeps each queue under its limit of calls at the same time', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, ({ acd, commands }) => {
          for (const command of commands) {
            if (command.kind !== 'offer-call') continue;
            const limit = QUEUES.find((q) => q.id === command.queue)?.maxTalking ?? 0;
            if (limit > 0) expect(serviceOf(acd, command.queue)).to.be.at.most(limit);
          }
          for (const q of QUEUES)
            expect(acd.line(q.id)?.inService ?? 0, `queue ${String(q.id)}`).to.equal(
              serviceOf(acd, q.id),
            );
        });
      }),
      options,
    );
  });

  it('takes back each offer once, and only offers that are out', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const out = new Set<string>();
        drive(list, ({ acd, commands }) => {
          for (const command of commands) {
            if (command.kind !== 'offer-call' && command.kind !== 'withdraw-offer') continue;
            const key = `${command.call} ${String(command.agent)}`;
            expect(out.has(key), key).to.equal(command.kind === 'withdraw-offer');
            if (command.kind === 'offer-call') out.add(key);
            else out.delete(key);
          }
          for (const key of [...out]) {
            const [id = '', number = ''] = key.split(' ');
            const one = acd.agent(agentId(Number(number)));
            if (one?.state !== 'ringing' || one.call !== callId(id)) out.delete(key);
          }
        });
      }),
      options,
    );
  });

  it('orders each line by time of entry and priority alone, and tells the places in that order', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, ({ acd }) => {
          for (const q of QUEUES) {
            const line = acd.waiting(q.id);
            const key = (w: Waiter): number => w.enteredAt - (w.priority + q.weight) * 200;
            line.forEach((waiter, index) => {
              const before = line[index - 1];
              if (before !== undefined) expect(key(before)).to.be.at.most(key(waiter));
              expect(acd.placeOf(waiter.call)).to.equal(index + 1);
            });
          }
        });
      }),
      options,
    );
  });

  it('asks to be woken no later than the next thing that is due', () => {
    fc.assert(
      fc.property(steps, (list) => {
        let wakeAt = Infinity;
        drive(list, ({ acd, at, commands, step: item }) => {
          if (item.kind === 'time-passed' && wakeAt <= at) wakeAt = Infinity;
          for (const command of commands)
            if (command.kind === 'wake-at') wakeAt = Math.min(wakeAt, command.at);
          for (const one of everybody(acd))
            if (one.state === 'wrap-up' && one.until !== undefined)
              expect(wakeAt).to.be.at.most(one.until);
        });
      }),
      options,
    );
  });

  it('is the same again after its agents and callers were given to a new engine', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const acd = drive(list, () => undefined);
        const again = new Acd({ pointMs: 200 });
        again.handle({ kind: 'configured', at: 20_000, queues: QUEUES, agents: MEMBERS });
        again.restore(
          everybody(acd).map((a) => ({ ...a, reason: a.reason })) as Parameters<Acd['restore']>[0],
        );
        for (const waiter of inLine(acd))
          again.handle({
            kind: 'call-queued',
            at: 20_000,
            call: waiter.call,
            queue: waiter.queue,
            priority: waiter.priority,
            enteredAt: waiter.enteredAt,
          });
        for (const q of QUEUES)
          expect(again.waiting(q.id).map((w) => w.call)).to.deep.equal(
            acd.waiting(q.id).map((w) => w.call),
          );
      }),
      { numRuns: 300 },
    );
  });
});
