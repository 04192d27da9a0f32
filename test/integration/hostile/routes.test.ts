import { expect } from 'chai';
import { series } from '../../bench/acd-site.js';
import { Fuzz } from '../../support/fuzz.js';
import { startHostileSite } from '../../support/hostile-site.js';
import { choices } from '../../support/hostile.js';
import type { TestClient, TestSite } from '../../support/web.js';

/** The command `npm run fuzz` tries 10,000. */
const REQUESTS_PER_ROUTE = 4;
const SEED = 20261127;

describe('what nobody should send', function () {
  this.timeout(600_000);
  let site: TestSite;
  before(async () => {
    site = await startHostileSite();
  });
  after(() => site.stop());

  it('breaks no page and leaves nothing half-written', async () => {
    const fuzz = new Fuzz(site, choices(series(SEED)));
    await fuzz.learn();
    for (const route of fuzz.routes) await fuzz.tryRoute(route, REQUESTS_PER_ROUTE);
    expect(fuzz.findings).to.deep.equal([]);
    expect(fuzz.requests).to.be.greaterThan(500);
  });

  describe('a form with files', () => {
    let client: TestClient;
    before(async () => {
      client = await site.client('admin');
    });
    const part = (name: string, value: string): string =>
      `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const end = '--line--\r\n';
    const sends = (body: string, type = 'multipart/form-data; boundary=line') =>
      client.send('/setup/skills/import', {
        body: part('_csrf', client.csrf) + body,
        headers: { 'content-type': type },
      });

    const BROKEN: Readonly<Record<string, readonly [string, string?]>> = {
      'that names no boundary': [end, 'multipart/form-data'],
      'whose part has no header': [`--line\r\nnonsense\r\n\r\nx\r\n${end}`],
      'that breaks off in a field': [part('name', 'x').slice(0, -3)],
      'that breaks off in a file': [
        `--line\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname,`,
      ],
    };
    for (const [what, [body, type]] of Object.entries(BROKEN))
      it(`${what} is refused`, async () => {
        expect((await sends(body, type)).status).to.equal(422);
        expect(site.errors).to.deep.equal([]);
      });

    for (const name of ['constructor', '__proto__', 'hasOwnProperty', 'toString'])
      it(`may have a field called ${name}`, async () => {
        const answer = await sends(part(name, 'x') + part(name, 'y') + end);
        expect(answer.status).to.be.lessThan(500);
        expect(site.errors).to.deep.equal([]);
      });
  });
});
