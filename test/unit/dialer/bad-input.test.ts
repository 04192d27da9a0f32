import { expect } from 'chai';
import { Connecting } from '../../../src/engines/dialer/connecting.js';
import { Pacer } from '../../../src/engines/dialer/pacer.js';
import { DialerSimulation } from '../../../src/simulation/dialer/dialer-simulation.js';
import { cordboard } from '../../../src/simulation/dialer/policies.js';
import { worldFile, type WorldInput } from '../../../src/simulation/dialer/world-file.js';
import { makeWorld } from '../../../src/simulation/dialer/world.js';

const RULES = {
  ...{ limit: 0.03, windowMs: 86_400_000, minimumRingMs: 15_000 },
  ...{ ringLimitMs: 26_000, patienceMs: 2_000 },
};
const play = (input: WorldInput, limit = 0.03) => {
  const world = makeWorld('test', worldFile.parse(input), () => '');
  const policy = cordboard(world, limit);
  return { policy, day: new DialerSimulation(world, policy, 7).run() };
};

describe('pacing with what nobody expects', function () {
  this.timeout(30_000);
  it('an answer rate of 0: rings and waits, without end and without number', () => {
    const { day } = play({ agents: 5, answerRate: 0, hours: 0.1 });
    expect(day.answered).to.equal(0);
    expect(day.started).to.be.above(0);
    expect(day.mostLines).to.be.at.most(200);
  });

  it('an answer rate of 1: abandons next to nobody', () => {
    const { day } = play({ agents: 6, answerRate: 1, hours: 1 });
    expect(day.utilisation).to.be.above(0.7);
    expect(day.mostOver).to.be.below(15);
  });

  it('one agent', () => {
    const { day } = play({ agents: 1, answerRate: 0.3, hours: 3 });
    expect(day.utilisation).to.be.above(0.5);
    expect(day.abandoned).to.be.at.most(0.03 * day.answered + 2);
  });

  it('five thousand agents: a decision takes no longer than calls can wait', function () {
    this.timeout(30_000);
    const pacer = new Pacer(RULES);
    for (let agent = 0; agent < 5_000; agent++) pacer.agentTalking(agent, agent * 20);
    for (let line = 0; line < 15_000; line++) pacer.lineStarted(String(line), 100_000 + line);
    pacer.decide(115_000, 0);
    const from = process.cpuUsage();
    const rounds = 20;
    for (let round = 1; round <= rounds; round++) pacer.decide(115_000 + round * 500, 2_000);
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1_000 / rounds).to.be.below(100);
  });

  it('agents who leave while fifty lines ring: those that rang long enough are given up, none before', () => {
    const pacer = new Pacer(RULES);
    for (let agent = 0; agent < 20; agent++) pacer.agentIdle(agent, 0);
    for (let line = 0; line < 50; line++) pacer.lineStarted(String(line), line * 100);
    for (let agent = 0; agent < 20; agent++) pacer.agentGone(agent);
    expect(pacer.decide(14_900, 100)).to.deep.include({ start: 0, giveUp: [] });
    const { giveUp, start } = pacer.decide(17_050, 100);
    expect(start).to.equal(0);
    expect(giveUp).to.deep.equal(Array.from({ length: 21 }, (_, line) => String(line)));
    expect(pacer.state.ringing).to.equal(29);
  });

  it('talks of no time at all, and of an hour', () => {
    const none = play({ agents: 5, answerRate: 0.3, talk: 'constant:0', wrapUp: '0', hours: 0.5 });
    expect(none.day.answered).to.be.above(50);
    const long = play({ agents: 6, answerRate: 0.3, talk: 'constant:3600', hours: 4 });
    expect(long.day.utilisation).to.be.above(0.9);
    expect(long.day.abandoned).to.be.at.most(3);
  });

  it('a clock that jumps, forward and back', () => {
    const pacer = new Pacer(RULES);
    for (let agent = 0; agent < 5; agent++) pacer.agentIdle(agent, 1_000_000);
    for (const at of [1_000_000, 5_000_000, 900_000, 90_000_000_000, 1_000]) {
      const { start, giveUp, risk, accepted } = pacer.decide(at, 10);
      expect(start).to.be.within(0, 10);
      expect(giveUp).to.deep.equal([]);
      expect(risk).to.be.within(0, 1);
      expect(accepted).to.be.within(0, 1);
    }
  });

  it('news of lines and agents that it does not know', () => {
    const pacer = new Pacer(RULES);
    pacer.lineEnded('of another campaign', 'answered', 1_000);
    pacer.lineDetecting('of another campaign');
    pacer.agentWrapsUp(9, 1_000);
    pacer.agentGone(8);
    pacer.connected('of another campaign', 1_000);
    expect(pacer.ledger.answered).to.equal(0);
    expect(pacer.state).to.include({ waiting: 0, ringing: 0, agents: 1, idle: 0 });
  });

  it('a limit of nothing: nobody is abandoned, and it says how it dials', () => {
    const { policy, day } = play({ agents: 10, answerRate: 0.3, hours: 1 }, 0);
    expect(day.abandoned).to.equal(0);
    expect(policy.state.mode).to.equal('one-to-one');
  });

  it('phones that take long: learnt where an agent was free, and not where one was waited for', () => {
    const pacer = new Pacer(RULES);
    pacer.agentIdle(1, 0);
    for (let n = 0; n < 97; n++) {
      const at = n * 10_000;
      pacer.lineStarted(`free ${String(n)}`, at);
      pacer.lineStarted(`waits ${String(n)}`, at);
      pacer.lineEnded(`free ${String(n)}`, 'answered', at + 5_000);
      pacer.lineEnded(`waits ${String(n)}`, 'answered', at + 5_000);
      pacer.connected(`free ${String(n)}`, at + 5_500);
      pacer.connected(`waits ${String(n)}`, at + 6_900);
    }
    // Three in no time are believed at first.
    expect(pacer.state.connectingMs).to.equal(485);
    pacer.lineStarted('too late', 1_000_000);
    pacer.lineEnded('too late', 'answered', 1_005_000);
    pacer.lost('too late', 'abandoned', 1_009_000);
    expect(pacer.state.connectingMs, 'no longer than anybody waits').to.equal(500);
  });

  it('phones that are always too slow: one call a minute is tried once the limit is passed', () => {
    const { policy, day } = play({ agents: 10, answerRate: 1, connecting: 'constant:3', hours: 2 });
    expect(policy.state).to.include({ mode: 'one-to-one', isConnectingLate: true });
    expect(day.started).to.be.within(120, 200);
  });

  it('phones that are too slow for a while: after one in time it goes on as before', () => {
    const connecting = new Connecting(2);
    const minute = 60_000;
    expect(connecting.startOf(5, 0)).to.equal(5);
    connecting.tooLate(minute);
    expect(connecting.startOf(5, minute + 1)).to.equal(0);
    expect(connecting.startOf(0, 2 * minute)).to.equal(0);
    expect(connecting.startOf(5, 2 * minute)).to.equal(1);
    expect(connecting.startOf(5, 2 * minute + 1)).to.equal(0);
    expect(connecting.startOf(5, 0), 'the clock was put back').to.equal(1);
    connecting.inTime(0.4);
    expect(connecting.startOf(5, 1)).to.equal(5);
  });

  it('a line that is being listened to is not given up, and needs an agent', () => {
    const pacer = new Pacer(RULES);
    pacer.agentTalking(1, 0);
    pacer.lineStarted('heard', 0);
    pacer.lineStarted('rings', 0);
    pacer.lineDetecting('heard');
    expect(pacer.decide(15_500, 0).giveUp).to.deep.equal(['rings']);
    pacer.lineEnded('heard', 'answered', 17_000);
    expect(pacer.state.waiting).to.equal(1);
  });
});
