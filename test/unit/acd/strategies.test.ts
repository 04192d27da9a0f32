import { expect } from 'chai';
import type { AcdQueue, Strategy } from '../../../src/engines/acd/acd.js';
import { previewOffer } from '../../../src/engines/acd/explain.js';
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
} from '../../support/acd.js';

/** Once with members looked through for each caller, once with available agents kept sorted. */
for (const lookedThrough of [256, 0]) {
  const ways = lookedThrough === 0 ? 'sorted' : 'looked through';
  const bench = (strategy: Strategy, count = 3): AcdBench => {
    const ids = Array.from({ length: count }, (_, at) => at + 1);
    const desk = new AcdBench(
      [acdQueue(1, { strategy })],
      ids.map((id) => member(id, [1])),
      { lookedThrough },
    );
    desk.ready(...ids);
    return desk;
  };

  /** A call comes, is answered, and ends; says who got it. */
  function serve(desk: AcdBench, name: string, queue = 1): number {
    const [agent] = offered(desk.call(name, queue));
    if (agent === undefined) throw new Error(`${name} was offered to nobody`);
    desk.answer(name, agent);
    desk.at += 1_000;
    desk.end(name, agent);
    desk.at += 1_000;
    return agent;
  }
  const serveAll = (desk: AcdBench, count: number): readonly number[] =>
    Array.from({ length: count }, (_, at) => serve(desk, `call ${String(at)}`));

  describe(`strategies, ${ways}`, () => {
    it('longest idle: whoever ended a queue call first, and a missed offer changes nothing', () => {
      const desk = bench('longest-idle');
      expect(serveAll(desk, 4)).to.deep.equal([1, 2, 3, 1]);
      expect(offered(desk.call('x', 1))).to.deep.equal([2]);
      expect(offered(desk.miss('x', 2))).to.deep.equal([3]);
      expect(offered(desk.call('y', 1))).to.deep.equal([2]);
    });

    it('least recently connected: whoever was connected longest ago, also when that call lasted long', () => {
      const desk = bench('least-recent');
      desk.call('long', 1);
      desk.answer('long', 1);
      desk.at += 500_000;
      expect(serve(desk, 'a')).to.equal(2);
      expect(serve(desk, 'b')).to.equal(3);
      desk.end('long', 1);
      expect(serve(desk, 'c'), 'the long call was connected first of all').to.equal(1);
    });

    it('most recently connected: the same agent while there is one', () => {
      const desk = bench('most-recent');
      const first = serve(desk, 'first');
      expect(serveAll(desk, 3)).to.deep.equal([first, first, first]);
    });

    it('fewest calls: counts queue calls since sign-in', () => {
      const desk = bench('fewest-calls', 2);
      expect(serveAll(desk, 4)).to.deep.equal([1, 2, 1, 2]);
      desk.send({ kind: 'agent-signed-out', agent: agentId(1) });
      desk.ready(1);
      expect([serve(desk, 'a'), serve(desk, 'b')]).to.deep.equal([1, 1]);
    });

    it('round robin goes on behind whoever was tried last, and remembers over a restart', () => {
      const desk = bench('round-robin');
      expect(serve(desk, 'a')).to.equal(1);
      expect(offered(desk.call('b', 1))).to.deep.equal([2]);
      expect(offered(desk.miss('b', 2)), 'tried, not answered').to.deep.equal([3]);
      desk.answer('b', 3);
      expect(serve(desk, 'c')).to.equal(1);
      const later = bench('round-robin');
      later.acd.restore([], 0, desk.acd.pointers);
      expect(serve(later, 'd')).to.equal(2);
    });

    it('fixed order: the first member who is free', () => {
      const desk = bench('fixed-order');
      expect(serveAll(desk, 3)).to.deep.equal([1, 1, 1]);
      desk.send({ kind: 'agent-not-ready', agent: agentId(1), reason: 'break' });
      expect(serve(desk, 'x')).to.equal(2);
    });

    it('random: evenly within 5 percent over ten thousand calls (R6)', () => {
      const desk = bench('random', 4);
      const counts = new Map<number, number>();
      for (let at = 0; at < 10_000; at++) {
        const agent = serve(desk, String(at));
        counts.set(agent, (counts.get(agent) ?? 0) + 1);
      }
      for (const id of [1, 2, 3, 4]) expect(counts.get(id)).to.be.within(2_375, 2_625);
    });

    it('ring all: everybody rings, the first answer wins, the others are called off as answered elsewhere', () => {
      const desk = bench('ring-all');
      expect(offered(desk.call('x', 1))).to.deep.equal([1, 2, 3]);
      const commands = desk.answer('x', 2);
      expect(
        commands.flatMap((c) => (c.kind === 'withdraw-offer' ? [[c.agent, c.reason]] : [])),
      ).to.deep.equal([
        [1, 'answered-elsewhere'],
        [3, 'answered-elsewhere'],
      ]);
      expect(desk.acd.agent(agentId(1))?.state).to.equal('available');
      expect(desk.acd.agent(agentId(2))?.state).to.equal('talking');
    });

    it('ring all: once a phone is lifted nobody else rings or joins in, and all are rung anew where that one hangs up', () => {
      const desk = bench('ring-all');
      desk.send({ kind: 'agent-not-ready', agent: agentId(3), reason: 'break' });
      expect(offered(desk.call('x', 1))).to.deep.equal([1, 2]);
      const lifted = desk.send({ kind: 'offer-lifted', call: callId('x'), agent: agentId(2) });
      expect(
        lifted.flatMap((c) => (c.kind === 'withdraw-offer' ? [[c.agent, c.reason]] : [])),
      ).to.deep.equal([[1, 'answered-elsewhere']]);
      expect(offered(desk.send({ kind: 'agent-available', agent: agentId(3) }))).to.deep.equal([]);
      expect(desk.acd.agent(agentId(1))?.state).to.equal('available');
      expect(offered(desk.miss('x', 2))).to.have.members([1, 3]);
    });

    it('ring all: whoever gets free joins in; when all have missed it, the caller waits and is tried again', () => {
      const desk = bench('ring-all', 2);
      desk.send({ kind: 'agent-not-ready', agent: agentId(2), reason: 'break' });
      expect(offered(desk.call('x', 1))).to.deep.equal([1]);
      expect(offered(desk.send({ kind: 'agent-available', agent: agentId(2) }))).to.deep.equal([2]);
      desk.miss('x', 1);
      expect(offered(desk.miss('x', 2))).to.deep.equal([]);
      expect(offered(desk.pass(30_000))).to.deep.equal([1, 2]);
    });

    it('weighted: level, idle time, load and past results, as the weights say', () => {
      const weights = { level: 1, idle: 10, load: 5, result: 0 };
      const desk = new AcdBench(
        [acdQueue(1, { strategy: 'weighted', weights, requirements: [requires(7)] })],
        [member(1, [1], [[7, 80]]), member(2, [1], [[7, 60]])],
        { lookedThrough },
      );
      desk.ready(1, 2);
      expect(serve(desk, 'a'), '80 against 60').to.equal(1);
      // Agent 2 is idle for 2 min: 60 + 20; agent 1 for 1 min, with one call: 80 + 10 - 5.
      desk.at += 58_000;
      expect(serve(desk, 'b')).to.equal(1);
      desk.at += 180_000;
      // 60 + 10 * 4.033 = 100.3 against 80 + 10 * 3.017 - 10 = 100.2
      const commands = desk.call('c', 1);
      expect(offered(commands)).to.deep.equal([2]);
      const offer = commands.find((c) => c.kind === 'offer-call');
      expect(offer?.kind === 'offer-call' && offer.reasons[0]).to.match(/^weighted:100\.3$/);
      expect(offer?.kind === 'offer-call' && offer.reasons).to.include(
        'next-by-score:Agent 1 100.2',
      );
    });

    it('weighted: past results count by queue, and are told where they do', () => {
      const weights = { level: 0, idle: 0, load: 0, result: 1 };
      const rule = { strategy: 'weighted', weights } as const;
      const both = (id: number, first: number, second: number) => ({
        ...member(id, []),
        queues: [
          { queue: queueId(1), position: id, result: first },
          { queue: queueId(2), position: id, result: second },
        ],
      });
      const desk = new AcdBench(
        [acdQueue(1, rule), acdQueue(2, rule)],
        [both(1, 70, 40), both(2, 50, 90)],
        { lookedThrough },
      );
      desk.ready(1, 2);
      const commands = desk.call('a', 1);
      expect(offered(commands)).to.deep.equal([1]);
      const offer = commands.find((c) => c.kind === 'offer-call');
      expect(offer?.kind === 'offer-call' && offer.reasons).to.include('past-results:70');
      const call = { queue: queueId(2), requirements: [], waitedMs: 0 };
      expect(previewOffer(desk.acd, call, desk.at)[0]).to.deep.include({
        agent: 2,
        reasons: ['weighted:90.0', 'past-results:90'],
      });
    });

    it('another distribution can be tried, and nothing is changed by it', () => {
      const desk = bench('fixed-order');
      desk.pass(60_000);
      desk.call('a', 1);
      desk.answer('a', 1);
      desk.end('a', 1);
      const call = { queue: queueId(1), requirements: [], waitedMs: 0 };
      const weights = { level: 0, idle: 1, load: 0, result: 0 };
      const order = (rule?: Pick<AcdQueue, 'strategy' | 'weights'>): readonly unknown[] =>
        previewOffer(desk.acd, { ...call, rule }, desk.at).map((why) => why.agent);
      expect(order()).to.deep.equal([1, 2, 3]);
      expect(order({ strategy: 'weighted', weights })).to.deep.equal([2, 3, 1]);
      expect(offered(desk.call('b', 1))).to.deep.equal([1]);
    });
  });

  describe(`skills, ${ways}`, () => {
    it('required: only those who have the level are offered the call; it relaxes in timed steps', () => {
      const relax = [
        { afterMs: 20_000, minLevel: 30 },
        { afterMs: 40_000, minLevel: 0 },
      ];
      const desk = new AcdBench(
        [acdQueue(1, { requirements: [requires(7, 80, relax)] })],
        [member(1, [1], [[7, 40]]), member(2, [1])],
        { lookedThrough },
      );
      desk.ready(1, 2);
      expect(desk.call('x', 1)).to.deep.include({ kind: 'keep-waiting', call: 'x' });
      expect(desk.acd.whyWaiting(callId('x'), desk.at)).to.include('nobody-has-skills:0');
      expect(offered(desk.pass(19_999))).to.deep.equal([]);
      expect(offered(desk.pass(1)), 'level 30 is enough').to.deep.equal([1]);
      desk.miss('x', 1);
      expect(offered(desk.pass(20_000)), 'nothing is asked for').to.deep.equal([2]);
    });

    it('levels and rules that change while callers wait count at once, and for each of them', () => {
      const desk = new AcdBench([acdQueue(1)], [member(1, [1], [[7, 40]]), member(2, [1])], {
        lookedThrough,
      });
      const configure = (queue: Partial<AcdQueue>, level: number) =>
        desk.send({
          kind: 'configured',
          queues: [acdQueue(1, queue)],
          agents: [member(1, [1], [[7, level]]), member(2, [1])],
        });
      desk.ready(1, 2);
      for (const name of ['a', 'b']) desk.call(name, 1, { requirements: [requires(7, 50)] });
      desk.call('c', 1, { requirements: [requires(8)] });
      expect(offered(configure({}, 49)), 'not enough yet').to.deep.equal([]);
      expect(offered(configure({}, 50))).to.deep.equal([1]);
      expect(desk.acd.agent(agentId(1))?.call).to.equal('a');
      desk.answer('a', 1);
      configure({}, 40);
      desk.end('a', 1);
      expect(desk.acd.agent(agentId(1)), 'b asks for more again').to.include({
        state: 'available',
      });
      expect(offered(configure({ requirements: [requires(7)] }, 90))).to.deep.equal([1]);
      expect(desk.acd.agent(agentId(1))?.call).to.equal('b');
      expect(desk.acd.agent(agentId(2))?.state).to.equal('available');
      desk.call('d', 1);
      expect(desk.acd.agent(agentId(2))?.state, 'lacks what the queue asks').to.equal('available');
      expect(offered(configure({}, 90))).to.deep.equal([2]);
      expect(desk.acd.agent(agentId(2))?.call).to.equal('d');
      expect(desk.acd.waiter(callId('c'))?.offers).to.deep.equal([]);
    });

    it('preferred: those who have it first, then the others', () => {
      const desk = new AcdBench(
        [acdQueue(1, { requirements: [prefers(7, 50)] })],
        [member(1, [1]), member(2, [1], [[7, 50]]), member(3, [1], [[7, 90]])],
        { lookedThrough },
      );
      desk.ready(1, 2, 3);
      expect(offered(desk.call('a', 1))).to.deep.equal([2]);
      expect(offered(desk.call('b', 1))).to.deep.equal([3]);
      expect(offered(desk.call('c', 1))).to.deep.equal([1]);
    });

    it('round robin and random stay among those with the preferred skill', () => {
      for (const strategy of ['round-robin', 'random'] as const) {
        const desk = new AcdBench(
          [acdQueue(1, { strategy, requirements: [prefers(7)] })],
          [member(1, [1]), member(2, [1], [[7, 1]]), member(3, [1]), member(4, [1], [[7, 1]])],
          { lookedThrough },
        );
        desk.ready(1, 2, 3, 4);
        const first = Array.from({ length: 6 }, (_, at) => serve(desk, String(at)));
        expect(new Set(first)).to.deep.equal(new Set([2, 4]));
      }
    });

    it('of the call itself count besides those of the queue', () => {
      const desk = new AcdBench(
        [acdQueue(1, { requirements: [requires(7)] })],
        [
          member(1, [1], [[7, 1]]),
          member(
            2,
            [1],
            [
              [7, 1],
              [8, 1],
            ],
          ),
        ],
        { lookedThrough },
      );
      desk.ready(1, 2);
      expect(offered(desk.call('a', 1, { requirements: [requires(8)] }))).to.deep.equal([2]);
    });
  });
}

