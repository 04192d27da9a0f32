import { expect } from 'chai';
import { erlangA, erlangB, erlangC, offeredLoad } from '../../../src/engines/forecast/erlang.js';

/** Agents, calls an hour, handling s; Erlang C: P(wait), ASA s, SL(20 s); Erlang A: patience s, P(wait), P(ab), E[W] s. */
const TABLE = [
  [10, 100, 270, 0.3066, 33.11, 0.7452, 60, 0.1667, 0.0673, 4.04],
  [100, 1_100, 300, 0.294, 10.58, 0.8313, 60, 0.1374, 0.0202, 1.21],
  [500, 5_800, 300, 0.3434, 6.18, 0.8869, 90, 0.1695, 0.0091, 0.82],
  [1_000, 11_800, 300, 0.485, 8.73, 0.8403, 120, 0.238, 0.0081, 0.98],
] as const;

describe('Erlang', () => {
  for (const [
    agents,
    callsPerHour,
    handlingS,
    pWait,
    asaS,
    sl,
    patienceS,
    pWaitA,
    pAb,
    waitS,
  ] of TABLE)
    it(`gives the known figures of ${String(agents)} agents and ${String(callsPerHour)} calls an hour`, () => {
      const queue = { agents, callsPerHour, handlingMs: handlingS * 1000 };
      const c = erlangC(queue);
      expect(c.pWait).to.be.closeTo(pWait, 0.00005);
      expect(c.waitMs / 1000).to.be.closeTo(asaS, 0.005);
      expect(c.serviceLevel(20_000)).to.be.closeTo(sl, 0.00005);
      const a = erlangA(queue, patienceS * 1000);
      expect(a.pWait).to.be.closeTo(pWaitA, 0.00005);
      expect(a.pAbandon).to.be.closeTo(pAb, 0.00005);
      expect(a.waitMs / 1000).to.be.closeTo(waitS, 0.005);
    });

  it('turns away as Erlang B says', () => {
    // a = 2, N = 3: (8/6) / (1 + 2 + 2 + 8/6).
    expect(erlangB(3, 2)).to.be.closeTo(4 / 3 / (5 + 4 / 3), 1e-12);
    expect(erlangB(0, 2)).to.equal(1);
    expect(erlangB(5_000, 10)).to.equal(0);
  });

  it('says that the line grows without end where nobody gives up and the load is too high', () => {
    const queue = { agents: 10, callsPerHour: 120, handlingMs: 300_000 };
    expect(offeredLoad(queue)).to.equal(10);
    expect(erlangC(queue)).to.deep.include({ pWait: 1, waitMs: Infinity });
    expect(erlangC(queue).serviceLevel(20_000)).to.equal(0);
  });

  it('nears Erlang C with long patience and Erlang B with short patience', () => {
    const queue = { agents: 10, callsPerHour: 100, handlingMs: 270_000 };
    const patient = erlangA(queue, 1e12);
    expect(patient.pWait).to.be.closeTo(erlangC(queue).pWait, 1e-5);
    expect(patient.waitMs).to.be.closeTo(erlangC(queue).waitMs, 10);
    expect(patient.serviceLevel(20_000)).to.be.closeTo(erlangC(queue).serviceLevel(20_000), 1e-5);
    expect(erlangA(queue, 1).pAbandon).to.be.closeTo(erlangB(10, 7.5), 1e-4);
    expect(erlangA(queue, 0).pAbandon).to.equal(erlangB(10, 7.5));
  });

  it('answers sooner or later everybody who does not give up, and more the longer one looks', () => {
    const overloaded = { agents: 100, callsPerHour: 1_500, handlingMs: 300_000 };
    const a = erlangA(overloaded, 60_000);
    expect(a.serviceLevel(1e9)).to.be.closeTo(1 - a.pAbandon, 1e-9);
    expect(a.serviceLevel(0)).to.be.closeTo(1 - a.pWait, 1e-9);
    const steps = [0, 5, 10, 20, 40, 80].map((s) => a.serviceLevel(s * 1000));
    expect(steps).to.deep.equal([...steps].sort((x, y) => x - y));
    // What is offered and not given up is at agents.
    expect(a.occupancy).to.be.closeTo((125 * (1 - a.pAbandon)) / 100, 1e-12);
  });

  it('is quiet where nobody calls', () => {
    const quiet = { agents: 3, callsPerHour: 0, handlingMs: 300_000 };
    for (const f of [erlangC(quiet), erlangA(quiet, 60_000)])
      expect(f).to.deep.include({ pWait: 0, pAbandon: 0, waitMs: 0, occupancy: 0 });
  });
});
