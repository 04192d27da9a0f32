import { expect } from 'chai';
import { makeAgentMessagesFeature } from '../../../src/features/agent-messages/index.js';
import { makeAlarmsFeature } from '../../../src/features/alarms/index.js';
import { TestBrowser } from '../../support/browser.js';
import { snapshotOf } from '../../support/live-moments.js';
import { problemsOnPages } from '../../support/looks.js';
import { wallboardFeatures } from '../../support/wallboard-site.js';
import { TestSite } from '../../support/web.js';

describe('alarms, in a browser', function () {
  this.timeout(60_000);
  let site: TestSite;
  let browser: TestBrowser;
  let beat: NodeJS.Timeout;
  let seq = 1;

  before(async () => {
    site = await TestSite.start((parts) => [
      ...wallboardFeatures(parts),
      ...makeAlarmsFeature({ ...parts, logger: parts.log }),
      makeAgentMessagesFeature({ ...parts, logger: parts.log }),
    ]);
    browser = await TestBrowser.start(site);
    const publish = (): void => site.parts.live.publish(snapshotOf({}, ++seq));
    publish();
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

  it('appear in the head of every page and in the list by themselves, and are acknowledged there', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const other = await browser.page({ login: 'admin' });
    await Promise.all([page.goto('/live/alarms'), other.goto('/me')]);
    await page.getByText('No alarms.', { exact: true }).waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
    await site.parts.database('alarms').insert({
      ...{ rule_id: 3, rule_name: 'Trunk down', kind: 'trunk-down', level: 'critical' },
      ...{ subject: 'trunk:1', subject_name: 'Carrier A', value: 1, threshold: 1 },
      ...{ began_at: new Date(), open_key: '3 trunk:1' },
    });
    await other.getByRole('link', { name: '1 alarm is open' }).waitFor();
    await page.getByRole('row', { name: /Critical.*Trunk down.*Carrier A.*Lasts/ }).waitFor();
    await page.getByRole('button', { name: /^Acknowledge/ }).click();
    await page.getByRole('row', { name: /Trunk down.*Test supervisor/ }).waitFor();
  });

  it('and what belongs to them have no accessibility violations, in both languages, light and dark', async () => {
    const paths = ['/live/alarms', '/live/alarms/1', '/setup/alarm-rules', '/setup/alarm-rules/1'];
    expect(
      await problemsOnPages({ site, browser }, [...paths, '/live/messages', '/live/calls']),
    ).to.deep.equal([]);
  });
});
