import { expect } from 'chai';
import fc from 'fast-check';
import { AbandonmentLedger } from '../../../src/engines/dialer/abandonment.js';
import { Balance } from '../../../src/engines/dialer/balance.js';
import { HORIZONS } from '../../../src/engines/dialer/laws.js';
import { Pacer } from '../../../src/engines/dialer/pacer.js';
import { DialerSimulation } from '../../../src/simulation/dialer/dialer-simulation.js';
import { cordboard } from '../../../src/simulation/dialer/policies.js';
import {
  MIXED_LEADS,
  worldFile,
  type WorldInput,
} from '../../../src/simulation/dialer/world-file.js';
import { makeWorld, type World } from '../../../src/simulation/dialer/world.js';

const LIMIT = 0.03;
const world = (input: WorldInput): World => makeWorld('test', worldFile.parse(input), () => '');
const HOUR_MS = 3_600_000;

const times = fc.constantFrom(
  'constant:0',
  'constant:45',
  'exponential:90',
  'lognormal:150,1.5',
  'uniform:5,600',
  'constant:3600',
);
const MOST_AGENTS = 25;
/** A tenth of what a day of so many agents allows who have a call in a minute at most. */
const MOST_GRACE = 0.1 * LIMIT * MOST_AGENTS * 480;

/** Worlds that nobody tuned the engine for. */
const worlds = fc.record({
  agents: fc.oneof(
    fc.integer({ min: 1, max: MOST_AGENTS }),
    fc.constant([
      { fromHour: 0, value: MOST_AGENTS },
      { fromHour: 0.1, value: 4 },
      { fromHour: 0.3, value: 18 },
    ]),
  ),
  answerRate: fc.oneof(
    fc.constantFrom(0, 1),
    fc.double({ min: 0.02, max: 0.9, noNaN: true }),
    fc.constant([
      { fromHour: 0, value: 0.05 },
      { fromHour: 0.15, value: 0.6 },
      { fromHour: 0.3, value: 0.1 },
    ]),
  ),
  machineRate: fc.constantFrom(0, 0, 0.1),
  detection: fc.constantFrom(undefined, {}, { machinesMissed: 0, peopleTakenForMachines: 0.1 }),
  ring: fc.constantFrom('uniform:5,25', 'constant:2', 'exponential:12', 'uniform:14,25'),
  connecting: fc.constantFrom('constant:0', 'constant:0.3', 'uniform:0.1,1.2', 'constant:3'),
  talk: times,
  wrapUp: fc.constantFrom('constant:0', 'lognormal:15,0.5', 'exponential:60'),
  leads: fc.constantFrom([], [...MIXED_LEADS]),
  areScored: fc.boolean(),
  waves: fc.constantFrom(undefined, { cv: 0.8, lasting: 'exponential:120' }),
  brokenShare: fc.constantFrom(0, 0.3, [
    { fromHour: 0, value: 1 },
    { fromHour: 0.1, value: 0 },
  ]),
  breaks: fc.constantFrom(undefined, { after: 'uniform:60,600', length: 'uniform:30,300' }),
  inbound: fc.constantFrom(undefined, { callsPerHour: 60, talk: 'lognormal:90,1' }),
  lines: fc.constantFrom(undefined, 3, 30),
  contacts: fc.constantFrom(undefined, 200),
  hours: fc.constant(0.4),
});