describe('priority', () => {
  const busy = (pointMs: number): AcdBench => {
    const desk = new AcdBench([acdQueue(1), acdQueue(2, { weight: 3 })], [member(1, [1, 2])], {
      pointMs,
    });
    desk.ready(1);
    desk.call('first', 1);
    desk.answer('first', 1);
    return desk;
  };

  it('is a head start of so much waiting, not a right to be always first: nobody starves', () => {
    const desk = busy(30_000);
    desk.call('old', 1);
    desk.at += 61_000;
    desk.call('vip', 1, { priority: 2 });
    expect(offered(desk.end('first', 1)), 'waited longer than two points are worth').to.deep.equal([
      1,
    ]);
    expect(desk.acd.agent(agentId(1))?.call).to.equal(callId('old'));
  });

  it('comes before those who came up to so much earlier', () => {
    const desk = busy(30_000);
    desk.call('old', 1);
    desk.at += 59_000;
    desk.call('vip', 1, { priority: 2 });
    desk.end('first', 1);
    expect(desk.acd.agent(agentId(1))?.call).to.equal(callId('vip'));
  });

  it('of queues: the weight first, then who waits longest', () => {
    const desk = busy(30_000);
    desk.call('plain', 1);
    desk.at += 80_000;
    desk.call('weighty', 2);
    desk.end('first', 1);
    expect(desk.acd.agent(agentId(1))?.call).to.equal(callId('weighty'));
  });

  it('can be changed while the caller waits', () => {
    const desk = busy(30_000);
    desk.call('a', 1);
    desk.at += 1_000;
    desk.call('b', 1);
    desk.send({ kind: 'call-changed', call: callId('b'), priority: 5 });
    expect(desk.acd.placeOf(callId('b'))).to.equal(1);
  });
});

