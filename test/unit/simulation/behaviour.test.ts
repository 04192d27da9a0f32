import { expect } from 'chai';
import type { AcdEvent } from '../../../src/engines/acd/acd.js';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { planOf, type ScenarioInput } from '../../support/simulation.js';

/** Runs a scenario and keeps every event that the engine was told. */
function play(scenario: ScenarioInput, seed = 1) {
  const events: AcdEvent[] = [];
  const result = new AcdSimulation(planOf(scenario), seed, ({ event }) => events.push(event)).run();
  expect(result.illegalEvents).to.equal(0);
  const of = (kind: AcdEvent['kind']): readonly number[] =>
    events.filter((event) => event.kind === kind).map(({ at }) => at / 1000);
  return { ...result, events, of };
}

const one = { name: 'Agent', count: 1 };
const talk = { name: 'A', handling: '100' };

describe('simulation: callers and agents', () => {
  it('lets a caller wait for the ring, the talk and the wrap-up of the one before', () => {
    const { of, total, agents } = play({
      phones: { ring: '5' },
      queues: [{ ...talk, wrapUp: { seconds: 20 } }],
      agents: [one],
      trace: [
        { at: 10, queue: 'A' },
        { at: 20, queue: 'A' },
      ],
    });
    expect(of('offer-answered')).to.deep.equal([15, 140]);
    expect(of('talk-ended')).to.deep.equal([115, 240]);
    expect(total).to.include({ answered: 2, pWait: 0.5, asaAllS: 62.5, longestWaitS: 120 });
    // The first 10 s were idle; the day ends with the work after the last talk.
    expect(agents[0]).to.deep.equal({ idleMs: 10_000, busyMs: 250_000, awayMs: 0, calls: 2 });
  });

  it('works after a call as long as needed, asking for more time while the rule allows it', () => {
    const wrapUp = { seconds: 20, extensions: 1, extendBySeconds: 30, codeNeeded: true };
    const afterTalk = (work: string, rule = wrapUp): readonly number[] => {
      const { of } = play({
        phones: { wrapUpWork: work, returnAfter: '7' },
        queues: [{ ...talk, wrapUp: rule }],
        agents: [one],
        trace: [
          { at: 0, queue: 'A' },
          { at: 1, queue: 'A' },
        ],
      });
      return of('offer-answered');
    };
    expect(afterTalk('12'), 'done before time is up').to.deep.equal([0, 112]);
    expect(afterTalk('45'), 'with more time').to.deep.equal([0, 145]);
    // 50 s are given; without a code the agent is set not ready and comes back after 7 s.
    expect(afterTalk('90'), 'not even then').to.deep.equal([0, 157]);
  });

  it('rings out at an agent who does not hear, who comes back after being set not ready', () => {
    const { of, total } = play({
      phones: { ring: '30', ringTimeoutSeconds: 10, returnAfter: '60' },
      queues: [{ ...talk, missesUntilNotReady: 1, patience: '100' }],
      agents: [one],
      trace: [{ at: 0, queue: 'A' }],
    });
    expect(of('offer-failed')).to.deep.equal([10, 80]);
    expect(of('agent-available')).to.deep.equal([0, 70, 140]);
    expect(total).to.include({ abandoned: 1, longestWaitS: 100 });
  });

  it('overflows after a time, from a length on, to another queue or away', () => {
    const { queues, total, of } = play({
      queues: [
        { ...talk, overflow: { waitSeconds: 30, to: 'B' } },
        { ...talk, name: 'B', overflow: { length: 1 } },
      ],
      agents: [
        { ...one, queues: ['A'] },
        { ...one, name: 'Late', queues: ['B'], shifts: [{ from: '00:01', to: '01:00' }] },
      ],
      trace: [0, 1, 2].map((at) => ({ at, queue: 'A' })),
    });
    // The second goes to B after 30 s and is answered when the shift begins; the third finds B's line too long.
    expect(of('offer-answered')).to.deep.equal([0, 60]);
    expect(queues[0]).to.include({ offered: 3, answered: 1, overflowed: 2 });
    expect(queues[1]).to.include({ offered: 2, answered: 1, overflowed: 1, longestWaitS: 59 });
    expect(total).to.include({ offered: 3, answered: 2, overflowed: 1, unserved: 0 });
  });

  it('does not take a call away while a phone rings for it', () => {
    const { total } = play({
      phones: { ring: '10' },
      queues: [{ ...talk, overflow: { waitSeconds: 5 } }],
      agents: [one],
      trace: [{ at: 0, queue: 'A' }],
    });
    expect(total).to.include({ answered: 1, overflowed: 0 });
  });

  it('keeps shifts and breaks, but ends a talk first', () => {
    const { of, agents, total } = play({
      queues: [talk],
      agents: [
        {
          ...one,
          shifts: [{ from: '00:01', to: '00:10' }],
          breaks: [{ at: '00:02', minutes: 2 }],
        },
      ],
      trace: [
        { at: 30, queue: 'A', handlingSeconds: 90 },
        { at: 130, queue: 'A' },
        { at: 580, queue: 'A' },
        { at: 600, queue: 'A', patienceSeconds: 60 },
      ],
    });
    // Talk to 150 s, then the break of two minutes; the last talk goes past the end of the shift.
    expect(of('offer-answered')).to.deep.equal([60, 270, 580]);
    expect(agents[0]).to.deep.equal({
      idleMs: 210_000,
      busyMs: 290_000,
      awayMs: 120_000,
      calls: 3,
    });
    expect(total).to.include({ answered: 3, abandoned: 1 });
  });

  it('sends a known number to the agent of last time, for a while', () => {
    const { events } = play({
      queues: [{ ...talk, handling: '10', lastAgentSeconds: 30, strategy: 'round-robin' }],
      agents: [{ name: 'Agent', count: 3 }],
      trace: [0, 100, 200].map((at) => ({ at, queue: 'A', number: '+861' })),
    });
    const answers = events.flatMap((e) => (e.kind === 'offer-answered' ? [e.agent] : []));
    expect(new Set(answers).size).to.equal(1);
  });

  it('counts who is never served, and ends all the same', () => {
    const { total } = play({
      queues: [talk],
      agents: [{ ...one, shifts: [{ from: '00:01', to: '00:02' }] }],
      trace: [{ at: 300, queue: 'A' }],
    });
    expect(total).to.include({ offered: 1, answered: 0, unserved: 1 });
  });

  it('ends where every offer is missed', () => {
    const { total } = play({
      phones: { missShare: 1 },
      queues: [talk],
      agents: [one],
      trace: [{ at: 0, queue: 'A' }],
    });
    expect(total.unserved).to.equal(1);
  });
});
