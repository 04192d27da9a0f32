import { expect } from 'chai';
import type { ChannelId } from '../../../src/kernel/ids.js';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import {
  ADA,
  BEN,
  CALLER,
  demoDirectory,
  DID,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const number = (digits: string): string => `+4420794602${digits}`;
const line = (digits: string): RegExp => new RegExp(`^PJSIP/\\${number(digits)}@trunk-`);

describe('a progressive campaign', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
    ).start();
    // Agents' phones answer by themselves.
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 100 });
    bench.campaignRows.campaigns = [plainCampaign()];
  });
  afterEach(async () => {
    expect(bench.errors).to.deep.equal([]);
    expect(bench.ari.listenerErrors).to.deep.equal([]);
    await bench.stop();
  });

  const leads = (...digits: string[]): void => {
    bench.campaignRows.waiting.set(CAMPAIGN, digits.map(number));
  };
  const begin = async (): Promise<void> => {
    bench.campaigns.open();
    await bench.advance(1_000);
  };
  const dialled = (): number =>
    bench.ari.log.filter((entry) => /^originate .*@trunk-/.test(entry)).length;
  const channelOf = (digits: string): ChannelId => {
    const entry = bench.ari.log.findLast((one) => one.includes(`${number(digits)}@trunk-`));
    return (entry?.split(' ')[1] ?? '') as ChannelId;
  };

  it('dials nobody while no agent is there, and says why', async () => {
    leads('01');
    await begin();
    expect(dialled()).to.equal(0);
    expect(bench.campaigns.live[0]?.hold?.why).to.equal('no-agents');
  });

  it('dials one line for each free agent, and gives the person who answers to one at once', async () => {
    leads('01', '02', '03');
    bench.ari.farEnd(line('\\d\\d'), { kind: 'answers', afterMs: 3_000, talkMs: 60_000 });
    bench.signIn(ADA);
    bench.signIn(BEN);
    await begin();
    expect(dialled()).to.equal(2);
    await bench.advance(4_000);
    expect(dialled()).to.equal(2);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    expect(bench.roster.state(BEN)?.state).to.equal('talking');
    const news = bench.campaignRows.of(number('01'));
    expect(news).to.include({ agentId: ADA, trunkId: 1, callerId: DID });
    expect((news.connectedAt ?? 0) - (news.answeredAt ?? 0)).to.be.within(0, 500);
    expect(news.result).to.equal(undefined);
    await bench.advance(61_000);
    expect(bench.campaignRows.of(number('01'))).to.include({ result: 'human', cause: 16 });
  });

  it('shows the agent whom the call is about, and tells pages which lead it is', async () => {
    leads('01');
    bench.ari.farEnd(line('01'), { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
    bench.signIn(ADA);
    await begin();
    await bench.advance(2_000);
    const [call] = [...bench.calls.values()];
    expect(call?.live.about).to.deep.equal({ number: number('01'), name: 'Person 1' });
    expect(call?.live.campaign).to.deep.include({ id: CAMPAIGN, name: 'Renewals', lead: 1 });
    const phone = [...bench.ari.channels.values()].find(({ name }) => name.includes('PJSIP/2001'));
    expect(phone?.callerNumber).to.equal(number('01'));
    expect(phone?.variables.get('PJSIP_HEADER(add,Answer-Mode)')).to.equal('Auto');
  });

  it('keeps what each number said', async () => {
    leads('01', '02', '03', '04', '05');
    bench.ari.farEnd(line('01'), { kind: 'busy' });
    bench.ari.farEnd(line('02'), { kind: 'unknown-number' });
    bench.ari.farEnd(line('03'), { kind: 'declines' });
    bench.ari.farEnd(line('04'), { kind: 'rings' });
    bench.ari.farEnd(line('05'), { kind: 'silent' });
    bench.signIn(ADA);
    await begin();
    await bench.advance(200_000);
    expect(bench.campaignRows.results).to.deep.equal([
      [number('01'), 'busy'],
      [number('02'), 'invalid'],
      [number('03'), 'rejected'],
      [number('04'), 'no-answer'],
      [number('05'), 'congestion'],
    ]);
  });

  it('gives a line up at once that says that the number is not in service', async () => {
    leads('01');
    bench.ari.farEnd(line('01'), { kind: 'silent' });
    bench.signIn(ADA);
    await begin();
    bench.ari.beep(channelOf('01'));
    await bench.advance(100);
    expect(bench.campaignRows.of(number('01'))).to.include({ result: 'invalid', cause: 1 });
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });

  describe('a person for whom no agent is there', () => {
    beforeEach(async () => {
      // The phone rings, and nobody answers it.
      bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'rings' });
      bench.ari.farEnd(line('01'), { kind: 'answers', afterMs: 1_000 });
      leads('01');
      bench.signIn(ADA);
      await begin();
      await bench.advance(2_000);
    });

    it('hears so two seconds after the answer, and not before', async () => {
      const played = (): boolean => bench.ari.log.some((entry) => entry.includes('campaign-sorry'));
      expect(played()).to.equal(false);
      await bench.advance(1_100);
      expect(played()).to.equal(true);
      await bench.advance(20_000);
      expect(bench.campaignRows.of(number('01')).result).to.equal('abandoned');
      expect(bench.last('queue-left')).to.include({
        outcome: 'abandoned',
        reason: 'no-agent-in-time',
      });
      expect(bench.campaigns.live[0]?.abandonment).to.include({ answered: 1, abandoned: 1 });
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });

    it('is never called again after the key', async () => {
      await bench.advance(1_500);
      await bench.press(channelOf('01'), '1');
      expect(bench.campaignRows.optedOut).to.deep.equal([]);
      await bench.press(channelOf('01'), '9');
      await bench.advance(10_000);
      expect(bench.campaignRows.optedOut).to.deep.equal([
        { number: number('01'), campaign: CAMPAIGN },
      ]);
      expect(bench.campaignRows.of(number('01')).result).to.equal('abandoned');
    });

    it('who hangs up before is nobody whom we abandoned', async () => {
      bench.ari.hangUpFarEnd(channelOf('01'));
      await bench.advance(1_000);
      expect(bench.campaignRows.of(number('01')).result).to.equal('hung-up');
      expect(bench.campaigns.live[0]?.abandonment).to.include({ answered: 1, abandoned: 0 });
    });
  });

  it('gives a ringing line up when its agent has gone, but not before fifteen seconds', async () => {
    leads('01');
    bench.ari.farEnd(line('01'), { kind: 'rings' });
    bench.signIn(ADA);
    await begin();
    bench.roster.signOut(ADA, true);
    await bench.advance(13_000);
    expect(bench.campaignRows.of(number('01')).result).to.equal(undefined);
    await bench.advance(3_000);
    expect(bench.campaignRows.of(number('01')).result).to.equal('cancelled');
  });

  describe('an agent who vanishes in mid-call', () => {
    const phone = (): ChannelId => {
      const found = [...bench.ari.channels.values()].find(({ name }) =>
        name.includes('PJSIP/2001'),
      );
      if (found === undefined) throw new Error('the phone has no call');
      return found.id;
    };
    beforeEach(async () => {
      leads('01', '02');
      bench.ari.farEnd(line('01'), { kind: 'answers', afterMs: 1_000, talkMs: 300_000 });
      bench.ari.farEnd(line('02'), { kind: 'rings' });
      bench.signIn(ADA);
      await begin();
      await bench.advance(2_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
    });
    const isCountedOnce = (): void => {
      expect(bench.campaigns.live[0]?.abandonment).to.include({ answered: 1, abandoned: 0 });
      expect(bench.campaigns.live[0]?.lines).to.include({ waiting: 0, talking: 0 });
    };

    it('with a phone that goes dark while it holds: the person waits for a colleague, in the same attempt', async () => {
      bench.ari.hold(phone());
      bench.unregistered.add('2001');
      await bench.advance(16_000);
      expect(bench.roster.state(ADA)?.state).to.equal('phone-lost');
      expect(bench.campaignRows.of(number('01')).result).to.equal(undefined);
      expect(dialled(), 'nobody is dialled for whoever is gone').to.equal(1);
      bench.signIn(BEN);
      await bench.advance(2_000);
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      expect(dialled(), 'nor while the person who waits has the next agent').to.equal(1);
      bench.ari.hangUpFarEnd(channelOf('01'));
      await bench.advance(1_000);
      expect(bench.campaignRows.of(number('01'))).to.include({ result: 'human', agentId: ADA });
      isCountedOnce();
    });

    it('and no colleague comes: who gives up then has been spoken with, and was not abandoned', async () => {
      bench.ari.hold(phone());
      bench.unregistered.add('2001');
      await bench.advance(30_000);
      bench.ari.hangUpFarEnd(channelOf('01'));
      await bench.advance(1_000);
      expect(bench.campaignRows.of(number('01')).result).to.equal('human');
      expect(dialled()).to.equal(1);
      isCountedOnce();
    });

    it('with a phone that is unplugged in the talk: the attempt ends as what it was', async () => {
      bench.unregistered.add('2001');
      // What Asterisk says when no sound has come for long.
      bench.ari.hangUpFarEnd(phone(), 44);
      await bench.advance(20_000);
      expect(bench.campaignRows.of(number('01')).result).to.equal('human');
      expect(bench.roster.state(ADA)?.state).to.equal('phone-lost');
      expect(dialled()).to.equal(1);
      expect(bench.calls.size).to.equal(0);
      isCountedOnce();
    });
  });

  it('dials nothing while more callers wait than it may let', async () => {
    bench.campaignRows.campaigns = [plainCampaign({ inboundThreshold: 0 })];
    leads('01', '02');
    bench.ari.farEnd(line('\\d\\d'), { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
    const caller = await bench.callIn(DID, CALLER);
    await bench.press(caller, '1');
    bench.signIn(ADA);
    bench.roster.notReady(ADA, 'break', true);
    await bench.advance(3_000);
    await begin();
    expect(bench.campaigns.live[0]).to.deep.include({ callers: 1 });
    expect(bench.campaigns.live[0]?.hold?.why).to.equal('inbound-waits');
    bench.ari.hangUpFarEnd(caller);
    bench.roster.available(ADA);
    await bench.advance(1_000);
    expect(dialled()).to.equal(1);
  });

  it('loses no result while the database is away, and burns no lead', async () => {
    leads('01', '02');
    bench.ari.farEnd(line('\\d\\d'), { kind: 'busy', afterMs: 2_000 });
    bench.signIn(ADA);
    await begin();
    bench.campaignRows.isAway = true;
    await bench.advance(60_000);
    expect(dialled()).to.equal(1);
    expect(bench.campaigns.live[0]?.hold?.why).to.equal('database-away');
    expect(bench.campaigns.live[0]?.behind).to.be.greaterThan(0);
    bench.campaignRows.isAway = false;
    await bench.advance(10_000);
    expect(bench.campaignRows.results).to.deep.equal([
      [number('01'), 'busy'],
      [number('02'), 'busy'],
    ]);
  });

  it('stops at a trunk that refuses everything, tells people, and no lead pays', async () => {
    const digits = Array.from({ length: 20 }, (_, n) => String(n + 10));
    leads(...digits);
    bench.ari.farEnd(line('\\d\\d'), { kind: 'congestion' });
    bench.signIn(ADA);
    await begin();
    await bench.advance(180_000);
    const results = bench.campaignRows.results.map(([, result]) => result);
    expect(new Set(results)).to.deep.equal(new Set(['failed']));
    expect(bench.campaignRows.halted).to.deep.equal([
      { campaign: CAMPAIGN, state: 'paused', reason: 'trunks-refuse' },
    ]);
    expect(bench.alarms).to.include('a trunk refuses every call');
    expect(bench.campaigns.refusing).to.deep.equal([...bench.directory.trunks.keys()]);
  });

  it('takes one number that cannot be reached for what it is', async () => {
    leads('01', '02');
    bench.ari.farEnd(line('01'), { kind: 'congestion' });
    bench.ari.farEnd(line('02'), { kind: 'busy' });
    bench.signIn(ADA);
    await begin();
    await bench.advance(5_000);
    expect(bench.campaignRows.results).to.deep.equal([
      [number('01'), 'congestion'],
      [number('02'), 'busy'],
    ]);
  });
});
