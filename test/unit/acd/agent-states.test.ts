import { expect } from 'chai';
import { savedAgent, type WrapUpRule } from '../../../src/engines/acd/acd.js';
import {
  AcdBench,
  acdQueue,
  agentId,
  callId,
  member,
  offered,
  queueId,
} from '../../support/acd.js';

const CODED: WrapUpRule = {
  ms: 30_000,
  isUntilDone: false,
  isCodeNeeded: true,
  extensions: 0,
  extendByMs: 0,
};
const ME = agentId(1);

describe('states of an agent', () => {
  const QUEUES = [acdQueue(1, { wrapUp: CODED, missesUntilNotReady: 2 })];
  const AGENTS = [member(1, [1])];
  /** One agent, in the wrap-up of a call that must get a code. */
  function wrappingUp(): AcdBench {
    const desk = new AcdBench(QUEUES, AGENTS);
    desk.ready(1);
    desk.call('a', 1);
    desk.answer('a', 1);
    desk.end('a', 1);
    expect(now(desk)).to.equal('wrap-up ');
    return desk;
  }
  const now = (desk: AcdBench): string => {
    const { state, reason } = desk.acd.agent(ME) ?? {};
    return `${state ?? ''} ${reason ?? ''}`;
  };

  /** The same agent after a restart. */
  const restarted = (desk: AcdBench): AcdBench => {
    const again = new AcdBench(QUEUES, AGENTS);
    again.at = desk.at + 1_000;
    again.acd.restore(
      [...desk.acd.agents].map((agent) => savedAgent(agent)),
      again.at,
    );
    return again;
  };

  describe('a record', () => {
    const available = (): AcdBench => {
      const desk = new AcdBench(QUEUES, AGENTS);
      desk.ready(1);
      return desk;
    };
    const looking = (): AcdBench => {
      const desk = available();
      desk.send({ kind: 'agent-previews', agent: ME });
      expect(now(desk)).to.equal('preview ');
      return desk;
    };

    it('keeps calls of queues away until it is over', () => {
      const desk = looking();
      desk.call('a', 1);
      expect(now(desk)).to.equal('preview ');
      desk.send({ kind: 'preview-ended', agent: ME });
      expect(now(desk)).to.equal('ringing ');
    });

    it('comes instead of an offer, which leaves its line, and fills no place under a limit', () => {
      const desk = new AcdBench([acdQueue(1, { maxTalking: 1 })], [member(1, [1]), member(2, [1])]);
      desk.ready(1);
      desk.call('a', 1);
      desk.send({ kind: 'agent-previews', agent: ME, offered: callId('a') });
      expect(desk.acd.waiter(callId('a'))).to.equal(undefined);
      expect(desk.acd.line(queueId(1))?.inService).to.equal(0);
      desk.ready(2);
      desk.call('b', 1);
      expect(desk.acd.agent(agentId(2))?.state).to.equal('ringing');
    });

    it('is no offer that somebody else has', () => {
      const desk = available();
      desk.call('a', 1);
      desk.send({ kind: 'agent-previews', agent: ME, offered: callId('b') });
      desk.send({ kind: 'agent-previews', agent: ME });
      expect(now(desk)).to.equal('ringing ');
      expect(desk.acd.illegalEvents).to.equal(2);
    });

    it('is left at once while it is read, and after the call while it is dialled', () => {
      const desk = looking();
      desk.send({ kind: 'preview-dials', agent: ME, call: callId('own') });
      desk.send({ kind: 'agent-not-ready', agent: ME, reason: 'lunch' });
      expect(now(desk)).to.equal('preview lunch');
      desk.send({ kind: 'phone-lost', agent: ME });
      expect(now(desk)).to.equal('preview lunch');
      desk.send({ kind: 'preview-dials', agent: ME });
      desk.send({ kind: 'preview-ended', agent: ME });
      expect(now(desk)).to.equal('not-ready lunch');
      const other = looking();
      other.send({ kind: 'agent-not-ready', agent: ME, reason: 'lunch' });
      expect(now(other)).to.equal('not-ready lunch');
      const third = looking();
      third.send({ kind: 'phone-lost', agent: ME });
      third.send({ kind: 'phone-back', agent: ME });
      expect(now(third)).to.equal('available phone-back');
    });

    it('becomes a talk of the queue, whose wrap-up follows', () => {
      const desk = looking();
      desk.send({ kind: 'preview-dials', agent: ME, call: callId('own') });
      desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own'), queue: queueId(1) });
      expect(desk.acd.agent(ME)).to.include({ state: 'talking', queue: queueId(1) });
      desk.end('own', 1);
      expect(now(desk)).to.equal('wrap-up ');
    });

    it('is over after a restart; a call that lives has the agent again', () => {
      const desk = looking();
      const saved = savedAgent(desk.acd.agent(ME) as never);
      const next = new AcdBench(QUEUES, AGENTS);
      next.acd.restore([saved], next.at);
      next.pass(0);
      expect(now(next)).to.equal('available ');
      next.send({ kind: 'agent-previews', agent: ME, call: callId('own') });
      expect(next.acd.agent(ME)).to.include({ state: 'preview', call: 'own' });
    });
  });

  it('a break that is asked for in a wrap-up comes behind the code', () => {
    const desk = wrappingUp();
    desk.send({ kind: 'agent-not-ready', agent: ME, reason: 'lunch' });
    expect(now(desk)).to.equal('wrap-up lunch');
    desk.send({ kind: 'wrap-up-finished', agent: ME });
    expect(now(desk), 'without the code it goes on').to.equal('wrap-up lunch');
    desk.send({ kind: 'code-chosen', agent: ME });
    desk.send({ kind: 'wrap-up-finished', agent: ME });
    expect(now(desk)).to.equal('not-ready lunch');
  });

  it('a supervisor need not wait for the code', () => {
    const desk = wrappingUp();
    desk.send({ kind: 'agent-not-ready', agent: ME, reason: 'meeting', atOnce: true });
    expect(now(desk)).to.equal('not-ready meeting');
  });

  it('a call of the agent’s own interrupts the wrap-up, whose time runs on', () => {
    const desk = wrappingUp();
    desk.pass(10_000);
    desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own') });
    expect(now(desk)).to.match(/^talking/);
    desk.pass(5_000);
    desk.end('own', 1);
    expect(now(desk)).to.equal('wrap-up ');
    desk.send({ kind: 'code-chosen', agent: ME });
    desk.pass(14_999);
    expect(now(desk)).to.equal('wrap-up ');
    desk.pass(1);
    expect(now(desk)).to.equal('available ');
  });

  it('a wrap-up whose time is over behind the own call is over, too', () => {
    const desk = wrappingUp();
    desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own') });
    desk.send({ kind: 'code-chosen', agent: ME });
    desk.pass(60_000);
    desk.end('own', 1);
    expect(now(desk)).to.equal('available ');
  });

  it('a lost phone ends no wrap-up, and forgets no break', () => {
    const desk = wrappingUp();
    desk.send({ kind: 'agent-not-ready', agent: ME, reason: 'lunch' });
    desk.send({ kind: 'phone-lost', agent: ME });
    desk.send({ kind: 'agent-available', agent: ME });
    desk.send({ kind: 'phone-back', agent: ME });
    expect(desk.acd.agent(ME)).to.include({ state: 'wrap-up', next: 'not-ready' });
    desk.send({ kind: 'code-chosen', agent: ME });
    desk.pass(30_000);
    expect(now(desk)).to.equal('not-ready lunch');
    expect(desk.acd.agent(ME)?.next).to.equal(undefined);
  });

  describe('a lost phone', () => {
    const lose = (desk: AcdBench) => desk.send({ kind: 'phone-lost', agent: ME });
    const find = (desk: AcdBench) => desk.send({ kind: 'phone-back', agent: ME });
    const goes = (desk: AcdBench, reason: string, atOnce = false) =>
      desk.send({ kind: 'agent-not-ready', agent: ME, reason, atOnce });
    const ready = (): AcdBench => {
      const desk = new AcdBench(QUEUES, AGENTS);
      desk.ready(1);
      return desk;
    };

    it('interrupts a break, which goes on under its reason', () => {
      const desk = ready();
      goes(desk, 'lunch');
      lose(desk);
      expect(now(desk)).to.equal('phone-lost lunch');
      const again = restarted(desk);
      for (const one of [desk, again]) {
        find(one);
        expect(now(one)).to.equal('not-ready lunch');
        one.send({ kind: 'agent-available', agent: ME });
        expect(now(one)).to.equal('available ');
      }
    });

    it('leaves nothing behind where no break was', () => {
      const desk = ready();
      lose(desk);
      expect(now(desk)).to.equal('phone-lost not-registered');
      find(desk);
      expect(now(desk)).to.equal('available phone-back');
    });

    it('in the state of an older version is back without a reason', () => {
      const desk = ready();
      goes(desk, 'lunch');
      lose(desk);
      const saved = { ...savedAgent(desk.acd.agent(ME) as never), reason: 'not-registered' };
      desk.acd.restore([saved], desk.at);
      find(desk);
      expect(now(desk)).to.equal('not-ready phone-back');
    });

    it('keeps the break that is chosen meanwhile, and tells of it', () => {
      const desk = ready();
      lose(desk);
      const told = goes(desk, 'lunch');
      expect(told).to.deep.include({ kind: 'report-agent', agent: ME });
      expect(desk.acd.agent(ME)).to.include({ state: 'phone-lost', reason: 'lunch' });
      const again = restarted(desk);
      for (const one of [desk, again]) {
        find(one);
        expect(now(one)).to.equal('not-ready lunch');
      }
    });

    it('forgets the break of whoever wants to be available again', () => {
      const desk = ready();
      goes(desk, 'lunch');
      lose(desk);
      const told = desk.send({ kind: 'agent-available', agent: ME });
      expect(told).to.deep.include({ kind: 'report-agent', agent: ME });
      expect(now(desk)).to.equal('phone-lost not-registered');
      find(desk);
      expect(now(desk)).to.equal('available phone-back');
    });

    it('in a wrap-up keeps the break that is to follow, chosen before or meanwhile', () => {
      for (const isBefore of [true, false]) {
        const desk = wrappingUp();
        if (isBefore) goes(desk, 'lunch');
        lose(desk);
        if (!isBefore) goes(desk, 'lunch');
        const again = restarted(desk);
        for (const one of [desk, again]) {
          find(one);
          expect(now(one)).to.equal('wrap-up lunch');
          one.send({ kind: 'code-chosen', agent: ME });
          one.send({ kind: 'wrap-up-finished', agent: ME });
          expect(now(one)).to.equal('not-ready lunch');
        }
      }
    });

    it('in a wrap-up that has its code, or for a supervisor, ends it with the break', () => {
      for (const atOnce of [true, false]) {
        const desk = wrappingUp();
        if (!atOnce) desk.send({ kind: 'code-chosen', agent: ME });
        lose(desk);
        goes(desk, 'lunch', atOnce);
        find(desk);
        expect(now(desk)).to.equal('not-ready lunch');
        desk.pass(60_000);
        expect(now(desk)).to.equal('not-ready lunch');
      }
    });

    it('in a wrap-up drops the break that was to follow for whoever wants to be available', () => {
      const desk = wrappingUp();
      goes(desk, 'lunch');
      desk.send({ kind: 'code-chosen', agent: ME });
      lose(desk);
      desk.send({ kind: 'agent-available', agent: ME });
      find(desk);
      expect(desk.acd.agent(ME)).to.include({ state: 'available', next: undefined });
      desk.call('b', 1);
      desk.send({ kind: 'caller-left', call: callId('b') });
      expect(desk.acd.agent(ME)?.state).to.equal('available');
    });

    it('at a record has the break or the end of work that was to follow the call', () => {
      const desk = ready();
      const dialled = (one: AcdBench): void => {
        one.send({ kind: 'agent-previews', agent: ME });
        one.send({ kind: 'preview-dials', agent: ME, call: callId('own') });
      };
      dialled(desk);
      goes(desk, 'lunch');
      desk.send({ kind: 'preview-dials', agent: ME });
      lose(desk);
      find(desk);
      expect(now(desk)).to.equal('not-ready lunch');
      const other = ready();
      dialled(other);
      other.send({ kind: 'agent-signed-out', agent: ME });
      other.send({ kind: 'preview-dials', agent: ME });
      lose(other);
      expect(now(other)).to.equal('signed-out ');
    });

    it('that has a call after all goes back to the break behind it', () => {
      const desk = ready();
      goes(desk, 'lunch');
      lose(desk);
      desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own') });
      desk.end('own', 1);
      expect(now(desk)).to.equal('not-ready lunch');
      lose(desk);
      desk.send({ kind: 'agent-available', agent: ME });
      desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own') });
      expect(now(desk)).to.equal('talking ');
      desk.end('own', 1);
      expect(now(desk)).to.equal('available ');
    });
  });

  it('a phone that is said to be there and takes no call makes its agent not ready', () => {
    const desk = new AcdBench(QUEUES, AGENTS);
    desk.ready(1);
    for (const name of ['a', 'b']) {
      expect(offered(desk.call(name, 1))).to.deep.equal([1]);
      desk.send({ kind: 'offer-failed', agent: ME, call: callId(name), outcome: 'unreachable' });
      desk.send({ kind: 'caller-left', call: callId(name) });
      desk.send({ kind: 'phone-back', agent: ME });
    }
    expect(now(desk)).to.equal('not-ready missed-calls');
  });

  describe('after a restart', () => {
    it('a break asked for during the talk still follows its wrap-up', () => {
      const desk = new AcdBench(QUEUES, AGENTS);
      desk.ready(1);
      desk.call('a', 1);
      desk.answer('a', 1);
      desk.send({ kind: 'agent-not-ready', agent: ME, reason: 'lunch' });
      desk.end('a', 1);
      const again = restarted(desk);
      expect(again.acd.agent(ME)).to.include({ state: 'wrap-up', next: 'not-ready' });
      again.send({ kind: 'code-chosen', agent: ME });
      again.pass(60_000);
      expect(now(again)).to.equal('not-ready lunch');
    });

    it('a wrap-up that a call of the own interrupted goes on', () => {
      const desk = wrappingUp();
      desk.send({ kind: 'agent-engaged', agent: ME, call: callId('own') });
      const again = restarted(desk);
      expect(now(again)).to.match(/^wrap-up/);
    });

    it('whoever talked is free since then, and engaged again by the talk that lives', () => {
      const desk = new AcdBench(QUEUES, AGENTS);
      desk.ready(1);
      desk.call('a', 1);
      desk.answer('a', 1);
      desk.pass(5_000);
      const again = restarted(desk);
      expect(again.acd.agent(ME)).to.include({ state: 'available', since: again.at });
      again.send({ kind: 'agent-engaged', agent: ME, call: callId('a'), queue: queueId(1) });
      again.end('a', 1);
      expect(now(again)).to.equal('wrap-up ');
    });
  });
});
