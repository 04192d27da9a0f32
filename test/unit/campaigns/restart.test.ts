import { expect } from 'chai';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import {
  ADA,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const TALKS = '+442079460201';
const RINGS = '+442079460202';

describe('a campaign over a restart', () => {
  let former: SwitchboardBench;
  beforeEach(async () => {
    former = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
    ).start();
    former.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 100 });
    former.ari.farEnd(/\+442079460201@/, { kind: 'answers', afterMs: 500, talkMs: 60_000 });
    former.ari.farEnd(/\+442079460202@/, { kind: 'rings' });
    former.campaignRows.campaigns = [plainCampaign()];
    former.campaignRows.waiting.set(CAMPAIGN, [TALKS]);
    former.signIn(ADA);
    former.campaigns.open();
    await former.advance(3_000);
    expect(former.roster.state(ADA)?.state).to.equal('talking');
  });

  const restart = async (): Promise<SwitchboardBench> => {
    former.kill();
    const bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
      former,
    ).start();
    bench.campaigns.open();
    await bench.settle();
    return bench;
  };

  it('takes up the talk, and knows in the end what it was', async () => {
    const bench = await restart();
    await bench.advance(20_000);
    expect(bench.campaignRows.of(TALKS).result).to.equal(undefined);
    expect(bench.campaigns.live[0]?.lines.talking).to.equal(1);
    await bench.advance(60_000);
    expect(bench.campaignRows.of(TALKS).result).to.equal('human');
    expect(bench.errors).to.deep.equal([]);
  });

  it('gives back who was ringing when the program died', async () => {
    former.campaignRows.waiting.set(CAMPAIGN, [RINGS]);
    former.ari.hangUpFarEnd(
      [...former.calls.values()][0]?.channel ??
        (() => {
          throw new Error('no call');
        })(),
    );
    await former.advance(500);
    former.roster.available(ADA);
    await former.advance(2_000);
    expect(former.campaignRows.of(RINGS).callId).to.be.a('string');
    const bench = await restart();
    await bench.advance(17_000);
    expect(bench.campaignRows.of(RINGS).result).to.equal('failed');
    expect(bench.errors).to.deep.equal([]);
  });

  it('writes what a killed process could not, before it looks for what is left', async () => {
    former.campaignRows.isAway = true;
    await former.advance(60_000);
    expect(former.campaigns.live[0]?.behind).to.be.greaterThan(0);
    const endedAt = former.clock.now();
    const bench = await restart();
    await bench.advance(20_000);
    expect(bench.campaignRows.of(TALKS).result).to.equal(undefined);
    bench.campaignRows.isAway = false;
    await bench.advance(20_000);
    expect(bench.campaignRows.of(TALKS).result).to.equal('human');
    expect(bench.campaignRows.of(TALKS).endedAt).to.be.at.most(endedAt);
    expect(bench.campaignRows.attempts.size).to.equal(1);
    expect(bench.keptByCampaigns.lines).to.deep.equal([]);
    expect(bench.campaigns.live[0]?.behind).to.equal(undefined);
    expect(bench.errors).to.deep.equal([]);
  });

  it('knows a talk that ended while nobody watched', async () => {
    former.kill();
    former.ari.losesListener();
    const [call] = [...former.calls.values()];
    if (call === undefined) throw new Error('no call');
    former.ari.hangUpFarEnd(call.channel);
    const bench = await restart();
    await bench.advance(20_000);
    expect(bench.campaignRows.of(TALKS).result).to.equal('human');
  });
});