describe('sticky callers', () => {
  const desk = (): AcdBench => {
    const one = new AcdBench([acdQueue(1)], [member(1, [1]), member(2, [1])]);
    one.ready(1, 2);
    one.call('busy', 1);
    one.answer('busy', 1);
    return one;
  };

  it('wait for their agent although another is free, up to the limit', () => {
    const one = desk();
    const sticky = { agent: agentId(1), until: one.at + 30_000 };
    expect(offered(one.call('x', 1, { sticky }))).to.deep.equal([]);
    expect(offered(one.pass(29_999))).to.deep.equal([]);
    expect(offered(one.pass(1))).to.deep.equal([2]);
  });

  it('get their agent as soon as that agent is free', () => {
    const one = desk();
    one.call('x', 1, { sticky: { agent: agentId(1), until: one.at + 30_000 } });
    expect(offered(one.end('busy', 1))).to.deep.equal([1]);
  });

  it('do not wait for an agent who goes away, nor for one who did not want the call', () => {
    for (const kind of ['agent-signed-out', 'agent-not-ready'] as const) {
      const one = desk();
      one.call('x', 1, { sticky: { agent: agentId(1), until: one.at + 30_000 } });
      one.send(
        kind === 'agent-not-ready'
          ? { kind, agent: agentId(1), reason: 'break' }
          : { kind, agent: agentId(1) },
      );
      expect(offered(one.end('busy', 1)), kind).to.deep.equal([2]);
    }
    const one = desk();
    one.end('busy', 1);
    one.call('y', 1, { sticky: { agent: agentId(1), until: one.at + 30_000 } });
    expect(offered(one.miss('y', 1))).to.deep.equal([2]);
  });
});

