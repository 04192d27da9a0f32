import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { makeLogger } from '../../../src/adapters/log/logger.js';
import { loadConfig } from '../../../src/config.js';
import { listen } from '../../../src/web/listen.js';
import { LIVE_PATH } from '../../../src/web/live/live-socket.js';
import { makeCertificates, type Certificates } from '../../support/certificates.js';
import { freePort } from '../../support/free-port.js';
import { until } from '../../support/until.js';
import { TestSite } from '../../support/web.js';

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Of the certificate. */
  readonly serial: string;
}

describe('pages over https', () => {
  let site: TestSite;
  let certificates: Certificates;
  let folder: string;
  let port: number;
  let server: { close(): Promise<void> };
  const log: string[] = [];
  const file = (name: string): string => join(folder, name);

  async function renew(): Promise<void> {
    const { cert, key } = await certificates.signed('IP:127.0.0.1');
    await writeFile(file('key.pem'), key);
    await writeFile(file('cert.pem'), cert);
  }
  const ask = (path: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const options = { ca: certificates.authority, agent: false as const };
      get(`https://127.0.0.1:${String(port)}${path}`, options, (res) => {
        const serial =
          res.socket instanceof TLSSocket ? res.socket.getPeerCertificate().serialNumber : '';
        let text = '';
        res.setEncoding('utf8').on('data', (part: string) => (text += part));
        res.on('end', () => {
          resolve({ status: res.statusCode ?? 0, text, serial });
        });
      }).on('error', reject);
    });

  before(async function () {
    this.timeout(60_000);
    site = await TestSite.start();
    certificates = await makeCertificates();
    folder = await mkdtemp(join(tmpdir(), 'cordboard-https-'));
    await renew();
    port = await freePort();
    const tls = { port, cert: file('cert.pem'), key: file('key.pem') };
    const http = { host: '127.0.0.1', port: await freePort(), tls };
    server = await listen(
      site.app,
      http,
      makeLogger('error', { write: (line) => log.push(line) }),
      50,
    );
  });
  after(async () => {
    await server.close();
    await certificates.forget();
    await rm(folder, { recursive: true });
    await site.stop();
  });

  it('are the same pages, and files of phones are fetched there', async () => {
    const page = await ask('/login');
    expect(page.status).to.equal(200);
    expect(page.text).to.contain('Cordboard');
    expect((await ask('/provision/nobodyknowsthisone/001565123456.cfg')).status).to.equal(404);
  });

  it('take live connections', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${String(port)}${LIVE_PATH}`, {
      ca: certificates.authority,
      origin: `https://127.0.0.1:${String(port)}`,
    });
    const ended = await new Promise<string>((resolve) => {
      socket.on('unexpected-response', (_req, res) => {
        resolve(String(res.statusCode));
      });
      socket.on('error', (error) => {
        resolve(error.message);
      });
      socket.on('open', () => {
        resolve('open');
      });
    });
    // Nobody is signed in: it is the application that refuses.
    expect(ended).to.match(/^4\d\d$/);
    socket.terminate();
  });

  it('go on with a renewed certificate, and with the old one where the new one cannot be used', async () => {
    const { serial } = await ask('/login');
    await renew();
    await until('the new certificate', 10_000, async () => (await ask('/login')).serial !== serial);
    const now = (await ask('/login')).serial;
    log.length = 0;
    await writeFile(file('cert.pem'), 'no certificate');
    await until('the refusal in the log', 10_000, () =>
      log.some((line) => line.includes('the new certificate cannot be used')),
    );
    expect((await ask('/login')).serial).to.equal(now);
  });

  it('are not begun with half of the settings, which are named', () => {
    const settings = {
      ...{ CB_VAR: folder, CB_HTTP_PORT: '1', CB_DB_PORT: '1', CB_DB_PASSWORD: 'x' },
      ...{ CB_REDIS_URL: 'redis://127.0.0.1', CB_ARI_URL: 'http://127.0.0.1' },
      ...{ CB_ARI_PASSWORD: 'x', CB_MEDIA_URL: 'http://127.0.0.1', CB_PBX_SIP_PORT: '1' },
      CB_SECRET_KEY: Buffer.alloc(32).toString('base64'),
    };
    expect(() => loadConfig({ ...settings, CB_HTTPS_PORT: '8443' })).to.throw(
      /CB_TLS_CERT: goes together.*\n.*CB_TLS_KEY: goes together/,
    );
    const whole = { CB_HTTPS_PORT: '8443', CB_TLS_CERT: 'a.pem', CB_TLS_KEY: 'b.pem' };
    expect(loadConfig({ ...settings, ...whole }).http.tls).to.deep.equal({
      ...{ port: 8443, cert: 'a.pem', key: 'b.pem' },
    });
  });
});
