import { expect } from 'chai';
import { makeLiveCampaignsFeature } from '../../../src/features/live-campaigns/index.js';
import type { CampaignId } from '../../../src/kernel/ids.js';
import type { LiveCampaign } from '../../../src/telephony/live-campaigns.js';
import { TestBrowser } from '../../support/browser.js';
import { linesWith, liveCampaign, momentOfCampaigns } from '../../support/live-campaigns.js';
import { problemsOnPages } from '../../support/looks.js';
import { TestSite } from '../../support/web.js';

describe('campaigns now, in a browser', function () {
  this.timeout(60_000);
  let site: TestSite;
  let browser: TestBrowser;
  let id: CampaignId;
  let beat: NodeJS.Timeout;
  let seq = 1;
  let now: Partial<LiveCampaign>[] = [];

  const publish = (): void => {
    const campaigns = now.map((one) => liveCampaign({ id, ...one }));
    site.parts.live.publish(momentOfCampaigns(++seq, campaigns));
  };
  const show = (...campaigns: Partial<LiveCampaign>[]): void => {
    now = campaigns;
    publish();
  };

  before(async () => {
    site = await TestSite.start((parts) => [makeLiveCampaignsFeature(parts)]);
    const [row = 0] = await site.parts
      .database('campaigns')
      .insert({ name: 'Renewals', mode: 'progressive', state: 'running', settings: '{}' });
    id = row as CampaignId;
    browser = await TestBrowser.start(site);
    show();
    beat = setInterval(publish, 1_000);
  });
  after(async () => {
    clearInterval(beat);
    await browser.stop();
    await site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(site.errors).to.deep.equal([]);
  });

  it('show what each does and why it dials nobody, without loading again', async () => {
    show();
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live/campaigns');
    await page.getByText('No campaign that dials by itself is running.').waitFor();
    show({ agents: { idle: 2, talking: 3, wrapUp: 1 }, planned: 2 });
    await page.getByRole('row', { name: /Renewals.*Progressive.*Starting 2 calls/ }).waitFor();
    show({ hold: { why: 'inbound-waits', since: Date.now() } });
    await page.getByRole('row', { name: /Callers wait for its agents/ }).waitFor();
    await page.getByRole('link', { name: 'Renewals' }).click();
    await page.getByRole('heading', { name: 'Renewals' }).waitFor();
    show({
      lines: linesWith({ ringing: 4, waiting: 1, talking: 3 }),
      holds: [{ why: 'inbound-waits', ms: 65_000 }],
      abandonment: { answered: 100, abandoned: 4, limit: 0.03, windowMs: 30 * 86_400_000 },
      refusing: ['Carrier A'],
    });
    await page.getByText('Over the limit').waitFor();
    await page.getByText('4 of 100, 30 days').waitFor();
    await page.getByRole('row', { name: /Callers wait for its agents.*1:05/ }).waitFor();
    await page.getByText('Refuses every call: Carrier A.').waitFor();
    show();
    await page.getByText('This campaign is not running.').waitFor();
  });

  it('have no accessibility violations, in both languages, light and dark', async () => {
    show({
      agents: { idle: 2, talking: 3, wrapUp: 1 },
      lines: linesWith({ ringing: 4, waiting: 1, talking: 3 }),
      hold: { why: 'trunks-refuse', since: Date.now() - 90_000 },
      holds: [{ why: 'trunks-refuse', ms: 90_000 }],
      refusing: ['Carrier A'],
      behind: 3,
      abandonment: { answered: 100, abandoned: 4, limit: 0.03, windowMs: 30 * 86_400_000 },
    });
    const paths = ['/live/campaigns', `/live/campaigns/${String(id)}`];
    expect(await problemsOnPages({ site, browser }, paths)).to.deep.equal([]);
  });
});
