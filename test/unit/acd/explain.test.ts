import { expect } from 'chai';
import {
  explainAgent,
  explainCall,
  findStalls,
  previewOffer,
} from '../../../src/engines/acd/explain.js';
import type { AcdQueue } from '../../../src/engines/acd/acd.js';
import {
  AcdBench,
  acdQueue,
  agentId,
  callId,
  member,
  offered,
  prefers,
  queueId,
  requires,
  skillId,
} from '../../support/acd.js';

const ALL = [1, 2, 3];

/** Three members of one queue. */
const bench = (rules: Partial<AcdQueue> = {}): AcdBench =>
  new AcdBench([acdQueue(1, rules)], [member(1, [1]), member(2, [1]), member(3, [1])]);
/** Why an agent gets no call of the queue. */
const reasonsOf = (desk: AcdBench, agent: number): readonly string[] =>
  explainAgent(desk.acd, agentId(agent), desk.at).flatMap(({ reasons }) => reasons);
const reasonsOfCall = (desk: AcdBench, call: string): readonly string[] =>
  explainCall(desk.acd, callId(call), desk.at).flatMap(({ reasons }) => reasons);
/** Nothing waits that an available agent could have. */
const runsWell = (desk: AcdBench): void => {
  expect(findStalls(desk.acd, desk.at)).to.deep.equal([]);
};

