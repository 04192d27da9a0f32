import { expect } from 'chai';
import { readHealth } from '../../src/adapters/redis/health.js';
import { DIDS } from '../support/lab-company.js';
import {
  agentIs,
  CALLED_HZ,
  callIn,
  isRecorded,
  newCaller,
  storyOf,
  talkWithAnn,
  useLab,
} from '../support/lab.js';
import type { ProductProcess } from '../support/product-process.js';
import { until } from '../support/until.js';

/** From the end of one process to the first new call that the other one has answered. */
const SERVICE_LIMIT_MS = 3_000;
const EX_TEMPFAIL = 75;

describe('two copies of the program', function () {
  this.timeout(120_000);
  const lab = useLab();
  let second: ProductProcess;
  const isInCharge = (pid: number): Promise<true> =>
    until('the other copy to be in charge', 10_000, async () => {
      const health = await readHealth(lab.product.redis, ['calls', 'jobs']);
      return [...health.values()].every((said) => said['pid'] === pid) && health.size === 2;
    });
  /** Somebody calls until a call is answered; how long that took, in ms. */
  const untilServed = async (since: number): Promise<number> => {
    const party = await lab.carrier.call({ to: DIDS.menu, from: newCaller() });
    await party.answered(10_000);
    const ms = Date.now() - since;
    await party.hangUp();
    return ms;
  };

  beforeEach(async () => {
    second = await lab.product.standby();
    await second.start();
    const health = await readHealth(lab.product.redis, ['calls', 'standby']);
    expect(health.get('calls')?.['pid']).to.equal(lab.product.process.pid);
  });
  /** The first one is in charge again. */
  const handBack = async (): Promise<void> => {
    await second.stop();
    await lab.product.process.start();
  };

  it('one takes over when the other is killed: talks go on, the line keeps its order, new calls are answered within 3 s', async () => {
    const { from, caller, ann: agent } = await talkWithAnn(lab);
    await isRecorded(lab, from);
    const waiting = [newCaller(), newCaller()];
    const inLine = [];
    for (const number of waiting) inLine.push(await callIn(lab, 'queue', number));
    await lab.product.nowHas('two in line', 5_000, ({ calls }) =>
      waiting.every((number) => calls.some((c) => c.from === number && c.stage === 'queue')),
    );
    const killedAt = caller.ear.now();
    const since = Date.now();
    await lab.product.process.kill();
    const ms = await untilServed(since);
    expect(ms, 'ms to the first new call').to.be.at.most(SERVICE_LIMIT_MS);
    await isInCharge(second.pid);
    await lab.product.nowHas('the talk', 5_000, ({ calls }) =>
      calls.some((call) => call.from === from && call.connectedAt !== undefined),
    );
    await caller.endsWithin(500);
    expect(caller.ear.tones(CALLED_HZ, killedAt), 'heard without a break').to.have.length(1);
    // Whoever came first is served first.
    const next = lab.carrier.ringsAt('2001', 20_000);
    await caller.hangUp();
    await agent.ended(5_000);
    const offered = await next;
    expect(offered.shown.number).to.contain(waiting[0]?.slice(-9));
    await offered.answer();
    await agentIs(lab, 'ann', 'talking');
    for (const party of inLine) await party.hangUp();
    await offered.ended(5_000);
    const { row, recordings } = await storyOf(lab, from);
    expect(row.result).to.equal('answered');
    expect(recordings.map(({ state }) => state)).to.deep.equal(['stored']);
    await handBack();
  });

  it('one that stood still finds that it is not in charge any more, and ends without a touch', async () => {
    const first = lab.product.process;
    const { from, caller, ann: agent } = await talkWithAnn(lab);
    const since = Date.now();
    first.freeze();
    expect(await untilServed(since), 'ms to the first new call').to.be.at.most(SERVICE_LIMIT_MS);
    await isInCharge(second.pid);
    const thawedAt = caller.ear.now();
    expect(await first.thawUntilEnd()).to.equal(EX_TEMPFAIL);
    await caller.endsWithin(1_500);
    expect(caller.ear.tones(CALLED_HZ, thawedAt), 'heard without a break').to.have.length(1);
    await caller.hangUp();
    await agent.ended(5_000);
    const { events } = await storyOf(lab, from);
    const sequence = events.map(({ seq }) => seq);
    expect(new Set(sequence).size, 'no sequence number twice').to.equal(sequence.length);
    expect(events.filter(({ kind }) => kind === 'call-ended')).to.have.length(1);
    await handBack();
  });

  it('the one in charge is stopped for an upgrade: the other goes on at once', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    const since = Date.now();
    await lab.product.process.stop();
    expect(await untilServed(since), 'ms to the first new call').to.be.at.most(SERVICE_LIMIT_MS);
    await isInCharge(second.pid);
    await caller.endsWithin(500);
    await caller.hangUp();
    await handBack();
  });
});