describe('wrap-up', () => {
  const rule = {
    ms: 10_000,
    isUntilDone: false,
    extensions: 1,
    extendByMs: 5_000,
    isCodeNeeded: false,
  };
  const afterCall = (more: Partial<typeof rule>): AcdBench => {
    const desk = new AcdBench([acdQueue(1, { wrapUp: { ...rule, ...more } })], [member(1, [1])]);
    desk.ready(1);
    desk.call('x', 1);
    desk.answer('x', 1);
    desk.end('x', 1);
    return desk;
  };
  const state = (desk: AcdBench) => desk.acd.agent(agentId(1));

  it('ends by itself, and can be extended as often as the queue allows', () => {
    const desk = afterCall({});
    expect(state(desk)?.until).to.equal(desk.at + 10_000);
    desk.send({ kind: 'wrap-up-extended', agent: agentId(1) });
    desk.send({ kind: 'wrap-up-extended', agent: agentId(1) });
    expect(desk.acd.illegalEvents, 'the second one is too many').to.equal(1);
    desk.pass(14_999);
    expect(state(desk)?.state).to.equal('wrap-up');
    desk.pass(1);
    expect(state(desk)?.state).to.equal('available');
  });

  it('until done has no end but the agent’s word', () => {
    const desk = afterCall({ isUntilDone: true });
    desk.pass(3_600_000);
    expect(state(desk)?.state).to.equal('wrap-up');
    desk.send({ kind: 'wrap-up-finished', agent: agentId(1) });
    expect(state(desk)?.state).to.equal('available');
  });

  it('is followed by the break asked for during the talk, with its reason', () => {
    const desk = new AcdBench([acdQueue(1, { wrapUp: rule })], [member(1, [1])]);
    desk.ready(1);
    desk.call('x', 1);
    desk.answer('x', 1);
    desk.send({ kind: 'agent-not-ready', agent: agentId(1), reason: 'lunch' });
    desk.end('x', 1);
    expect(state(desk)?.state).to.equal('wrap-up');
    desk.pass(10_000);
    expect(state(desk)).to.include({ state: 'not-ready', reason: 'lunch' });
  });

  it('with a mandatory code ends only with the code, and leaves the agent not ready when time is up', () => {
    const desk = afterCall({ isCodeNeeded: true });
    desk.send({ kind: 'wrap-up-finished', agent: agentId(1) });
    desk.send({ kind: 'agent-available', agent: agentId(1) });
    expect(state(desk)?.state).to.equal('wrap-up');
    desk.pass(10_000);
    expect(state(desk)).to.include({ state: 'not-ready', reason: 'wrap-up-unfinished' });
    const coded = afterCall({ isCodeNeeded: true });
    coded.send({ kind: 'code-chosen', agent: agentId(1) });
    coded.send({ kind: 'wrap-up-finished', agent: agentId(1) });
    expect(state(coded)?.state).to.equal('available');
  });
});