describe('why an agent gets no call', () => {
  it('by the state, whichever it is', () => {
    const desk = bench({ wrapUp: { ...acdQueue(1).wrapUp, ms: 10_000 } });
    const state = (): readonly unknown[] => explainAgent(desk.acd, agentId(1), desk.at);
    const is = (name: string) => [{ agent: 1, reasons: [`is-${name}:1`] }];
    expect(state()).to.deep.equal(is('signed-out'));
    desk.send({ kind: 'agent-signed-in', agent: agentId(1) });
    expect(state()).to.deep.equal(is('not-ready'));
    desk.send({ kind: 'phone-lost', agent: agentId(1) });
    expect(state()).to.deep.equal(is('phone-lost'));
    desk.send({ kind: 'phone-back', agent: agentId(1) });
    desk.send({ kind: 'agent-available', agent: agentId(1) });
    desk.call('a', 1);
    expect(state()).to.deep.equal(is('ringing'));
    desk.answer('a', 1);
    expect(state()).to.deep.equal(is('talking'));
    desk.end('a', 1);
    expect(state()).to.deep.equal(is('wrap-up'));
  });

  it('in no queue, and not there at all', () => {
    const desk = new AcdBench([acdQueue(1)], [member(1, [])]);
    desk.ready(1);
    expect(reasonsOf(desk, 1)).to.deep.equal(['no-queues:0']);
    expect(explainAgent(desk.acd, agentId(9), desk.at)).to.deep.equal([]);
  });

  it('of each queue by itself, also of one that was taken from the agent', () => {
    const desk = new AcdBench([acdQueue(1), acdQueue(2)], [member(1, [1, 2])]);
    desk.ready(1);
    const queues = () => explainAgent(desk.acd, agentId(1), desk.at).map(({ queue }) => queue);
    expect(queues()).to.deep.equal([1, 2]);
    desk.send({
      kind: 'configured',
      queues: [acdQueue(1), acdQueue(2)],
      agents: [member(1, [2])],
    });
    expect(queues()).to.deep.equal([2]);
  });

  it('callers whom the agent missed just now', () => {
    const desk = bench();
    desk.ready(1);
    desk.call('a', 1);
    desk.miss('a', 1);
    expect(reasonsOf(desk, 1)).to.deep.equal(['callers-missed:1']);
    expect(reasonsOfCall(desk, 'a')).to.include('is-missed-this-call:1');
    runsWell(desk);
    expect(offered(desk.pass(30_000))).to.deep.equal([1]);
  });

  it('callers who ask for other skills, of their own or of the queue', () => {
    const relax = [{ afterMs: 20_000, minLevel: 1 }];
    const desk = new AcdBench(
      [acdQueue(1), acdQueue(2, { requirements: [requires(8, 50, relax)] })],
      [member(1, [1, 2], [[8, 20]])],
    );
    desk.ready(1);
    desk.call('a', 1, { requirements: [requires(7)] });
    desk.call('b', 1, { requirements: [requires(7), prefers(8)] });
    desk.call('c', 2);
    expect(explainAgent(desk.acd, agentId(1), desk.at)).to.deep.equal([
      { queue: 1, reasons: ['callers-ask-other-skills:2'] },
      { queue: 2, reasons: ['callers-ask-other-skills:1'] },
    ]);
    expect(reasonsOfCall(desk, 'a')).to.include('is-lacks-skill:1');
    runsWell(desk);
    expect(offered(desk.pass(20_000)), 'level 1 is enough').to.deep.equal([1]);
  });

  it('callers who are offered to others', () => {
    const desk = bench();
    desk.ready(1);
    desk.call('a', 1);
    desk.ready(2);
    expect(reasonsOf(desk, 2)).to.deep.equal(['callers-offered-to-others:1']);
    expect(explainCall(desk.acd, callId('a'), desk.at)).to.deep.include({
      agent: 1,
      isOffered: true,
      reasons: ['is-ringing:1'],
    });
  });

  it('callers who wait for another agent', () => {
    const desk = bench();
    desk.ready(1, 2);
    desk.call('a', 1);
    desk.answer('a', 1);
    desk.call('b', 1, { sticky: { agent: agentId(1), until: desk.at + 60_000 } });
    expect(reasonsOf(desk, 2)).to.deep.equal(['callers-wait-for-others:1']);
    expect(reasonsOfCall(desk, 'b')).to.include('waits-for:Agent 1');
    runsWell(desk);
    expect(offered(desk.pass(60_000))).to.deep.equal([2]);
  });

  it('callbacks whose time has not come', () => {
    const desk = bench();
    desk.ready(1);
    desk.call('a', 1, { isCallback: true, notBefore: desk.at + 60_000 });
    expect(reasonsOf(desk, 1)).to.deep.equal(['callbacks-later:1']);
    expect(reasonsOfCall(desk, 'a')).to.include('not-before:60');
    runsWell(desk);
    expect(offered(desk.pass(60_000))).to.deep.equal([1]);
  });

  it('each kind of callers is counted', () => {
    const desk = bench();
    desk.ready(1);
    desk.call('a', 1);
    desk.miss('a', 1);
    desk.call('b', 1, { requirements: [requires(7)] });
    desk.call('c', 1, { requirements: [requires(7)] });
    desk.call('d', 1, { isCallback: true, notBefore: desk.at + 60_000 });
    expect(reasonsOf(desk, 1)).to.have.members([
      'callers-missed:1',
      'callers-ask-other-skills:2',
      'callbacks-later:1',
    ]);
  });

  it('the queue is at its limit', () => {
    const desk = bench({ maxTalking: 1 });
    desk.ready(1, 2);
    desk.call('a', 1);
    desk.answer('a', 1);
    desk.call('b', 1);
    expect(reasonsOf(desk, 2)).to.deep.equal(['queue-at-limit:1']);
    expect(reasonsOfCall(desk, 'b')).to.include('queue-at-limit:1');
  });

  describe('nobody waits', () => {
    /** What is said of each, and who gets one call after the other, as long as nobody answers. */
    const said = (desk: AcdBench): readonly string[] =>
      ALL.map((agent) => reasonsOf(desk, agent).join(' '));
    const ahead = (...counts: readonly number[]): readonly string[] =>
      counts.map((count) => `nobody-waits:0 agents-ahead:${String(count)}`);

    it('those before the agent are those who have been idle longer', () => {
      const desk = bench();
      for (const agent of [2, 1, 3]) {
        desk.ready(agent);
        desk.at += 1_000;
      }
      expect(said(desk)).to.deep.equal(ahead(1, 0, 2));
      expect(offered(desk.call('a', 1))).to.deep.equal([2]);
    });

    it('round robin: those whose turn is before', () => {
      const desk = bench({ strategy: 'round-robin' });
      desk.ready(1, 2, 3);
      desk.call('a', 1);
      desk.answer('a', 1);
      desk.end('a', 1);
      expect(said(desk)).to.deep.equal(ahead(2, 0, 1));
      expect(offered(desk.call('b', 1))).to.deep.equal([2]);
    });

    it('round robin: in turn among those with the preferred skill, the others behind', () => {
      const desk = new AcdBench(
        [acdQueue(1, { strategy: 'round-robin', requirements: [prefers(7)] })],
        [member(1, [1], [[7, 1]]), member(2, [1], [[7, 1]]), member(3, [1])],
      );
      desk.ready(1, 2, 3);
      for (const name of ['a', 'b']) {
        desk.call(name, 1);
        desk.answer(name, name === 'a' ? 1 : 2);
        desk.end(name, name === 'a' ? 1 : 2);
      }
      expect(said(desk)).to.deep.equal(ahead(0, 1, 2));
      const call = { queue: queueId(1), requirements: [], waitedMs: 0 };
      expect(previewOffer(desk.acd, call, desk.at).map((why) => why.agent)).to.deep.equal([
        1, 2, 3,
      ]);
      expect(offered(desk.call('c', 1))).to.deep.equal([1]);
    });

    it('only those who have what the queue asks for are before, and get the next call', () => {
      const desk = new AcdBench(
        [acdQueue(1, { requirements: [requires(7, 50)] })],
        [member(1, [1], [[7, 20]]), member(2, [1], [[7, 50]]), member(3, [1], [[7, 90]])],
      );
      desk.ready(1, 2, 3);
      expect(said(desk)).to.deep.equal(['nobody-waits:0 lacks-skill:1', ...ahead(0, 1)]);
      expect(offered(desk.call('a', 1))).to.deep.equal([2]);
    });

    it('nobody is before where all phones ring, or chance decides', () => {
      const all = bench({ strategy: 'ring-all' });
      all.ready(1, 2, 3);
      expect(said(all)).to.deep.equal(ahead(0, 0, 0));
      expect(offered(all.call('a', 1))).to.have.members(ALL);
      const random = bench({ strategy: 'random' });
      random.ready(1, 2, 3);
      expect(said(random)).to.deep.equal(ALL.map(() => 'nobody-waits:0 random:1'));
    });
  });
});

