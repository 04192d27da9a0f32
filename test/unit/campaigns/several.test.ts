import { expect } from 'chai';
import type { CampaignId } from '../../../src/kernel/ids.js';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const OTHER = 8 as CampaignId;
const numbers = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `+44207946${String(first + n)}`);

describe('several campaigns with the same agents', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
    ).start();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 100 });
    bench.ari.farEnd(/@trunk-/, { kind: 'rings' });
    bench.signIn(ADA);
    bench.signIn(BEN);
  });
  afterEach(async () => {
    expect(bench.errors).to.deep.equal([]);
    await bench.stop();
  });

  const run = async (priority: number, other: number, leads: number): Promise<void> => {
    bench.campaignRows.campaigns = [
      plainCampaign({ priority }),
      plainCampaign({ id: OTHER, name: 'Surveys', priority: other }),
    ];
    bench.campaignRows.waiting.set(CAMPAIGN, numbers(1_000, leads));
    bench.campaignRows.waiting.set(OTHER, numbers(2_000, 50));
    bench.campaigns.open();
    await bench.advance(2_000);
  };
  const dialledBy = (campaign: CampaignId): number =>
    [...bench.campaignRows.attempts.values()].filter(({ lead }) => lead.campaign === campaign)
      .length;

  it('the one with the higher priority has them all, and no agent is dialled for twice', async () => {
    await run(9, 5, 50);
    expect([dialledBy(CAMPAIGN), dialledBy(OTHER)]).to.deep.equal([2, 0]);
    await bench.advance(5_000);
    expect(dialledBy(CAMPAIGN) + dialledBy(OTHER)).to.equal(2);
  });

  it('the next one has those that the first has nobody to call for', async () => {
    await run(9, 5, 1);
    await bench.advance(40_000);
    expect(dialledBy(CAMPAIGN)).to.equal(1);
    expect(dialledBy(OTHER)).to.be.greaterThan(1);
  });

  it('equals share them', async () => {
    await run(5, 5, 50);
    expect([dialledBy(CAMPAIGN), dialledBy(OTHER)]).to.deep.equal([1, 1]);
  });
});
