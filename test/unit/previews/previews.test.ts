import { expect } from 'chai';
import type { AttemptId, CampaignId, ExtensionId } from '../../../src/kernel/ids.js';
import type { RunningCampaign } from '../../../src/telephony/campaigns.js';
import type { DeskAnswer } from '../../../src/telephony/live.js';
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
const ALAN = '+442079460702';
const LIMIT_MS = 60_000;
const WRAP_UP_MS = salesQueue.wrapUp.ms;

const campaign: RunningCampaign = {
  id: 1 as CampaignId,
  name: 'Renewals',
  mode: 'preview',
  queueId: salesQueue.id,
  priority: 5,
  language: 'en',
  ringMs: 25_000,
  maxLines: 10,
  abandonLimit: 0.03,
  abandonWindowMs: 86_400_000,
  machine: { kind: 'off' },
  optOutDigit: '9',
  preview: { limitMs: LIMIT_MS, atLimit: 'dial' },
};

describe('previews', () => {
  let bench: SwitchboardBench;
  const startBench = async (former?: SwitchboardBench): Promise<SwitchboardBench> => {
    bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false, maxWaitMs: 0 }),
      former,
    ).start();
    return bench;
  };
  beforeEach(async () => {
    await startBench();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 2_000 });
    bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 3_000, talkMs: 20_000 });
    bench.previewRows.campaigns = [campaign];
    // Campaigns are looked at every two seconds.
    await bench.advance(2_500);
  });
  afterEach(() => {
    expect(bench.errors).to.deep.equal([]);
    expect(bench.ari.listenerErrors).to.deep.equal([]);
    expect(bench.healed).to.deep.equal([]);
  });

  const rows = (): SwitchboardBench['previewRows'] => bench.previewRows;
  const results = (number: string): readonly string[] =>
    rows().leads.find((lead) => lead.number === number)?.results ?? [];
  const before = (agent = ADA): LivePreview | undefined => bench.previews.of(agent).preview;
  const stateOf = (agent = ADA): string | undefined => bench.roster.state(agent)?.state;
  const attemptOf = (agent = ADA): AttemptId => before(agent)?.attempt ?? ('none' as AttemptId);
  const callNow = (agent = ADA): Promise<DeskAnswer> =>
    bench.ask({ kind: 'preview-call', agentId: agent, attempt: attemptOf(agent) });
  const skip = (agent = ADA): Promise<DeskAnswer> =>
    bench.ask({
      kind: 'preview-skip',
      agentId: agent,
      attempt: attemptOf(agent),
      reason: 'bad-time',
    });
  const dialled = (): readonly string[] =>
    bench.ledger.flatMap((event) =>
      event.kind === 'leg-started' && event.role === 'outside' ? [event.number] : [],
    );
  const notDone = (): readonly string[] =>
    [...rows().attempts.values()].flatMap(({ result, lead }) =>
      result === undefined ? [lead.number] : [],
    );

  describe('a record', () => {
    it('comes to an agent who has nothing to do, before anything rings', async () => {
      rows().addLead(GRACE, 'Grace Hall');
      bench.signIn(ADA);
      await bench.advance(1_000);
      expect(stateOf()).to.equal('preview');
      expect(before()).to.include({ name: 'Grace Hall', number: GRACE, phase: 'record' });
      expect(before()?.until).to.be.closeTo(bench.clock.now() + LIMIT_MS, 1_000);
      expect(bench.ari.channels.size).to.equal(0);
    });

    it('comes once, to one agent', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      bench.signIn(BEN);
      await bench.advance(3_000);
      expect([stateOf(ADA), stateOf(BEN)].toSorted()).to.deep.equal(['available', 'preview']);
      expect(rows().attempts.size).to.equal(1);
    });

    it('keeps calls of queues away, and waits while somebody waits for the agent', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      const caller = await bench.callIn(DID);
      await bench.press(caller, '1');
      await bench.advance(2_000);
      expect(stateOf()).to.equal('preview');
      await skip();
      await bench.advance(200);
      expect(stateOf(), 'the caller goes before the next record').to.equal('ringing');
    });

    it('does not come while more callers wait than the campaign allows', async () => {
      rows().campaigns = [{ ...campaign, inboundThreshold: 0 }];
      await bench.advance(2_500);
      rows().addLead(GRACE);
      bench.roster.signIn(BEN, 2 as ExtensionId);
      const caller = await bench.callIn(DID);
      await bench.press(caller, '1');
      // Somebody waits whom this agent has just missed.
      bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'declines', afterMs: 100 });
      bench.signIn(ADA);
      await bench.advance(2_000);
      expect(stateOf()).to.equal('available');
      expect(rows().attempts.size).to.equal(0);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(2_000);
      expect(stateOf()).to.equal('preview');
    });

    it('goes back as it was when a call comes while it is fetched', async () => {
      const lead = rows().addLead(GRACE);
      rows().onClear = () => {
        bench.roster.notReady(ADA, 'break');
      };
      bench.signIn(ADA);
      await bench.advance(1_000);
      expect(stateOf()).to.equal('not-ready');
      expect(lead).to.deep.include({ state: 'open', results: ['failed'] });
    });

    for (const [how, leave] of [
      ['signs out', () => bench.roster.signOut(ADA)],
      ['goes on a break', () => bench.roster.notReady(ADA, 'break')],
      ['loses the phone', () => bench.roster.phoneChanged(1 as ExtensionId, false)],
    ] as const)
      it(`goes back as it was when the agent ${how}`, async () => {
        const lead = rows().addLead(GRACE);
        bench.signIn(ADA);
        await bench.advance(1_000);
        leave();
        await bench.advance(1_000);
        expect(before()).to.equal(undefined);
        expect(lead).to.deep.include({ state: 'open', results: ['failed'] });
        bench.signIn(BEN);
        await bench.advance(1_000);
        expect(before(BEN)?.number).to.equal(GRACE);
      });

    it('goes back when its campaign is stopped', async () => {
      const lead = rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      rows().campaigns = [];
      await bench.advance(3_000);
      expect(stateOf()).to.equal('available');
      expect(lead).to.deep.include({ state: 'open', results: ['failed'] });
    });

    it('is dialled when its time is over, where the campaign says so', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(LIMIT_MS + 2_000);
      expect(before()?.phase).to.equal('own-phone');
      await bench.advance(2_000);
      expect(dialled()).to.deep.equal([GRACE]);
    });

    it('is skipped where the campaign says so; an agent who gives no sign is set not ready', async () => {
      rows().campaigns = [{ ...campaign, preview: { limitMs: LIMIT_MS, atLimit: 'skip' } }];
      await bench.advance(2_500);
      rows().addLead(GRACE);
      rows().addLead(ALAN);
      rows().addLead('+442079460703');
      bench.signIn(ADA);
      await bench.advance(LIMIT_MS + 2_000);
      expect(results(GRACE)).to.deep.equal(['skipped time-over']);
      expect(before()?.number).to.equal(ALAN);
      await bench.advance(LIMIT_MS + 2_000);
      expect(results(ALAN)).to.deep.equal(['skipped time-over']);
      expect(bench.roster.state(ADA)).to.include({ state: 'not-ready', reason: 'missed-calls' });
      expect(notDone()).to.deep.equal([]);
    });
  });

  describe('calling', () => {
    it("rings the agent's phone, then the customer; the talk has the queue's wrap-up, then the next comes", async () => {
      rows().addLead(GRACE, 'Grace Hall');
      rows().addLead(ALAN);
      bench.signIn(ADA);
      await bench.advance(1_000);
      const attempt = attemptOf();
      expect(await callNow()).to.deep.equal({ ok: true });
      expect(await callNow(), 'twice does nothing twice').to.deep.equal({ ok: true });
      await bench.advance(1_000);
      expect(before()?.phase).to.equal('own-phone');
      expect(dialled()).to.deep.equal([]);
      await bench.advance(1_500);
      expect(before()?.phase).to.equal('customer');
      expect(dialled()).to.deep.equal([GRACE]);
      await bench.advance(3_500);
      expect(bench.roster.state(ADA)).to.include({ state: 'talking', queue: salesQueue.id });
      expect(before()).to.equal(undefined);
      expect(rows().attempts.get(attempt)).to.include({ result: 'human', agentId: ADA });
      const call = rows().attempts.get(attempt)?.callId;
      expect(bench.last('connected')?.callId).to.equal(call);
      await bench.advance(20_000);
      expect(stateOf()).to.equal('wrap-up');
      expect(rows().attempts.get(attempt)?.endedAt).to.be.a('number');
      await bench.advance(WRAP_UP_MS + 1_000);
      expect(before()?.number).to.equal(ALAN);
      await skip();
      await bench.advance(1_000);
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });

    for (const [result, end] of [
      ['busy', { kind: 'busy', afterMs: 500 }],
      ['rejected', { kind: 'declines', afterMs: 500 }],
    ] as const)
      it(`writes ${result}, needs no wrap-up, and goes on with the next`, async () => {
        bench.ari.farEnd(CUSTOMER, end);
        rows().addLead(GRACE, 'Grace Hall');
        rows().addLead(ALAN);
        rows().final.add(result);
        bench.signIn(ADA);
        await bench.advance(1_000);
        await callNow();
        await bench.advance(4_000);
        expect(results(GRACE)).to.deep.equal([result]);
        expect(before()?.number).to.equal(ALAN);
        expect(bench.states.map(({ state }) => state)).to.not.include('wrap-up');
      });

    it('gives a customer who does not answer up after the ring limit of the campaign', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(4_000);
      expect(before()?.phase).to.equal('customer');
      await bench.advance(campaign.ringMs + 1_000);
      expect(results(GRACE)).to.deep.equal(['no-answer']);
      expect(bench.previews.of(ADA).lastPreview).to.include({ number: GRACE, result: 'no-answer' });
      expect(stateOf()).to.equal('available');
    });

    it('comes back to the record when nobody lifts the own phone', async () => {
      bench.ari.farEnd('PJSIP/2001', { kind: 'declines', afterMs: 500 });
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(2_000);
      expect(before()).to.include({ phase: 'record', problem: 'declined' });
      expect(stateOf()).to.equal('preview');
      expect(notDone()).to.deep.equal([GRACE]);
    });

    it('takes the agent away who does not lift when the time is over', async () => {
      bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(LIMIT_MS + salesQueue.ringTimeoutMs + 3_000);
      expect(bench.roster.state(ADA)).to.include({ state: 'not-ready', reason: 'missed-calls' });
      expect(results(GRACE)).to.deep.equal(['failed']);
    });

    it('stops the own phone when the agent hangs up at the page', async () => {
      bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(1_000);
      expect(await bench.ask({ kind: 'agent-hang-up', agentId: ADA })).to.deep.equal({ ok: true });
      await bench.advance(1_000);
      expect(before()).to.include({ phase: 'record', problem: 'stopped' });
      expect(bench.ari.channels.size).to.equal(0);
    });

    it('loses a phone that is not registered, and gives the record back', async () => {
      const lead = rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      bench.unregistered.add('2001');
      await callNow();
      await bench.advance(1_000);
      expect(stateOf()).to.equal('phone-lost');
      expect(lead).to.deep.include({ state: 'open', results: ['failed'] });
    });

    it('is cancelled when the agent hangs up while the customer rings', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      const lead = rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(4_000);
      const [call] = [...bench.calls.values()];
      if (call) bench.ari.hangUpFarEnd(call.channel);
      await bench.advance(300);
      expect(lead.results).to.deep.equal(['cancelled']);
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });

    it('lets the agent ask for a break meanwhile, which comes after the call', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 5_000 });
      rows().addLead(GRACE);
      rows().addLead(ALAN);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(3_000);
      bench.roster.notReady(ADA, 'break');
      expect(stateOf()).to.equal('preview');
      await bench.advance(6_000);
      expect(bench.roster.state(ADA)).to.include({ state: 'not-ready', reason: 'break' });
      expect(notDone()).to.deep.equal([]);
    });

    it("uses the campaign's numbers where the trunk may show them", async () => {
      rows().addLead(GRACE);
      rows().onClear = () => {
        for (const [id, row] of rows().attempts)
          rows().attempts.set(id, {
            ...row,
            lead: Object.assign(row.lead, { callerIds: ['+442079460188'] }),
          });
      };
      bench.signIn(ADA);
      await bench.advance(1_000);
      const attempt = attemptOf();
      await callNow();
      await bench.advance(4_000);
      await bench.advance(4_000);
      expect(rows().attempts.get(attempt)).to.include({ callerId: '+442079460188', trunkId: 1 });
    });

    it('writes what became of it when the database is back', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      rows().isAway = true;
      await callNow();
      await bench.advance(4_000);
      expect(results(GRACE)).to.deep.equal([]);
      expect(stateOf()).to.equal('available');
      rows().isAway = false;
      await bench.advance(3_000);
      expect(results(GRACE)).to.deep.equal(['busy']);
    });
  });

  describe('not calling', () => {
    it('skips with a reason, and does not skip another one', async () => {
      rows().addLead(GRACE);
      rows().addLead(ALAN);
      bench.signIn(ADA);
      await bench.advance(1_000);
      const attempt = attemptOf();
      expect(await skip()).to.deep.equal({ ok: true });
      await bench.advance(1_000);
      expect(results(GRACE)).to.deep.equal(['skipped bad-time']);
      expect(before()?.number).to.equal(ALAN);
      const again = await bench.ask({
        kind: 'preview-skip',
        agentId: ADA,
        attempt,
        reason: 'other',
      });
      expect(again).to.include({ ok: false, code: 'no-preview' });
      expect(results(ALAN)).to.deep.equal([]);
    });

    it('refuses a number for the campaign or for all', async () => {
      rows().addLead(GRACE);
      rows().addLead(ALAN);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await bench.ask({
        kind: 'preview-refuse',
        agentId: ADA,
        attempt: attemptOf(),
        isForAll: false,
      });
      await bench.advance(1_000);
      await bench.ask({
        kind: 'preview-refuse',
        agentId: ADA,
        attempt: attemptOf(),
        isForAll: true,
      });
      await bench.advance(1_000);
      expect(rows().refused).to.deep.equal([`${GRACE} agent 1`, `${ALAN} agent all`]);
      expect(results(GRACE)).to.deep.equal(['skipped do-not-call']);
    });

    it('keeps the record where a refusal cannot be kept', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      rows().isAway = true;
      const answer = await bench.ask({
        ...{ kind: 'preview-refuse', agentId: ADA },
        ...{ attempt: attemptOf(), isForAll: true },
      });
      expect(answer).to.include({ ok: false, code: 'not-kept' });
      expect(before()?.number).to.equal(GRACE);
    });

    it('is not skipped while it is dialled', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(500);
      expect(await skip()).to.include({ ok: false, code: 'preview-dialled' });
    });
  });

  describe('without a page', () => {
    const dial = async (digits: string): Promise<void> => {
      bench.ari.arrive({ callerNumber: '2001', endpoint: '2001', args: ['phone', digits] });
      await bench.settle();
    };

    it('calls by a code: the phone that dials it is the agent’s', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      const attempt = attemptOf();
      await dial('*21');
      await bench.advance(1_000);
      expect(dialled()).to.deep.equal([GRACE]);
      expect(before()?.phase).to.equal('customer');
      await bench.advance(3_500);
      expect(stateOf()).to.equal('talking');
      expect(rows().attempts.get(attempt)).to.include({ result: 'human' });
      expect(bench.last('call-arrived')).to.include({ direction: 'outbound', to: GRACE });
    });

    it('skips by a code', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await dial('*22');
      await bench.advance(1_000);
      expect(results(GRACE)).to.deep.equal(['skipped other']);
    });

    it('says where there is nothing to call', async () => {
      bench.signIn(ADA);
      await dial('*21');
      await bench.advance(3_000);
      expect(bench.last('call-ended')).to.include({ reason: 'no-preview' });
    });
  });

  describe('a restart', () => {
    const restart = async (): Promise<void> => {
      const former = bench;
      former.kill();
      await startBench(former);
      await former.stop();
    };

    it('gives a record back that was being read, and the agent has one again', async () => {
      const lead = rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await restart();
      await bench.advance(2_000);
      expect(lead.results).to.deep.equal(['failed']);
      expect(before()?.number).to.equal(GRACE);
      expect(stateOf()).to.equal('preview');
      expect(notDone()).to.deep.equal([GRACE]);
    });

    it('goes on with a customer who rings: one call, and no second record', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      rows().addLead(GRACE);
      rows().addLead(ALAN);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(4_000);
      await restart();
      await bench.advance(1_000);
      expect(stateOf()).to.equal('preview');
      expect(bench.roster.state(ADA)?.call).to.equal([...bench.calls.keys()][0]);
      expect(notDone()).to.deep.equal([GRACE]);
      await bench.advance(campaign.ringMs + 2_000);
      expect(results(GRACE)).to.deep.equal(['no-answer']);
      expect(before()?.number).to.equal(ALAN);
    });

    it('keeps a talk, with its wrap-up', async () => {
      rows().addLead(GRACE);
      bench.signIn(ADA);
      await bench.advance(1_000);
      await callNow();
      await bench.advance(8_000);
      expect(stateOf()).to.equal('talking');
      await restart();
      await bench.advance(1_000);
      expect(bench.roster.state(ADA)).to.include({ state: 'talking', queue: salesQueue.id });
      await bench.advance(20_000);
      expect(stateOf()).to.equal('wrap-up');
      expect(results(GRACE)).to.deep.equal(['human']);
    });
  });
});