describe('why a call waits', () => {
  it('its place, its wait, and what moves it forward', () => {
    const desk = bench({ weight: 3 });
    desk.call('a', 1);
    desk.pass(10_000);
    desk.call('b', 1, { priority: 5 });
    expect(reasonsOfCall(desk, 'b').slice(0, 4)).to.deep.equal([
      'place:1',
      'waited:0',
      'priority:5',
      'queue-weight:3',
    ]);
    expect(reasonsOfCall(desk, 'a').slice(0, 3)).to.deep.equal([
      'place:2',
      'waited:10',
      'queue-weight:3',
    ]);
  });

  it('nobody is signed in, all are busy, nobody has the skills, or there are no agents', () => {
    const desk = bench();
    desk.call('a', 1);
    expect(reasonsOfCall(desk, 'a')).to.include('nobody-signed-in:0');
    desk.ready(1);
    desk.answer('a', 1);
    desk.call('b', 1);
    expect(explainCall(desk.acd, callId('b'), desk.at)).to.deep.include({
      agent: 1,
      reasons: ['is-talking:1'],
    });
    expect(reasonsOfCall(desk, 'b')).to.include('all-busy:1');
    desk.send({
      kind: 'configured',
      queues: [acdQueue(1)],
      agents: [member(1, [1]), member(2, [1])],
      skillNames: new Map([[skillId(7), 'French']]),
    });
    desk.call('c', 1, { requirements: [requires(7, 20)] });
    expect(reasonsOfCall(desk, 'c')).to.include.members([
      'nobody-has-skills:0',
      'requires-skill:French 20',
    ]);
    desk.call('d', 2);
    expect(reasonsOfCall(desk, 'd')).to.include('no-members:0');
  });

  it('a call that is in no line', () => {
    expect(explainCall(bench().acd, callId('a'), 0)).to.deep.equal([]);
  });
});
