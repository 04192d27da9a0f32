import { expect } from 'chai';
import type { AgentId, CampaignId, ContactId, FollowUpId } from '../../../src/kernel/ids.js';
import type { RunningCampaign } from '../../../src/telephony/campaigns.js';
import type { LivePreview } from '../../../src/telephony/live-previews.js';
import {
  ADA,
  BEN,
  DID,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const CUSTOMER = /^PJSIP\/\+44.*@trunk-/;
const GRACE = '+442079460701';
const HOUR_MS = 3_600_000;
const RULE = { attempts: 2, retryMs: 10 * 60_000, graceMs: 60_000 };

const campaign: RunningCampaign = {
  ...{ id: 1 as CampaignId, name: 'Appointments', mode: 'appointment', queueId: salesQueue.id },
  ...{ priority: 5, language: 'en', ringMs: 25_000, maxLines: 10, optOutDigit: '9' },
  ...{ abandonLimit: 0.03, abandonWindowMs: 86_400_000, machine: { kind: 'off' } },
  preview: { limitMs: 60_000, atLimit: 'skip' },
  followUps: RULE,
};

describe('promised calls', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false, maxWaitMs: 0 }),
    ).start();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 1_000 });
    bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 2_000, talkMs: 10_000 });
    bench.previewRows.campaigns = [campaign];
    // Campaigns are looked at every two seconds.
    await bench.advance(2_500);
  });
  afterEach(() => {
    expect(bench.errors).to.deep.equal([]);
    expect(bench.healed).to.deep.equal([]);
  });

  const promise = (inMs: number, agent?: AgentId) =>
    bench.previewRows.promise({
      ...{ id: 1 as FollowUpId, kind: 'appointment', campaign: campaign.id },
      ...{ contact: 7 as ContactId, name: 'Grace Hall', number: GRACE, note: 'wants a quote' },
      dueAt: bench.clock.now() + inMs,
      ...(agent === undefined ? {} : { agent }),
    });
  const before = (agent: AgentId): LivePreview | undefined => bench.previews.of(agent).preview;
  const stateOf = (agent: AgentId): string | undefined => bench.roster.state(agent)?.state;

  it('reminds whoever promised it, and comes at its time, to that agent', async () => {
    promise(HOUR_MS, ADA);
    bench.signIn(ADA);
    bench.signIn(BEN);
    await bench.advance(HOUR_MS - 6 * 60_000);
    expect(bench.previews.of(ADA).reminder).to.equal(undefined);
    await bench.advance(2 * 60_000);
    expect(bench.previews.of(ADA).reminder).to.include({ name: 'Grace Hall' });
    expect(bench.previews.of(BEN).reminder).to.equal(undefined);
    expect(before(ADA)).to.equal(undefined);
    await bench.advance(4 * 60_000 + 2_000);
    expect(before(ADA)?.promise).to.include({ kind: 'appointment', note: 'wants a quote' });
    expect(before(BEN)).to.equal(undefined);
    expect(bench.previews.of(ADA).reminder).to.equal(undefined);
  });

  it('is dialled when it was read for 20 s, whatever the campaign says of other records', async () => {
    const row = promise(1_000, ADA);
    bench.signIn(ADA);
    await bench.advance(28_000);
    expect(before(ADA)?.phase).to.not.equal('record');
    await bench.advance(4_000);
    expect(stateOf(ADA)).to.equal('talking');
    await bench.advance(1_000);
    expect(row).to.include({ state: 'done' });
    expect(row.followUp.attempts).to.equal(1);
  });

  it('waits a while for whoever promised it and is away, then goes to a colleague, and says so', async () => {
    promise(1_000, ADA);
    bench.roster.signIn(ADA, 1 as never);
    bench.signIn(BEN);
    await bench.advance(RULE.graceMs - 10_000);
    expect(before(BEN)).to.equal(undefined);
    await bench.advance(20_000);
    expect(before(BEN)?.promise?.insteadOf).to.equal('Ada');
  });

  it('waits for whoever promised it and talks; others get their calls meanwhile', async () => {
    bench.ari.farEnd(/^PJSIP\/2001$/, { kind: 'answers', afterMs: 100, talkMs: 20_000 });
    bench.signIn(ADA);
    const caller = await bench.callIn(DID);
    await bench.press(caller, '1');
    await bench.advance(1_000);
    expect(stateOf(ADA)).to.equal('talking');
    promise(1_000, ADA);
    bench.signIn(BEN);
    await bench.advance(10_000);
    expect(before(BEN)).to.equal(undefined);
    await bench.advance(30_000);
    expect(before(ADA)?.number).to.equal(GRACE);
  });

  it('goes before callers who wait', async () => {
    promise(500);
    await bench.advance(6_000);
    const caller = await bench.callIn(DID);
    await bench.press(caller, '1');
    await bench.advance(1_000);
    bench.signIn(ADA);
    await bench.advance(1_000);
    expect(before(ADA)?.number).to.equal(GRACE);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
  });

  it('is tried again later when nobody was reached, and is given up after the last try', async () => {
    bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
    const row = promise(500, ADA);
    bench.signIn(ADA);
    await bench.advance(32_000);
    expect(row.state).to.equal('open');
    expect(row.followUp.attempts).to.equal(1);
    expect(before(ADA)).to.equal(undefined);
    await bench.advance(RULE.retryMs - 60_000);
    expect(bench.previewRows.attempts.size).to.equal(1);
    await bench.advance(120_000);
    expect(bench.previewRows.attempts.size).to.equal(2);
    expect(row).to.include({ state: 'failed' });
  });

  it('goes back into the line when the agent leaves, without a try counted', async () => {
    const row = promise(500);
    bench.signIn(ADA);
    await bench.advance(7_000);
    expect(before(ADA)?.number).to.equal(GRACE);
    bench.roster.signOut(ADA);
    await bench.advance(1_000);
    expect(row.state).to.equal('open');
    expect(row.followUp.attempts).to.equal(0);
    bench.signIn(BEN);
    await bench.advance(12_000);
    expect(before(BEN)?.number).to.equal(GRACE);
  });

  it('leaves the line when it is cancelled', async () => {
    const row = promise(500);
    await bench.advance(7_000);
    expect(bench.roster.acd.engine.line(salesQueue.id)?.length).to.equal(1);
    row.state = 'cancelled';
    await bench.advance(7_000);
    expect(bench.roster.acd.engine.line(salesQueue.id)?.length).to.equal(0);
  });

  it('that was made while the database is away is done, also when the program is killed meanwhile', async () => {
    const row = promise(1_000, ADA);
    bench.signIn(ADA);
    await bench.advance(23_500);
    expect(before(ADA)?.phase).to.equal('customer');
    bench.previewRows.isAway = true;
    await bench.advance(20_000);
    expect(row.state).to.equal('calling');
    bench.kill();
    bench.previewRows.isAway = false;
    const next = await new SwitchboardBench(bench.directory, bench).start();
    await next.advance(40_000);
    expect(row).to.include({ state: 'done' });
    expect(row.followUp.attempts).to.equal(1);
    expect(next.previewRows.attempts.size).to.equal(1);
    expect(next.keptByPreviews.lines).to.deep.equal([]);
    expect(next.errors).to.deep.equal([]);
  });

  it('is not lost in a restart: one that was read comes again', async () => {
    const row = promise(500, ADA);
    bench.signIn(ADA);
    await bench.advance(7_000);
    expect(row.state).to.equal('calling');
    const former = bench;
    former.kill();
    bench = await new SwitchboardBench(former.directory, former).start();
    await former.stop();
    await bench.advance(15_000);
    expect(before(ADA)?.number).to.equal(GRACE);
    expect(row.followUp.attempts).to.equal(0);
  });
});
