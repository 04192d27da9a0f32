import { expect } from 'chai';
import fc from 'fast-check';
import {
  Acd,
  MISSES_UNTIL_NOT_READY,
  REJECT_MEMORY_MS,
  type AcdCommand,
  type AcdEvent,
} from '../../src/engines/acd/acd.js';
import type { AgentId, CallId, QueueId } from '../../src/kernel/ids.js';

const agents = [1, 2, 3] as AgentId[];
const queues = [1, 2] as QueueId[];
const calls = ['c1', 'c2', 'c3', 'c4', 'c5'] as CallId[];
const agent = fc.constantFrom(...agents);
const call = fc.constantFrom(...calls);
const queue = fc.constantFrom(...queues);

type Step = AcdEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'agent-signed-in' as const,
      'agent-signed-out' as const,
      'agent-available' as const,
      'wrap-up-finished' as const,
      'phone-lost' as const,
      'phone-back' as const,
    ),
    agent,
  }),
  fc.record({ kind: fc.constant('agent-not-ready' as const), agent, reason: fc.constant('break') }),
  fc.record({
    kind: fc.constant('call-queued' as const),
    call,
    queue,
    priority: fc.nat(2),
    enteredAt: fc.nat(1000),
  }),
  fc.record({ kind: fc.constant('caller-left' as const), call }),
  fc.record({
    kind: fc.constantFrom(
      'offer-answered' as const,
      'talk-ended' as const,
      'agent-engaged' as const,
    ),
    agent,
    call,
  }),
  fc.record({
    kind: fc.constant('offer-failed' as const),
    agent,
    call,
    outcome: fc.constantFrom(
      'no-answer' as const,
      'declined' as const,
      'busy' as const,
      'unreachable' as const,
      'failed' as const,
    ),
  }),
  fc.constant({ kind: 'time-passed' as const }),
);

const configured: AcdEvent = {
  kind: 'configured',
  at: 0,
  queues: queues.map((id) => ({ id, wrapUpMs: 100 })),
  agents: agents.map((id) => ({
    id,
    name: `Agent ${String(id)}`,
    queues: id === 3 ? queues : [queues[id - 1] ?? queues[0]].filter((q) => q !== undefined),
  })),
};

/** Runs the steps 10 ms apart and calls `check` after each. */
function drive(
  steps: readonly Step[],
  check: (acd: Acd, commands: readonly AcdCommand[], at: number) => void,
): Acd {
  const acd = new Acd();
  acd.handle(configured);
  steps.forEach((item, index) => {
    const at = (index + 1) * 10;
    check(acd, acd.handle({ ...item, at }), at);
  });
  return acd;
}

const ringing = (acd: Acd) => [...acd.agents].filter((a) => a.state === 'ringing');
const inLine = (acd: Acd) => queues.flatMap((q) => acd.waiting(q));
const options = { numRuns: 1500 };
const steps = fc.array(step, { maxLength: 80, size: 'max' });

describe('ACD', () => {
  it('never has two agents on one offered call, nor an offer to an agent for a call that is not in line', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, (acd) => {
          const offered = ringing(acd).map((a) => a.call);
          expect(new Set(offered).size).to.equal(offered.length);
          const waiting = new Set(inLine(acd).map((w) => w.call));
          for (const id of offered) expect(waiting.has(id as CallId)).to.equal(true);
        });
      }),
      options,
    );
  });

  it('never lets a caller wait while an agent of the queue is available who has not just missed the call', () => {
    fc.assert(
      fc.property(steps, (list) => {
        drive(list, (acd, _commands, at) => {
          const taken = new Set(ringing(acd).map((a) => a.call));
          const free = [...acd.agents].filter((a) => a.state === 'available');
          for (const w of inLine(acd))
            if (!taken.has(w.call))
              for (const a of free)
                if (a.queues.has(w.queue)) {
                  // Only the memory of a refusal may stand between them.
                  const later = acd.handle({ kind: 'time-passed', at: at + REJECT_MEMORY_MS });
                  expect(later.some((c) => c.kind === 'offer-call')).to.equal(true);
                  return;
                }
        });
      }),
      options,
    );
  });

  it('offers each line in its order: priority, then time of entry', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ call, priority: fc.nat(2), enteredAt: fc.nat(100) }), {
          selector: (x) => x.call,
          minLength: 2,
        }),
        (waiting) => {
          const acd = new Acd();
          acd.handle(configured);
          for (const w of waiting)
            acd.handle({ kind: 'call-queued', queue: queues[0] as QueueId, at: 200, ...w });
          acd.handle({ kind: 'agent-signed-in', agent: agents[0] as AgentId, at: 201 });
          const commands = acd.handle({
            kind: 'agent-available',
            agent: agents[0] as AgentId,
            at: 202,
          });
          const first = [...waiting].sort(
            (a, b) =>
              b.priority - a.priority || a.enteredAt - b.enteredAt || (a.call < b.call ? -1 : 1),
          )[0];
          expect(commands.find((c) => c.kind === 'offer-call')).to.include({ call: first?.call });
        },
      ),
      options,
    );
  });

  it('withdraws an offer exactly once when the caller or the agent goes', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const out = new Map<CallId, AgentId>();
        const acd = new Acd();
        acd.handle(configured);
        list.forEach((item, index) => {
          for (const c of acd.handle({ ...item, at: (index + 1) * 10 })) {
            if (c.kind === 'offer-call') {
              expect(out.has(c.call)).to.equal(false);
              out.set(c.call, c.agent);
            } else if (c.kind === 'withdraw-offer') {
              expect(out.get(c.call)).to.equal(c.agent);
              out.delete(c.call);
            }
          }
          if (item.kind === 'offer-answered' || item.kind === 'offer-failed')
            if (
              out.get(item.call) === item.agent &&
              !ringing(acd).some((a) => a.call === item.call)
            )
              out.delete(item.call);
        });
      }),
      options,
    );
  });

  it('sets an agent not ready after missed calls in a row', () => {
    const acd = new Acd();
    const [ada] = agents as [AgentId];
    acd.handle(configured);
    acd.handle({ kind: 'agent-signed-in', agent: ada, at: 1 });
    acd.handle({ kind: 'agent-available', agent: ada, at: 1 });
    for (let miss = 0; miss < MISSES_UNTIL_NOT_READY; miss++) {
      const id = calls[miss] as CallId;
      acd.handle({
        kind: 'call-queued',
        call: id,
        queue: queues[0] as QueueId,
        priority: 0,
        enteredAt: 2,
        at: 2,
      });
      expect(acd.agent(ada)?.state).to.equal('ringing');
      acd.handle({ kind: 'offer-failed', call: id, agent: ada, outcome: 'no-answer', at: 3 });
      acd.handle({ kind: 'caller-left', call: id, at: 4 });
    }
    expect(acd.agent(ada)).to.include({ state: 'not-ready', reason: 'missed-calls' });
  });
});