describe('predictive pacing', () => {
  it('counts what really happened, cuts no line before its time, and holds the limit beyond its grace in any world', function () {
    this.timeout(90_000);
    fc.assert(
      fc.property(
        worlds,
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(0.1, 24),
        (input, seed, windowHours) => {
          const given = Object.fromEntries(
            Object.entries(input).filter(([, value]) => value !== undefined),
          ) as WorldInput;
          const where = world(given);
          const rule = { limit: LIMIT, windowMs: windowHours * HOUR_MS };
          const policy = cordboard(where, LIMIT, rule.windowMs);
          // The simulation throws where a line is given up too early.
          const result = new DialerSimulation(where, policy, seed, rule).run();
          expect(result.shortestGivenUpMs).to.be.at.least(15_000);
          expect(result.longestWaitMs).to.be.at.most(2_000 + 1e-6);
          if (result.abandoned > 0) expect(result.shortestAbandonedMs).to.be.closeTo(2_000, 1e-6);
          if (windowHours === 24) {
            // Machines count as answered for who cannot tell them: the count is never smaller than the truth.
            expect(policy.ledger.answered).to.be.at.least(result.answered);
            expect(policy.ledger.abandoned).to.be.at.least(result.abandoned);
            if (given.machineRate === 0) {
              expect(policy.ledger.answered).to.equal(result.answered);
              expect(policy.ledger.abandoned).to.equal(result.abandoned);
            }
          }
          expect(result.mostLines).to.be.at.most(where.lines);
          expect(result.started).to.be.at.most(where.contacts);
          // The grace of a new campaign, and what was answered already when agents left or the guard came.
          expect(result.mostOver).to.be.at.most(MOST_GRACE + MOST_AGENTS);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('calls nobody where no agent is there', () => {
    const pacer = new Pacer({
      limit: LIMIT,
      windowMs: 86_400_000,
      minimumRingMs: 15_000,
      ringLimitMs: 26_000,
      patienceMs: 2_000,
    });
    expect(pacer.decide(1_000, 1_000).start).to.equal(0);
    pacer.agentTalking(1, 2_000);
    pacer.agentGone(1);
    expect(pacer.decide(3_000, 1_000).start).to.equal(0);
  });

  it('with a limit of nothing starts one call for each free agent', () => {
    const where = world({ agents: 10, answerRate: 0.3, hours: 1 });
    const result = new DialerSimulation(where, cordboard(where, 0), 3).run();
    expect(result.abandoned).to.equal(0);
    expect(result.answered).to.be.above(100);
  });

  it('goes on where the clock jumps back', () => {
    const pacer = new Pacer({
      limit: LIMIT,
      windowMs: 86_400_000,
      minimumRingMs: 15_000,
      ringLimitMs: 26_000,
      patienceMs: 2_000,
    });
    for (let agent = 0; agent < 5; agent++) pacer.agentIdle(agent, 10_000_000);
    const { start } = pacer.decide(10_000_000, 100);
    expect(start).to.be.above(0);
    pacer.lineStarted('a', 10_000_000);
    pacer.lineEnded('a', 'answered', 9_000_000);
    pacer.connected('a', 9_000_000);
    pacer.agentTalking(1, 9_000_000);
    expect(pacer.decide(9_000_500, 100).giveUp).to.deep.equal([]);
  });
});

describe('the count of abandoned calls', () => {
  const day = 86_400_000;
  it('is that of the rolling window, at any time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000_000 }), fc.boolean()), {
          maxLength: 200,
        }),
        (steps) => {
          const ledger = new AbandonmentLedger({ limit: LIMIT, windowMs: day });
          const span = day / 720;
          const calls: { at: number; isAbandoned: boolean }[] = [];
          let at = 1_800_000_000_000;
          for (const [after, isAbandoned] of steps) {
            at += after;
            ledger.addAnswered(at);
            if (isAbandoned) ledger.addAbandoned(at);
            calls.push({ at, isAbandoned });
            ledger.pass(at);
            const younger = calls.filter((call) => call.at > at - day);
            const mayStay = calls.filter((call) => call.at > at - day - span);
            expect(ledger.answered).to.be.within(younger.length, mayStay.length);
            expect(ledger.abandoned).to.be.within(
              younger.filter((call) => call.isAbandoned).length,
              mayStay.filter((call) => call.isAbandoned).length,
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the balance of agents and answers', () => {
  const chances = fc.array(fc.double({ min: 0, max: 0.95, noNaN: true }), { maxLength: 8 });

  /** All that may happen, one by one. */
  function noneLeft(idle: number, frees: readonly number[], takes: readonly number[]): number {
    const all = [...frees.map((p) => [p, 1] as const), ...takes.map((p) => [p, -1] as const)];
    let sum = 0;
    for (let which = 0; which < 1 << all.length; which++) {
      let chance = 1;
      let left = idle;
      all.forEach(([p, change], at) => {
        const happens = (which >> at) & 1;
        chance *= happens ? p : 1 - p;
        left += happens ? change : 0;
      });
      if (left <= 0) sum += chance;
    }
    return sum;
  }

  it('is exact for small teams', () => {
    fc.assert(
      fc.property(chances, chances, fc.integer({ min: -3, max: 8 }), (frees, takes, idle) => {
        const balance = new Balance(10);
        balance.clear();
        for (const chance of frees) balance.frees(0, chance);
        for (const chance of takes) balance.takes(0, chance);
        balance.weigh(idle);
        expect(balance.none[0]).to.be.closeTo(noneLeft(idle, frees, takes), 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('is close for large ones', () => {
    const small = new Balance(20);
    const large = new Balance(21);
    for (const balance of [small, large]) {
      balance.clear();
      for (let i = 0; i < 20; i++) balance.frees(3, 0.12);
      for (let i = 0; i < 25; i++) balance.takes(3, 0.09);
    }
    for (let idle = 0; idle < 6; idle++) {
      small.weigh(idle);
      large.weigh(idle);
      expect(large.none[3]).to.be.closeTo(small.none[3] ?? NaN, 0.01);
    }
    expect(HORIZONS).to.have.length(15);
  });
});