describe('limits', () => {
  it('of calls at the same time: the next caller is offered in the moment in which one ends', () => {
    const desk = new AcdBench([acdQueue(1, { maxTalking: 1 })], [member(1, [1]), member(2, [1])]);
    desk.ready(1, 2);
    desk.call('a', 1);
    desk.call('b', 1);
    expect(desk.acd.whyWaiting(callId('b'), desk.at)).to.include('queue-at-limit:1');
    desk.answer('a', 1);
    expect(offered(desk.end('a', 1))).to.deep.equal([1]);
  });

  it('of misses: the agent is set not ready after so many in a row', () => {
    const desk = new AcdBench([acdQueue(1, { missesUntilNotReady: 2 })], [member(1, [1])]);
    desk.ready(1);
    for (const name of ['a', 'b']) {
      desk.call(name, 1);
      desk.miss(name, 1);
      desk.send({ kind: 'caller-left', call: callId(name) });
    }
    expect(desk.acd.agent(agentId(1))).to.include({ state: 'not-ready', reason: 'missed-calls' });
  });
});

describe('misses in several queues', () => {
  const three = (limits: readonly number[]): AcdBench => {
    const queues = limits.map((missesUntilNotReady, at) =>
      acdQueue(at + 1, { missesUntilNotReady }),
    );
    const desk = new AcdBench(queues, [member(1, [1, 2, 3])]);
    desk.ready(1);
    return desk;
  };
  const miss = (desk: AcdBench, name: string, queue: number): void => {
    desk.call(name, queue);
    desk.miss(name, 1);
    desk.send({ kind: 'caller-left', call: callId(name) });
  };
  const stateOf = (desk: AcdBench) => desk.acd.agent(agentId(1))?.state;

  it('count together, against the limit of the queue of the last one', () => {
    const desk = three([5, 2, 5]);
    miss(desk, 'a', 1);
    miss(desk, 'b', 3);
    expect(stateOf(desk)).to.equal('available');
    miss(desk, 'c', 2);
    expect(stateOf(desk)).to.equal('not-ready');
  });

  it('do not count where the queue has no limit', () => {
    const desk = three([0, 2, 0]);
    for (const [at, queue] of [1, 3, 1, 2].entries()) miss(desk, `a${String(at)}`, queue);
    expect(stateOf(desk)).to.equal('available');
    miss(desk, 'b', 2);
    expect(stateOf(desk)).to.equal('not-ready');
  });

  it('begin anew with an answered call', () => {
    const desk = three([2, 2, 2]);
    miss(desk, 'a', 1);
    desk.call('b', 2);
    desk.answer('b', 1);
    desk.end('b', 1);
    miss(desk, 'c', 3);
    expect(stateOf(desk)).to.equal('available');
  });
});

