import { expect } from 'chai';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

const PATH = '/setup/extensions/import';

describe('importing extensions from a file', () => {
  let setup: SetupSite;
  let admin: TestClient;
  const upload = (
    content: string | Buffer,
    name = 'phones.csv',
    client = admin,
  ): Promise<TestAnswer> => {
    const body = new FormData();
    body.append('_csrf', client.csrf);
    body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
    return client.send(PATH, { body });
  };
  const checkedIn = (page: TestAnswer): string =>
    /name="checked" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const numbers = async (): Promise<readonly string[]> =>
    (
      await setup.site.parts
        .database('extensions')
        .orderBy('number')
        .select<{ number: string }[]>('number')
    ).map((row) => row.number);

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    await setup.extensions.createPhone(ADMIN, extension('2001'));
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });
  beforeEach(() => admin.get(PATH));

  it('shows what a file would do, changes nothing, then creates all good rows and shows their passwords once', async () => {
    const page = await upload(
      'number,name,permission\n2010,<i>Ada</i>,local\n2001,Taken,local\n2011,Ben,moon\n',
    );
    expect(page.status).to.equal(200);
    expect(page.text).to.include('3 rows: 1 good, 2 rejected.');
    expect(page.text).to.include('&lt;i&gt;Ada&lt;/i&gt;').and.not.include('<i>Ada');
    expect(page.text).to.include('There is an extension with this number').and.include('moon');
    expect(await numbers()).to.deep.equal(['2001']);
    const checked = checkedIn(page);
    const done = await admin.post(`${PATH}/run`, { checked });
    expect(done.text)
      .to.include('1 extension created')
      .and.match(/<code class="secret-text">[a-z2-9]{20}</);
    expect(await numbers()).to.deep.equal(['2001', '2010']);
    const again = await admin.post(`${PATH}/run`, { checked });
    expect(again.status).to.equal(422);
    expect(again.text).to.include('This check was used already');
    expect(await numbers()).to.deep.equal(['2001', '2010']);
  });

  it('is refused whole when a number was taken between check and run', async () => {
    const page = await upload('number,name\n2020,Ada\n2021,Ben\n');
    await setup.extensions.createPhone(ADMIN, extension('2021'));
    const answer = await admin.post(`${PATH}/run`, { checked: checkedIn(page) });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('2021');
    expect(await numbers()).not.to.include('2020');
  });

  it('belongs to whoever checked it, and to nobody with a made-up name', async () => {
    const page = await upload('number,name\n2030,Ada\n');
    await setup.site.addUser('second', 'administrator');
    const second = await setup.site.client('second');
    await second.get(PATH);
    for (const checked of [checkedIn(page), '../../etc/passwd', '', '01ARZ3NDEKTSV4RRFFQ69G5FAV'])
      expect((await second.post(`${PATH}/run`, { checked })).status).to.equal(422);
    expect(await numbers()).not.to.include('2030');
  });

  const bad: readonly (readonly [string, string | Buffer, string])[] = [
    [
      'no columns that are known',
      'a,b\n1,2\n',
      'Columns are missing: number, name. The first line of the file has: a, b.',
    ],
    ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), 'This is an Excel workbook'],
    ['NUL bytes', 'number,name\n2040,A\u0000b\n', 'This is no text file'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'This is no text file'],
    [
      'a wrong encoding',
      Buffer.from([0x6e, 0x2c, 0xff, 0xff, 0x0a, 0x31]),
      'The characters of this file cannot be read',
    ],
    ['a million columns', `${'number,'.repeat(1_000_000 / 4)}\n1\n`, 'more than 50 columns'],
    [
      'an open quotation mark',
      'number,name\n2040,"Ada\n2041,Ben\n',
      'the quotation marks do not match',
    ],
    ['nothing', '', 'The file is empty'],
    ['only a header', 'number,name\n', 'a header but no rows'],
    ['too much', Buffer.alloc(3 * 1024 * 1024, 'a'), 'The file is larger than 2 MB'],
  ];
  for (const [what, content, message] of bad)
    it(`says clearly what is wrong with ${what}`, async () => {
      const page = await upload(content);
      expect(page.status).to.equal(422);
      expect(page.text).to.include(message).and.include('id="f-file-problem"');
      expect(page.text).not.to.include('name="checked"');
    });

  it('asks for a file where none was chosen', async () => {
    const body = new FormData();
    body.append('_csrf', admin.csrf);
    const page = await admin.send(PATH, { body });
    expect(page.status).to.equal(422);
    expect(page.text).to.include('Choose a file.');
  });

  it('is for those who may set up extensions', async () => {
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get(PATH)).status).to.equal(403);
    expect((await upload('number,name\n1,2\n', 'x.csv', supervisor)).status).to.equal(403);
    expect((await supervisor.post(`${PATH}/run`, { checked: 'x' })).status).to.equal(403);
  });

  it('offers a template that it takes itself', async () => {
    const template = await admin.get(`${PATH}/template.csv`);
    expect(template.headers.get('content-disposition')).to.include('extensions.csv');
    await admin.get(PATH);
    expect((await upload(template.text)).text).to.include('1 row: 1 good, 0 rejected.');
  });

  it('takes 5,000 rows in one go', async function () {
    this.timeout(60_000);
    const rows = Array.from(
      { length: 5_000 },
      (_, n) => `${String(100_000 + n)},Desk ${String(n)}`,
    );
    const page = await upload(`number,name\n${rows.join('\n')}\n`);
    expect(page.text).to.include('5,000 good');
    const done = await admin.post(`${PATH}/run`, { checked: checkedIn(page) });
    expect(done.status).to.equal(200);
    expect((await numbers()).filter((number) => number.length === 6)).to.have.length(5_000);
  });
});
