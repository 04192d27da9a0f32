import { expect } from 'chai';
import { hookSignature } from '../../../src/adapters/http/signature.js';
import { RETRY_MS, sendWebhooks } from '../../../src/adapters/http/webhook-sender.js';
import { WebhookQueue } from '../../../src/adapters/redis/webhook-queue.js';
import { makeSetupFeature } from '../../../src/features/setup/index.js';
import { makeSigningKeys, makeWebhooksFeature } from '../../../src/features/webhooks/index.js';
import { settle, VirtualClock } from '../../../src/kernel/clock.js';
import type { CallId } from '../../../src/kernel/ids.js';
import { Scope } from '../../../src/kernel/scope.js';
import { json, startHookServer, type HookServer } from '../../support/hook-server.js';
import { until } from '../../support/until.js';
import { TestSite, type TestAnswer, type TestClient } from '../../support/web.js';

const FIRST_KEY = 'a key of the site';
const HOUR_MS = 3_600_000;
const PAGE = '/setup/webhooks';
const KEY_PAGE = `${PAGE}/key`;

describe('what flows send', function () {
  this.timeout(60_000);
  const clock = new VirtualClock(Date.UTC(2026, 10, 26, 9, 0));
  let site: TestSite;
  let admin: TestClient;
  let server: HookServer;
  let queue: WebhookQueue;
  let count = 0;

  before(async () => {
    site = await TestSite.start(({ database, redis, sealer, live, config }) => [
      makeWebhooksFeature({ database, redis, clock, secrets: sealer, firstKey: FIRST_KEY }),
      makeSetupFeature({ database, redis, live, varDir: config.varDir }),
    ]);
    admin = await site.client('admin');
    server = await startHookServer();
    queue = new WebhookQueue(site.parts.redis);
  });
  afterEach(async () => {
    server.visits.length = 0;
    for (const { id } of await queue.lost(0, 100)) await queue.drop(id);
  });
  after(async () => {
    await server.stop();
    await site.stop();
  });

  const message = () => {
    count += 1;
    return {
      ...{ id: `call/${String(count)}/tell/4`, callId: '01J00000000000000000000000' as CallId },
      ...{ url: server.url, body: `{"need":"repair ${String(count)}"}`, askedAt: clock.now() },
    };
  };
  const keys = () => {
    const { database, sealer: secrets, log } = site.parts;
    return makeSigningKeys({ database, secrets, clock, log, firstKey: FIRST_KEY });
  };
  /** Sends what is due, until there is what is waited for. */
  const sending = <T>(what: string, look: () => Promise<T | undefined> | T | undefined) =>
    Scope.run('test', async (scope) => {
      const { log } = site.parts;
      const allowedAddresses = ['127.0.0.1'];
      sendWebhooks(scope, { source: queue, clock, log, keys: keys(), allowedAddresses });
      const found = await until(what, 5_000, async () => {
        await clock.advance(500);
        await settle();
        return look();
      });
      scope.cancel('done');
      return found;
    });
  const arrived = (visits: number) => (): true | undefined =>
    server.visits.length >= visits ? true : undefined;
  /** Tries a message as often as there are tries. */
  const giveUp = async (): Promise<string> => {
    const webhook = message();
    await queue.add(webhook);
    server.answerWith(json({}, 503));
    for (const wait of [0, ...RETRY_MS]) {
      await clock.advance(wait);
      const before = server.visits.length;
      await sending('a try', async () =>
        server.visits.length > before && (await isQuiet()) ? true : undefined,
      );
    }
    server.answerWith(json({}));
    return webhook.id;
  };
  const isQuiet = async (): Promise<boolean> => (await queue.take(clock.now(), 0)).length === 0;
  const version = (page: TestAnswer): string =>
    /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';

  it('is signed, sent once, tried again, and outlives the process', async () => {
    const webhook = message();
    await queue.add(webhook);
    await queue.add(webhook);
    expect(await queue.waiting()).to.equal(1);
    server.answerWith(json({}, 500));
    await sending('the first visit', arrived(1));
    server.answerWith(json({}));
    await clock.advance(RETRY_MS[0] ?? 0);
    await clock.advance(60_000);
    await sending('it to be taken', async () => ((await queue.waiting()) === 0 ? true : undefined));
    const [first, second] = server.visits;
    expect(second?.headers['idempotency-key']).to.equal(webhook.id);
    expect(first?.body).to.equal(webhook.body);
    expect(second?.headers['x-cordboard-signature']).to.equal(
      hookSignature(FIRST_KEY, String(second?.headers['x-cordboard-timestamp']), webhook.body),
    );
    expect(second?.headers).to.not.have.property('x-cordboard-signature-next');
  });

  it('is kept when nobody takes it, shown with what was said last, and sent again or dropped by a person', async () => {
    const sent = await giveUp();
    const dropped = await giveUp();
    const page = await admin.get(PAGE);
    expect(page.text)
      .to.contain('HTTP status 503')
      .and.contain('9 tries')
      .and.contain(new URL(server.url).host)
      .and.contain('repair')
      .and.contain('/calls/01J00000000000000000000000');
    const health = await admin.get('/setup/health');
    expect(health.text).to.contain('0 on the way, 2 given up.');
    expect(JSON.parse((await admin.get('/setup/health.json')).text)).to.deep.nested.include({
      'parts.webhooks': 'watch',
    });

    await admin.get(PAGE);
    server.visits.length = 0;
    const again = await admin.post(`${PAGE}/message/again`, { message: sent });
    expect(again.status).to.equal(303);
    await sending('it to come', arrived(1));
    expect(server.visits[0]?.headers['idempotency-key']).to.equal(sent);
    await admin.get(PAGE);
    await admin.post(`${PAGE}/message/drop`, { message: dropped });
    expect(await queue.lostCount()).to.equal(0);
    expect((await admin.get(PAGE)).text).to.contain('Nothing was given up.');
    const gone = await admin.post(`${PAGE}/message/again`, { message: dropped });
    expect((await admin.get(gone.location ?? '')).text).to.contain('is not here any more');
    const audit = await site.parts
      .database('audit_entries')
      .where({ object_kind: 'webhook' })
      .orderBy('id')
      .select<{ action: string }[]>('action');
    expect(audit.map(({ action }) => action)).to.deep.equal(['webhook.send-again', 'webhook.drop']);
  });

  it('is sent again all at once when the other side is back', async () => {
    for (let at = 0; at < 3; at += 1) {
      await queue.giveUp({ ...message(), attempts: 9 }, 'timeout', clock.now());
    }
    await admin.get(PAGE);
    await admin.post(`${PAGE}/again`, {});
    await sending('all of them', arrived(3));
    expect(await queue.lostCount()).to.equal(0);
  });

  it('keeps a thousand that were given up, the newest', async () => {
    const { redis } = site.parts;
    const { url, callId } = message();
    for (let at = 0; at <= 1_000; at += 1) {
      const webhook = { id: `n${String(at)}`, callId, url, body: '{}', askedAt: at, attempts: 9 };
      const gone = await queue.giveUp(webhook, 'timeout', 1_000_000 + at);
      expect(gone).to.equal(at === 1_000 ? 1 : 0);
    }
    expect(await queue.lostCount()).to.equal(1_000);
    expect(await queue.findLost('n0')).to.equal(undefined);
    expect((await queue.lost(0, 1))[0]?.id).to.equal('n1000');
    await redis.del('cb:webhooks:lost', 'cb:webhooks:lost:at');
  });

  it('bears both signatures while a next key is learnt, then that one only', async () => {
    const signatures = async (): Promise<readonly (string | undefined)[]> => {
      server.visits.length = 0;
      await queue.add(message());
      await sending('a message', arrived(1));
      const [visit] = server.visits;
      const at = String(visit?.headers['x-cordboard-timestamp']);
      const own = (key: string): string => hookSignature(key, at, visit?.body ?? '');
      const names = new Map(
        [FIRST_KEY, ...made].map((key, index) => [own(key), `key ${String(index)}`]),
      );
      return ['x-cordboard-signature', 'x-cordboard-signature-next'].map((header) =>
        names.get(String(visit?.headers[header])),
      );
    };
    const made: string[] = [];
    const renew = async (): Promise<void> => {
      const page = await admin.get(KEY_PAGE);
      const answer = await admin.post(KEY_PAGE, { version: version(page), hours: '24' });
      expect(answer.status).to.equal(303);
      const text = (await admin.get(KEY_PAGE)).text;
      made.push(/id="copy-webhook-key-next">([^<]+)</.exec(text)?.[1] ?? '');
    };
    await renew();
    expect(made[0]).to.match(/^[\w-]{43}$/);
    expect(await signatures()).to.deep.equal(['key 0', 'key 1']);
    await clock.advance(24 * HOUR_MS);
    expect(await signatures()).to.deep.equal(['key 1', undefined]);

    await renew();
    expect(await signatures()).to.deep.equal(['key 1', 'key 2']);
    const page = await admin.get(KEY_PAGE);
    // A second renewal at once would leave those who learnt the first one without a key.
    const stale = await admin.post(KEY_PAGE, { version: version(page), hours: '24' });
    expect((await admin.get(stale.location ?? '')).text).to.contain('has just changed the key');
    await admin.post(`${KEY_PAGE}/next`, { version: version(page) });
    await clock.advance(10_000);
    expect(await signatures()).to.deep.equal(['key 2', undefined]);
    const stored = await site.parts
      .database('settings')
      .where({ name: 'webhook-keys' })
      .first<{ value: unknown }>('value');
    for (const key of made) expect(JSON.stringify(stored.value)).to.not.contain(key);
  });

  it('refuses a time that is not offered, and those who may not', async () => {
    const page = await admin.get(KEY_PAGE);
    const answer = await admin.post(KEY_PAGE, { version: version(page), hours: '5' });
    expect(answer.status).to.equal(422);
    const supervisor = await site.client('supervisor');
    for (const path of [PAGE, KEY_PAGE]) expect((await supervisor.get(path)).status).to.equal(403);
  });
});
