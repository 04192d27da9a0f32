import { expect } from 'chai';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const LEADS = 400;

describe('a predictive campaign', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
    ).start();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 100 });
    bench.campaignRows.campaigns = [plainCampaign({ mode: 'predictive', maxLines: 50 })];
    bench.signIn(ADA);
    bench.signIn(BEN);
  });
  afterEach(async () => {
    expect(bench.errors).to.deep.equal([]);
    await bench.stop();
  });

  /** One number in six answers, the others ring out. */
  const leads = (): void => {
    const numbers = Array.from({ length: LEADS }, (_, n) => `+44207946${String(1_000 + n)}`);
    for (const [n, number] of numbers.entries())
      bench.ari.farEnd(
        new RegExp(`\\${number}@`),
        n % 6 === 0 ? { kind: 'answers', afterMs: 8_000, talkMs: 60_000 } : { kind: 'rings' },
      );
    bench.campaignRows.waiting.set(CAMPAIGN, numbers);
  };

  it('dials more lines than there are agents, gives none up before fifteen seconds, and says how it stands', async () => {
    leads();
    bench.campaigns.open();
    let most = 0;
    for (let second = 0; second < 600; second++) {
      await bench.advance(1_000);
      const { lines } = bench.campaigns.live[0] ?? { lines: undefined };
      most = Math.max(most, (lines?.ringing ?? 0) + (lines?.dialling ?? 0));
    }
    expect(most).to.be.greaterThan(2);
    const cancelled = [...bench.campaignRows.attempts.values()].filter(
      ({ news }) => news.result === 'cancelled',
    );
    for (const { news } of cancelled) expect(news.endedAt).to.not.equal(undefined);
    const humans = bench.campaignRows.results.filter(([, result]) => result === 'human').length;
    expect(humans).to.be.greaterThan(5);
    const { abandonment, answerRate } = bench.campaigns.live[0] ?? {};
    expect(abandonment?.answered).to.be.greaterThan(humans - 1);
    expect(answerRate).to.be.within(0.02, 0.6);
  });

  it('goes by what was abandoned before a restart: at the limit one line a free agent and no more', async () => {
    bench.campaignRows.past = Array.from({ length: 20_000 }, (_, n) => ({
      at: bench.clock.now() - 1_000,
      abandoned: n % 25 === 0,
    }));
    leads();
    bench.campaigns.open();
    await bench.advance(3_000);
    const [live] = bench.campaigns.live;
    expect(live?.pacing).to.equal('one-to-one');
    expect((live?.lines.ringing ?? 0) + (live?.lines.dialling ?? 0)).to.be.at.most(2);
  });
});
