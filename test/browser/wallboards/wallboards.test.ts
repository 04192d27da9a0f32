import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { makeLivePublisher } from '../../../src/adapters/redis/live.js';
import { newCallId, type AgentId } from '../../../src/kernel/ids.js';
import type { LiveAgent } from '../../../src/telephony/live.js';
import { accessibilityProblems, TestBrowser } from '../../support/browser.js';
import {
  adasCall,
  BILLING,
  inLine,
  queuesWith,
  REPAIRS,
  snapshotOf,
  type Moment,
} from '../../support/live-moments.js';
import { problemsOnPages } from '../../support/looks.js';
import { freePort } from '../../support/free-port.js';
import { ProductProcess } from '../../support/product-process.js';
import { wallboardFeatures } from '../../support/wallboard-site.js';
import { TestSite } from '../../support/web.js';

const HD = { width: 1920, height: 1080 };
const ADA = '+442079460123';

describe('wallboards, in a browser', function () {
  this.timeout(90_000);
  let site: TestSite;
  let browser: TestBrowser;
  let server: ProductProcess;
  let serverUrl = '';
  let varDir = '';
  let beat: NodeJS.Timeout;
  let seq = 1;
  let moment: Moment = {};

  /** What the process that runs the calls says: to the site in this process, and by Redis to the other. */
  const publish = (): void => {
    const snapshot = snapshotOf(moment, ++seq);
    site.parts.live.publish(snapshot);
    makeLivePublisher(site.parts.redis, site.parts.log)(snapshot);
  };
  const show = (next: Moment): void => {
    moment = next;
    publish();
  };

  before(async () => {
    site = await TestSite.start(wallboardFeatures);
    const overflow = JSON.stringify({ kind: 'hangup' });
    await site.parts.database('queues').insert([
      { id: REPAIRS, name: 'Repairs', overflow, service_level_s: 60 },
      { id: BILLING, name: 'Billing', overflow },
    ]);
    await site.parts.directory.refresh();
    const { config, mariadb, redis } = {
      ...site.parts,
      mariadb: site.mariadb.config,
      redis: site.redisServer,
    };
    varDir = await mkdtemp(join(tmpdir(), 'cordboard-wall-'));
    const port = await freePort();
    serverUrl = `http://127.0.0.1:${String(port)}`;
    server = new ProductProcess(
      {
        CB_ROLES: 'web',
        CB_VAR: varDir,
        CB_HTTP_PORT: String(port),
        CB_HTTP_HOST: '127.0.0.1',
        CB_DB_PORT: String(mariadb.port),
        CB_DB_PASSWORD: mariadb.password,
        CB_REDIS_URL: redis.url,
        CB_ARI_URL: 'http://127.0.0.1:1',
        CB_ARI_PASSWORD: 'unused',
        CB_MEDIA_URL: 'http://127.0.0.1:1/media',
        CB_PBX_SIP_PORT: '1',
        CB_SECRET_KEY: config.secretKey.toString('base64'),
        CB_TIMEZONE: 'Europe/London',
      },
      join(varDir, 'web.log'),
      async () => (await fetch(`${serverUrl}/healthz`)).ok,
    );
    browser = await TestBrowser.start(site);
    await server.start();
    show({});
    beat = setInterval(publish, 1_000);
  });
  after(async () => {
    clearInterval(beat);
    await browser.stop();
    await server.kill();
    await site.stop();
    await rm(varDir, { recursive: true });
  });
  afterEach(async () => {
    await browser.closePages();
    expect(site.errors).to.deep.equal([]);
  });

  /** A supervisor makes a board as the form offers it, and a link; resolves to the link's path. */
  async function makeBoard(page: Page, name: string): Promise<string> {
    await page.goto('/wallboards/new');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Create wallboard' }).click();
    await page.getByLabel('Where the screen hangs').fill('Reception');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const url = await page.locator('.wall-url').textContent();
    return new URL(url ?? '').pathname;
  }
  const tile = (screen: Page, name: string) => screen.getByRole('region', { name, exact: true });

  it('are made by a supervisor and shown by a link without signing in, one tile moved and one added', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const path = await makeBoard(page, 'Service centre');
    const screen = await browser.page({ viewport: HD });
    await screen.goto(path);
    await screen.getByRole('heading', { name: 'Service centre' }).waitFor();
    await tile(screen, 'In line').getByText('0', { exact: true }).waitFor();
    await page.getByLabel('Add a tile').selectOption({ label: 'Message' });
    await page.getByRole('button', { name: 'Add a tile' }).click();
    await page.getByRole('button', { name: 'Move tile 9 up' }).click();
    await page.getByRole('button', { name: 'Save' }).last().click();
    await page.getByText('Tile 8, text').first().waitFor();
    await page.getByLabel('Text', { exact: true }).fill('Offer a new date before the caller asks.');
    await page.getByRole('button', { name: 'Save' }).last().click();
    // The screen loads the board anew by itself.
    await screen.getByText('Offer a new date before the caller asks.').waitFor();
    expect(browser.complaints.filter((line) => !line.includes('422'))).to.deep.equal([]);
    browser.complaints.splice(0);
  });

  it('show what happens within a second, in words beside the colour, and no customer unless they may', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const path = await makeBoard(page, 'Repairs');
    const screen = await browser.page({ viewport: HD });
    const frames: string[] = [];
    screen.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    });
    await screen.goto(path);
    await tile(screen, 'In line').getByText('0', { exact: true }).waitFor();
    const call = adasCall();
    const began = Date.now();
    show({
      calls: [call, adasCall({ stage: 'talk' })],
      queues: queuesWith([inLine(call.id, 65_000)]),
      mara: { state: 'talking', callId: call.id, extension: '2001' },
    });
    await tile(screen, 'In line').getByText('1', { exact: true }).waitFor();
    expect(Date.now() - began).to.be.below(1_000);
    await tile(screen, 'Longest wait')
      .getByText(/^1:0\d$/)
      .waitFor();
    await screen.getByText('Mara Q.').waitFor();
    expect(frames.join('\n')).to.not.contain(ADA).and.not.contain('Ada Finch');
    // Longer than the ten seconds that a change must hold would be a long test: the first value counts at once.
    await screen.reload();
    await page.getByText('Show whom agents talk with', { exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).last().click();
    await screen.getByText('Ada Finch').waitFor();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
  });

  it('go on by themselves after the server was killed and started again, and say since when they stood still', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const path = await makeBoard(page, 'Night');
    const call = adasCall();
    show({ calls: [call], queues: queuesWith([inLine(call.id, 5_000)]) });
    const screen = await browser.page({ viewport: HD });
    await screen.goto(serverUrl + path);
    await tile(screen, 'In line').getByText('1', { exact: true }).waitFor();
    await screen.getByText('Live', { exact: true }).waitFor();
    await server.kill();
    await screen.getByText(/^Not live since \d\d:\d\d:\d\d$/).waitFor();
    const second = adasCall();
    show({
      calls: [call, second],
      queues: queuesWith([inLine(call.id, 9_000), inLine(second.id, 1_000, 2)]),
    });
    expect(await tile(screen, 'In line').locator('.wt-value').innerText()).to.equal('1');
    await server.start();
    await tile(screen, 'In line').getByText('2', { exact: true }).waitFor();
    await screen.getByText('Live', { exact: true }).waitFor();
    // What a cut connection says is the browser's own.
    expect(
      browser.complaints.splice(0).filter((line) => !/ERR_|WebSocket/.test(line)),
    ).to.deep.equal([]);
  });

  it('stop within seconds when the link is revoked, and a strange link shows nothing', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const path = await makeBoard(page, 'Lobby');
    const screen = await browser.page({ viewport: HD });
    await screen.goto(path);
    await tile(screen, 'In line').waitFor();
    await page.getByRole('button', { name: 'Revoke the link Reception' }).click();
    await page.getByText('Revoked', { exact: true }).waitFor();
    await screen.getByText('Lobby').waitFor({ state: 'detached' });
    expect((await (await site.client()).get(path)).status).to.equal(404);
    const [nonce = ''] = path.split('.');
    expect((await (await site.client()).get(`${nonce}.${'A'.repeat(27)}`)).status).to.equal(404);
    browser.complaints.splice(0);
  });

  it('fit a television, one of four times the points, a tablet and an upright screen; long lists turn pages', async () => {
    const page = await browser.page({ login: 'supervisor' });
    const path = await makeBoard(page, 'Big room');
    const agents = Array.from({ length: 60 }, (_, at): LiveAgent => ({
      id: (100 + at) as AgentId,
      name: `Agent Number${String(at)}`,
      state: at % 3 === 0 ? 'available' : 'talking',
      since: Date.now() - at * 1_000,
      reason: '',
      extension: String(2_100 + at),
      queues: [REPAIRS],
      ...(at % 3 === 0 ? {} : { callId: newCallId() }),
    }));
    const plain = snapshotOf({}, 1);
    const whole = { ...plain, agents };
    clearInterval(beat);
    site.parts.live.publish({ ...whole, seq: ++seq, at: Date.now() });
    for (const viewport of [
      HD,
      { width: 3840, height: 2160 },
      { width: 1280, height: 800 },
      { width: 1080, height: 1920 },
    ]) {
      const screen = await browser.page({ viewport });
      await screen.goto(path);
      await screen.getByText(/^1–\d+ of 60$/).waitFor();
      const least = Math.min(viewport.width, viewport.height) * 0.022;
      const found = await screen.evaluate(`(() => {
        const all = [...document.querySelectorAll('.wall *')].filter((one) => one.checkVisibility() && one.childElementCount === 0 && one.textContent.trim() !== '');
        return {
          small: all.filter((one) => parseFloat(getComputedStyle(one).fontSize) < ${String(least - 0.5)}).map((one) => one.textContent),
          scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
          cut: [...document.querySelectorAll('.wt-value')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
        };
      })()`);
      expect(found, `${String(viewport.width)} × ${String(viewport.height)}`).to.deep.equal({
        ...{ small: [], scrolls: false, cut: [] },
      });
    }
    beat = setInterval(publish, 1_000);
    expect(browser.complaints.splice(0)).to.deep.equal([]);
  });

  it('have no accessibility violations, in both languages, light and dark', async () => {
    const call = adasCall();
    show({
      calls: [call],
      queues: queuesWith([inLine(call.id, 200_000)]),
      mara: { state: 'talking', callId: call.id },
      theo: { state: 'not-ready', reason: 'lunch' },
    });
    const { database } = site.parts;
    expect(
      await problemsOnPages({ site, browser }, ['/wallboards', '/wallboards/new', '/wallboards/1']),
    ).to.deep.equal([]);
    for (const [language, theme] of [
      ['en', 'light'],
      ['zh-CN', 'dark'],
    ] as const) {
      await database('wallboards').where({ id: 1 }).update({ theme });
      const screen = await browser.page({ login: 'supervisor', viewport: HD, language });
      await screen.goto('/wallboards/1/show');
      await tile(screen, language === 'en' ? 'In line' : '排队人数')
        .getByText('1', { exact: true })
        .waitFor();
      expect(await accessibilityProblems(screen), language).to.deep.equal([]);
    }
    expect(browser.complaints.splice(0)).to.deep.equal([]);
  });
});
