import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { RoutingHookClient } from '../../../src/adapters/http/routing-hook-client.js';
import type { HookId } from '../../../src/kernel/ids.js';
import type { HookConfig, HookOutcome, HookRequest } from '../../../src/telephony/routing-hook.js';
import { makeCertificates, type Certificates } from '../../support/certificates.js';
import {
  json,
  startHookServer,
  type HookServer,
  type ServerIdentity,
} from '../../support/hook-server.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const request: HookRequest = {
  ...{ callId: 'test', test: true, at: '2026-11-25T10:00:00.000Z', from: '+442079460001' },
  ...{ fromName: '', to: '+442079460100', language: 'en', queue: 'Repairs', priority: 0 },
  ...{ vip: false, attributes: {} },
};
const LOCAL = 'DNS:localhost,IP:127.0.0.1';

describe('a hook over https', function () {
  this.timeout(60_000);
  let certificates: Certificates;
  let server: HookServer | undefined;
  before(async () => {
    certificates = await makeCertificates();
  });
  after(() => certificates.forget());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  const serve = async (identity?: ServerIdentity): Promise<HookServer> => {
    server = await startHookServer(identity);
    server.answerWith(json({ queue: 'Gold' }));
    return server;
  };
  const ask = (changes: Partial<HookConfig>): Promise<HookOutcome> => {
    const hook: HookConfig = {
      ...{ id: 1 as HookId, name: 'CRM', url: server?.url ?? '', dids: [], queues: [] },
      ...{ timeoutMs: 3_000, secret: 'a secret', allowedAddresses: ['127.0.0.1', '::1'] },
      caCertificate: '',
      ...changes,
    };
    const log = { note: () => undefined, latest: () => Promise.resolve([]) };
    const client = new RoutingHookClient(systemClock, log);
    return client.ask(hook, request, new AbortController().signal);
  };
  /** The server by a name instead of its address. */
  const byName = ({ url }: HookServer, name: string): string => url.replace('127.0.0.1', name);
  const refusal = (detail: string) => ({ kind: 'refused', reason: 'tls', detail });

  it('is answered where the certificate is of the own authority that the hook trusts, by address and by name', async () => {
    const at = await serve(await certificates.signed(LOCAL));
    const caCertificate = certificates.authority;
    expect(await ask({ caCertificate })).to.deep.include({ kind: 'answered' });
    expect(await ask({ caCertificate, url: byName(at, 'localhost') })).to.deep.include({
      kind: 'answered',
      answer: { queue: 'Gold' },
    });
    expect(at.visits[1]?.headers.host).to.match(/^localhost:/);
  });

  it('is not sent a word where nobody vouches for the certificate, and it is said why', async () => {
    const at = await serve(await certificates.signed(LOCAL));
    expect(await ask({})).to.deep.include(refusal('unknown-authority'));
    expect(at.visits).to.deep.equal([]);
    await at.stop();
    const self = await certificates.selfSigned(LOCAL);
    const other = await serve(self);
    expect(await ask({})).to.deep.include(refusal('self-signed'));
    expect(other.visits).to.deep.equal([]);
    // Its own certificate may be trusted for this hook.
    expect(await ask({ caCertificate: self.cert })).to.deep.include({ kind: 'answered' });
  });

  it('is checked by its name: a certificate for another one is refused, with the names that it is for', async () => {
    const at = await serve(await certificates.signed('DNS:shop.example'));
    const caCertificate = certificates.authority;
    for (const url of [at.url, byName(at, 'localhost')])
      expect(await ask({ caCertificate, url })).to.deep.include(
        refusal('other-name:DNS:shop.example'),
      );
    expect(at.visits).to.deep.equal([]);
  });

  it('is refused where the certificate has expired, and where the server speaks no TLS', async () => {
    const caCertificate = certificates.authority;
    const old = await serve(await certificates.signed(LOCAL, true));
    expect(await ask({ caCertificate })).to.deep.include(refusal('expired'));
    await old.stop();
    const plain = await serve();
    const outcome = await ask({ url: plain.url.replace('http:', 'https:') });
    expect(outcome).to.include({ kind: 'refused', reason: 'tls' });
    expect(outcome)
      .to.have.property('detail')
      .that.matches(/^handshake:\w+/);
    expect(plain.visits).to.deep.equal([]);
  });

  describe('on its page', () => {
    let setup: SetupSite;
    let admin: TestClient;
    before(async () => {
      setup = await startSetupSite();
      admin = await setup.site.client('admin');
    });
    after(() => setup.site.stop());
    afterEach(() => {
      expect(setup.site.errors).to.deep.equal([]);
    });

    const form = (url: string, caCertificate: string): Record<string, string> => ({
      ...{ name: 'CRM', enabled: 'on', url, timeoutMs: '3000' },
      ...{ allowedAddresses: '127.0.0.1\n::1', caCertificate },
    });
    const textOf = (html: string): string =>
      html
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll('&#x3D;', '=')
        .replaceAll(/\s+/g, ' ');

    it('says in words what is wrong with the certificate, and works when the authority is named', async () => {
      const at = await serve(await certificates.signed(LOCAL));
      expect((await admin.post('/setup/hooks', form(at.url, ''))).status).to.equal(200);
      const { id } = await setup.site.parts
        .database('routing_hooks')
        .where('name', 'CRM')
        .first<{ id: number }>('id');
      const path = `/setup/hooks/${String(id)}`;
      await admin.post(`${path}/try`, { from: '' });
      expect(textOf((await admin.get(path)).text)).to.contain(
        'of an authority that is not known here. Paste that authority’s certificate',
      );
      const saved = await admin.post(path, {
        ...form(at.url, certificates.authority),
        version: '1',
      });
      expect(saved.status).to.equal(303);
      const page = await admin.get(path);
      expect(textOf(page.text)).to.contain('Trusted: O=Harbour Bicycles, CN=Own authority');
      await admin.post(`${path}/try`, { from: '' });
      expect(textOf((await admin.get(path)).text)).to.contain('Answered queue Gold');
      const audit = await setup.site.parts
        .database('audit_entries')
        .where('action', 'hook.change')
        .first<{ changes: string }>('changes');
      expect(JSON.stringify(audit.changes)).to.contain('Own authority').and.not.to.contain('BEGIN');
    });

    it('names the names that a certificate is for', async () => {
      const at = await serve(await certificates.signed('DNS:shop.example'));
      const { id } = await setup.site.parts
        .database('routing_hooks')
        .where('name', 'CRM')
        .first<{ id: number }>('id');
      const path = `/setup/hooks/${String(id)}`;
      const { version } = await setup.site.parts
        .database('routing_hooks')
        .where({ id })
        .first<{ version: number }>('version');
      await admin.get(path);
      await admin.post(path, {
        ...form(at.url, certificates.authority),
        version: String(version),
      });
      await admin.post(`${path}/try`, { from: '' });
      expect(textOf((await admin.get(path)).text)).to.contain(
        'certificate is for another name (DNS:shop.example)',
      );
    });

    it('takes nothing but certificates', async () => {
      const { key, cert } = await certificates.selfSigned(LOCAL);
      for (const [text, words] of [
        ['not one', 'This is no certificate.'],
        [key, 'This is a private key.'],
        [
          cert.replace('-----BEGIN CERTIFICATE-----\n', '-----BEGIN CERTIFICATE-----\nAAAA'),
          'cannot be read',
        ],
        [cert.slice(0, 200), 'cannot be read'],
      ] as const) {
        const answer = await admin.post('/setup/hooks', {
          ...form('https://shop.example/', text),
          name: 'Other',
        });
        expect(answer.status, words).to.equal(422);
        expect(answer.text).to.contain(words);
      }
    });
  });
});