describe('a caller meant for one agent', () => {
  const stick = (agent: number, desk: AcdBench) => ({
    sticky: { agent: agentId(agent), until: desk.at + 60_000 },
  });
  const two = [member(1, [1]), member(2, [1])];

  it('is served when the queue may talk to one more, and that agent is free', () => {
    const desk = new AcdBench([acdQueue(1, { maxTalking: 1 })], two);
    desk.ready(1, 2);
    const [first] = offered(desk.call('a', 1));
    desk.answer('a', first ?? 0);
    desk.send({ kind: 'agent-engaged', agent: agentId(2), call: callId('own') });
    desk.call('b', 1, stick(2, desk));
    desk.end('own', 2);
    desk.send({ kind: 'agent-not-ready', agent: agentId(1), reason: 'break' });
    expect(offered(desk.end('a', first ?? 0))).to.deep.equal([2]);
  });

  it('rings nowhere else where all phones ring', () => {
    const desk = new AcdBench([acdQueue(1, { strategy: 'ring-all' })], two);
    desk.ready(1);
    expect(offered(desk.call('a', 1, stick(1, desk)))).to.deep.equal([1]);
    desk.send({ kind: 'agent-signed-in', agent: agentId(2) });
    expect(offered(desk.send({ kind: 'agent-available', agent: agentId(2) }))).to.deep.equal([]);
  });
});
