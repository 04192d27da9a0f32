import { expect } from 'chai';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestAnswer, TestClient } from '../../support/web.js';
import { parseXml, textsIn } from '../../support/xml.js';

const PATH = '/setup/provisioning';
const MAC = '001565123456';

describe('desk phones', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let stranger: TestClient;
  let ada: { readonly id: ExtensionId; readonly password: string };
  let ben: { readonly id: ExtensionId; readonly password: string };

  const good = () => ({
    ...{ mac: '00:15:65:12:34:56', name: 'Front desk', model: 'yealink-t4', isEnabled: 'on' },
    ...{ lines: [String(ada.id), ''], keys: '2002\n7001 Park' },
  });
  const add = async (changes: Record<string, string | string[]> = {}): Promise<TestAnswer> => {
    await admin.get(`${PATH}/new`);
    return admin.post(PATH, { ...good(), ...changes });
  };
  /** The secret of a phone, as it is on its sheet. */
  const secretOf = async (id: number): Promise<string> => {
    const { text } = await admin.get(`${PATH}/${String(id)}/sheet`);
    return /\/provision\/([a-z0-9]{20})\//.exec(text)?.[1] ?? '';
  };
  const fetchFile = (secret: string, file: string): Promise<TestAnswer> =>
    stranger.get(`/provision/${secret}/${file}`, { 'user-agent': 'Yealink SIP-T46U 108.86.0.20' });
  const edit = async (id: number, changes: Record<string, string | string[]>) => {
    const { text } = await admin.get(`${PATH}/${String(id)}`);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    return admin.post(`${PATH}/${String(id)}`, { ...good(), version, ...changes });
  };

  before(async () => {
    setup = await startSetupSite();
    ada = await setup.extensions.createPhone(ADMIN, extension('2001', { name: 'Ada "A" & Söhne' }));
    ben = await setup.extensions.createPhone(ADMIN, extension('2002', { name: '陈静' }));
    await setup.extensions.createPhone(ADMIN, extension('2003', { isListed: false }));
    await setup.site.parts.directory.refresh();
    admin = await setup.site.client('admin');
    stranger = await setup.site.client();
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('are for administrators only', async () => {
    const agent = await setup.site.client('agent');
    for (const path of [PATH, `${PATH}/new`, `${PATH}/settings`, `${PATH}/import`])
      expect((await agent.get(path)).status, path).to.equal(403);
  });

  it('are added by a MAC address in any writing; what is wrong is said beside the field', async () => {
    const wrong: readonly (readonly [Record<string, string | string[]>, string])[] = [
      [{ mac: '00:15:65' }, 'Write 12 hexadecimal digits'],
      [{ mac: 'ff:ff:ff:ff:ff:ff' }, 'no MAC address of a device'],
      [{ model: 'cisco-7960' }, 'f-model'],
      [{ lines: ['', ''] }, 'Choose at least one extension'],
      [{ lines: ['1', '2', '3', '999'] }, 'An extension is archived'],
      [{ keys: 'Ben 2002' }, 'Line 1: begin with a number'],
      [
        { keys: Array.from({ length: 16 }, (_, at) => String(2100 + at)).join('\n') },
        'up to 15 keys',
      ],
    ];
    for (const [changes, words] of wrong) {
      const answer = await add(changes);
      expect(answer.status, JSON.stringify(changes)).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect(await add()).to.include({ status: 303, location: `${PATH}/1` });
    const twice = await add({ mac: '0015.6512.3456', lines: [String(ben.id)] });
    expect(twice.status).to.equal(422);
    const shared = await add({ mac: '00:15:65:12:34:57' });
    expect(shared.status).to.equal(422);
    expect(shared.text).to.contain('2001 is on Front desk (00:15:65:12:34:56) already');
    expect((await admin.get(PATH)).text)
      .to.contain('Not yet fetched')
      .and.contain('00:15:65:12:34:56');
  });

  it('get their own file by their secret, and what was fetched is seen', async () => {
    const secret = await secretOf(1);
    const file = await fetchFile(secret, `${MAC}.cfg`);
    expect(file.status).to.equal(200);
    expect(file.headers.get('cache-control')).to.equal('no-store');
    expect(file.text)
      .to.contain('account.1.user_name = 2001\n')
      .and.contain(`account.1.password = ${ada.password}\n`)
      .and.contain('account.1.display_name = Ada "A" & Söhne\n')
      .and.contain('account.1.sip_server.1.address = 192.0.2.10\n')
      .and.contain('linekey.2.label = 陈静\n')
      .and.contain('voice_mail.number.1 = *97\n')
      .and.contain(`http://192.0.2.10:8080/provision/${secret}/phonebook.xml`);
    const asked = await fetch(`${setup.site.url}/provision/${secret}/${MAC}.cfg`, {
      method: 'HEAD',
    });
    expect(asked.status).to.equal(405);
    const { text } = await admin.get(`${PATH}/1`);
    expect(text)
      .to.contain('Yealink SIP-T46U')
      .and.contain('127.0.0.1')
      .and.contain('got its file')
      .and.contain('Up to date');
    for (const password of [ada.password, secret, ben.password])
      expect(text).not.to.contain(password);
  });

  it('are warned of while their files go over plain http, and no more over https', async () => {
    const pages = [`${PATH}/1/sheet`, `${PATH}/settings`];
    const warning = /http: whoever listens.*CB_HTTPS_PORT, CB_TLS_CERT and CB_TLS_KEY/;
    for (const page of pages) expect((await admin.get(page)).text, page).to.match(warning);
    const name = async (server: string): Promise<void> => {
      const { text } = await admin.get(`${PATH}/settings`);
      const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
      const saved = await admin.post(`${PATH}/settings`, {
        ...{ server, ntp: 'pool.ntp.org', codecs: 'alaw', refreshMinutes: '60', version },
      });
      expect(saved.status).to.equal(303);
    };
    await name('https://pbx.example.com');
    for (const page of pages) expect((await admin.get(page)).text, page).not.to.match(warning);
    await name('');
  });

  it('have an older configuration after a change, until they fetch again', async () => {
    const secret = await secretOf(1);
    expect((await edit(1, { keys: '7002 Other park' })).status).to.equal(303);
    expect((await admin.get(PATH)).text).to.contain('Older');
    await fetchFile(secret, 'phonebook.xml');
    expect((await admin.get(PATH)).text).to.contain('Older');
    await fetchFile(secret, `${MAC}.cfg`);
    expect((await admin.get(PATH)).text)
      .to.contain('Up to date')
      .and.not.contain('Older');
  });

  it('may send a name and a password instead; who sends none learns nothing', async () => {
    const secret = await secretOf(1);
    const basic = (name: string, password: string) => ({
      authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
    });
    for (const file of [`${MAC}.cfg`, 'ffffffffffff.cfg']) {
      const nobody = await stranger.get(`/provision/${file}`);
      expect(nobody.status).to.equal(401);
      expect(nobody.headers.get('www-authenticate')).to.match(/^Basic /);
    }
    const own = await stranger.get(`/provision/${MAC}.cfg`, basic('00-15-65-12-34-56', secret));
    expect(own.status).to.equal(200);
    for (const [name, password] of [
      ['00:15:65:12:34:57', secret],
      ['00:15:65:12:34:56', 'wrong'],
      ['', secret],
    ] as const)
      expect((await stranger.get(`/provision/${MAC}.cfg`, basic(name, password))).status).to.equal(
        404,
      );
  });

  it('that are not known, other phones’ files and other files are not found', async () => {
    const secret = await secretOf(1);
    expect((await fetchFile('a'.repeat(20), `${MAC}.cfg`)).status).to.equal(404);
    for (const file of ['001565123457.cfg', `cfg${MAC}.xml`, 'y.cfg', '..%2f..%2fetc%2fpasswd'])
      expect((await fetchFile(secret, file)).status, file).to.equal(404);
    const common = await fetchFile(secret, 'y000000000108.cfg');
    expect(common.status).to.equal(200);
    expect(common.text).not.to.contain(secret).and.not.contain(ada.password);
  });

  it('have a phone book without who is left out', async () => {
    const { text, headers } = await fetchFile(await secretOf(1), 'phonebook.xml');
    expect(headers.get('content-type')).to.contain('xml');
    expect(textsIn(parseXml(text)).get('DirectoryEntry/Name')).to.deep.equal([
      'Ada "A" & Söhne',
      '陈静',
    ]);
  });

  it('of other makers get a file that XML readers take', async () => {
    for (const [model, mac, file] of [
      ['grandstream-grp', '00:0b:82:aa:bb:cc', 'cfg000b82aabbcc.xml'],
      ['fanvil-x', '0c:38:3e:aa:bb:cc', '0c383eaabbcc.cfg'],
    ] as const) {
      const answer = await add({ mac, model, name: `<${model}>`, lines: [String(ben.id)] });
      const id = Number(answer.location?.split('/').at(-1));
      const { text } = await fetchFile(await secretOf(id), file);
      const values = [...textsIn(parseXml(text)).values()].flat();
      expect(values).to.include.members(['2002', '陈静', ben.password]);
      await admin.get(`${PATH}/${String(id)}`);
      expect((await admin.post(`${PATH}/${String(id)}/archive`)).status).to.equal(303);
    }
  });

  it('get nothing while they are switched off or archived', async () => {
    const secret = await secretOf(1);
    const off = { ...good(), isEnabled: '' };
    const { text } = await admin.get(`${PATH}/1`);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    await admin.post(`${PATH}/1`, { ...off, version });
    expect((await fetchFile(secret, `${MAC}.cfg`)).status).to.equal(404);
    expect((await admin.get(`${PATH}/1`)).text).to.contain('refused: switched off');
    await edit(1, {});
    expect((await fetchFile(secret, `${MAC}.cfg`)).status).to.equal(200);
  });

  it('get new secrets on request; the old address is dead', async () => {
    const before = await secretOf(1);
    await admin.get(`${PATH}/1`);
    expect((await admin.post(`${PATH}/1/secrets`)).status).to.equal(303);
    const after = await secretOf(1);
    expect(after).not.to.equal(before);
    expect((await fetchFile(before, `${MAC}.cfg`)).status).to.equal(404);
    expect((await fetchFile(after, `${MAC}.cfg`)).status).to.equal(200);
  });

  it('are told what the whole site is told, and lines of one’s own that phones can read', async () => {
    const settings = async (changes: Record<string, string>) => {
      const { text } = await admin.get(`${PATH}/settings`);
      const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
      return admin.post(`${PATH}/settings`, {
        ...{ server: 'https://pbx.example.com/', ntp: 'ntp.example.com', codecs: 'ulaw' },
        ...{ refreshMinutes: '30', version, ...changes },
      });
    };
    for (const [changes, words] of [
      [{ 'extra.yealink': 'a.b = 1\nbroken' }, 'Line 2 cannot be read'],
      [{ 'extra.grandstream': '</config>' }, 'Line 1 cannot be read'],
      [{ 'extra.fanvil': 'a<b/c = 1' }, 'Line 1 cannot be read'],
      [{ server: 'ftp://x' }, 'begins with http'],
      [{ ntp: 'two words' }, 'name or the address'],
      [{ refreshMinutes: '1' }, 'f-refreshMinutes'],
    ] as const) {
      const answer = await settings(changes);
      expect(answer.status, JSON.stringify(changes)).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect((await settings({ 'extra.yealink': 'phone_setting.x = 1' })).status).to.equal(303);
    const { text } = await fetchFile(await secretOf(1), `${MAC}.cfg`);
    expect(text)
      .to.contain('local_time.ntp_server1 = ntp.example.com\n')
      .and.contain('account.1.codec.pcmu.priority = 1\n')
      .and.contain('https://pbx.example.com/provision/')
      .and.contain('phone_setting.x = 1\n');
  });

  it('come many at once from a file, or none', async () => {
    const upload = (content: string): Promise<TestAnswer> => {
      const body = new FormData();
      body.append('_csrf', admin.csrf);
      body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), 'phones.csv');
      return admin.send(`${PATH}/import`, { body });
    };
    await admin.get(`${PATH}/import`);
    const checked = await upload(
      'mac;model;extensions\n00-15-65-00-00-01;T46U;2002\n00:15:65:12:34:56;T46U;2003\nx;T46U;2003\n',
    );
    expect(checked.text)
      .to.contain('3 rows: 1 good, 2 rejected')
      .and.contain('A phone with this MAC address is there already');
    const name = /name="checked" value="([^"]+)"/.exec(checked.text)?.[1] ?? '';
    expect((await admin.post(`${PATH}/import/run`, { checked: name })).status).to.equal(303);
    expect((await admin.get(PATH)).text).to.contain('00:15:65:00:00:01');
    await admin.get(`${PATH}/import`);
    const taken = await upload('mac;model;extensions\n00-15-65-00-00-02;T46U;2002\n');
    const again = /name="checked" value="([^"]+)"/.exec(taken.text)?.[1] ?? '';
    const refused = await admin.post(`${PATH}/import/run`, { checked: again });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.contain('2002 is on');
  });

  it('leave no password in logs and audit lines', async () => {
    const secret = await secretOf(1);
    const lines = JSON.stringify(await setup.site.parts.database('audit_entries').select('*'));
    expect(lines).to.contain('desk-phone.sheet');
    const logs = setup.site.logs.join('\n');
    for (const password of [ada.password, ben.password, secret])
      expect(lines + logs).not.to.contain(password);
  });
});
