import { expect } from 'chai';
import { openDatabase } from '../../../src/adapters/mysql/database.js';
import { ContactsSite } from '../../support/contacts-site.js';
import type { TestClient } from '../../support/web.js';
import { workbook } from '../../support/workbook.js';

const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
/** 姓名,电话 · 张伟 · 李娜, as GB18030 has them. */
const GBK = Buffer.concat([
  Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb5, 0xe7, 0xbb, 0xb0, 0x0a]),
  Buffer.from([0xd5, 0xc5, 0xce, 0xb0]),
  Buffer.from(',13800138001\n'),
  Buffer.from([0xc0, 0xee, 0xc4, 0xc8]),
  Buffer.from(',13800138002\n'),
]);

describe('importing people', () => {
  let at: ContactsSite;
  let admin: TestClient;
  const people = (...numbers: string[]) =>
    at
      .db('contacts as c')
      .join('contact_numbers as n', 'n.contact_id', 'c.id')
      .whereIn('n.number', numbers)
      .orderBy('n.number')
      .select<{ id: number; name: string; number: string; company: string }[]>(
        'c.id',
        'c.name',
        'c.company',
        'n.number',
      );
  const names = async (...numbers: string[]): Promise<readonly string[]> =>
    (await people(...numbers)).map((row) => row.name);

  before(async function () {
    this.timeout(60_000);
    at = await ContactsSite.start();
    admin = await at.site.client('admin');
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  it('guesses columns, shows what becomes of rows, and imports them into a new list', async () => {
    const { id } = await at.upload(
      admin,
      'Customer no,Full name,Company,Phone,Country\nK1,Ada Finch,"Lark, Sons & Co",020 7946 0001,\nK2,Ben Lark,,2125550123,USA\nK3,Nobody,,,\n',
    );
    const page = await admin.get(`/lists/import/${id}`);
    expect(page.text).to.include('Read as UTF-8, separated by comma.');
    for (const value of ['key', 'name', 'company', 'number', 'country'])
      expect(page.text, value).to.include(`value="${value}" selected`);
    expect(page.text).to.include('+442079460001').and.include('+12125550123');
    expect(page.text).to.include('Europe/London').and.include('America/New_York');
    expect(page.text).to.include('There is no number in any of the number columns.');
    const wrong = await admin.post(`/lists/import/${id}/run`, {
      column: ['key', 'name', 'company', '', ''],
      ...{ hasHeader: 'on', country: 'GB', duplicates: 'skip', list: 'none' },
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('No column has numbers.');
    const run = await admin.post(`/lists/import/${id}/run`, {
      column: ['key', 'name', 'company', 'number', 'country'],
      ...{ hasHeader: 'on', country: 'GB', duplicates: 'skip', list: 'new', newList: 'Spring' },
    });
    expect(run.status).to.equal(303);
    expect((await admin.get(`/lists/import/${id}`)).text).to.include('Waiting');
    await at.runWaiting();
    const done = await admin.get(`/lists/import/${id}`);
    expect(done.text).to.include('Done').and.include('1 rejected row').and.include('Spring');
    expect(await names('+442079460001', '+12125550123')).to.deep.equal(['Ben Lark', 'Ada Finch']);
    const rejected = await admin.get(`/lists/import/${id}/rejected.csv`);
    expect(rejected.text).to.include(
      '4,There is no number in any of the number columns.,K3,Nobody',
    );
    const lists = await admin.get('/lists');
    expect(lists.text).to.match(/Spring[\s\S]*?<td class="n"[^>]*>2</);
    const audit = await at.first('audit_entries', { action: 'contact.import' });
    expect(audit).to.include({ object_name: 'people.csv', user_name: 'Test admin' });
  });

  it('reads UTF-8 with and without mark, UTF-16 in both orders, and GB18030', async () => {
    const text = (number: string): string => `姓名;电话\n王芳;${number}\n`;
    const china = { country: 'CN' };
    await at.import(admin, `\ufeff${text('13800138011')}`, china);
    await at.import(admin, utf16(text('13800138012'), false), china);
    await at.import(admin, utf16(text('13800138013'), true), china);
    await at.import(admin, GBK, china);
    expect(
      await names(
        '+8613800138011',
        '+8613800138012',
        '+8613800138013',
        '+8613800138001',
        '+8613800138002',
      ),
    ).to.deep.equal(['张伟', '李娜', '王芳', '王芳', '王芳']);
  });

  it('reads workbooks: numbers that Excel took for numbers are whole, dates are refused as dates', async () => {
    const row = await at.import(
      admin,
      workbook([
        ['Name', 'Mobile', 'Company'],
        ['Rhea Dunn', 447911123001, 'Dunn & <Sons>'],
        ['', 'tel:+44 7911 123 002', ''],
        ['Dated', { date: 45985 }, ''],
      ]),
      {},
      'people.xlsx',
    );
    expect(row).to.include({ state: 'done', imported: 2, rejected: 1 });
    const [rhea] = await people('+447911123001');
    expect(rhea).to.include({ name: 'Rhea Dunn', company: 'Dunn & <Sons>' });
    const file = await admin.get(`/lists/import/${String(row.id)}/rejected.csv`);
    expect(file.text).to.include('4,"Column B: 2025-11-24 is a date, not a telephone number."');
  });

  it('takes one number in ten notations for one person', async () => {
    const notations = [
      '+44 20 7946 0777',
      '020 7946 0777',
      '(020) 7946-0777',
      '0044 20 7946 0777',
      '+44 (0)20 7946 0777',
      '020.7946.0777',
      '02079460777',
      'tel:+442079460777',
      '\u202a020 7946 0777\u202c',
      '０２０ ７９４６ ０７７７',
    ];
    const row = await at.import(
      admin,
      `name,phone\n${notations.map((one) => `Zoe,${one}`).join('\n')}\n`,
    );
    expect(row).to.include({ imported: 1, duplicates_inside: 9, rejected: 0 });
    expect(await names('+442079460777')).to.deep.equal(['Zoe']);
  });

  it('names what a cell is instead of a number', async () => {
    const cells = ['1.38E+10', '2026-11-24', '24.11.2026', '#N/A', 'ask Mary', '12', '24-Nov-26'];
    const row = await at.import(
      admin,
      `name,phone\n${cells.map((one) => `=1+1,${one}`).join('\n')}\n`,
    );
    expect(row).to.include({ imported: 0, rejected: cells.length });
    const { text } = await admin.get(`/lists/import/${String(row.id)}/rejected.csv`);
    expect(text).to.include('1.38E+10 is a number that Excel has shortened');
    for (const date of ['2026-11-24', '24.11.2026', '24-Nov-26'])
      expect(text).to.include(`${date} is a date`);
    expect(text)
      .to.include('#N/A is an error of a spreadsheet')
      .and.include('ask Mary has letters');
    expect(text).to.include('12 is no telephone number of GB').and.include(",'=1+1,");
  });

  it('leaves, updates, or only lists people who are there, by key and by number', async () => {
    const list = await at.db('contact_lists').insert({ name: 'Twice' });
    const target = { list: String(list[0]) };
    const file = (name: string, number: string): string =>
      `external key,name,company,phone\nDUP1,${name},,${number}\n`;
    await at.import(admin, file('First', '020 7946 0501'));
    const skipped = await at.import(admin, file('Second', '020 7946 0502'), target);
    expect(skipped).to.include({ imported: 0, duplicates_before: 1 });
    const listed = await at.import(admin, `name,phone\nOther,02079460501\n`, {
      ...target,
      duplicates: 'list',
    });
    expect(listed).to.include({ imported: 0, listed: 1 });
    const updated = await at.import(admin, file('Third', '020 7946 0503'), {
      ...target,
      duplicates: 'update',
    });
    expect(updated).to.include({ imported: 0, updated: 1 });
    const numbers = await people('+442079460501', '+442079460502', '+442079460503');
    expect(numbers.map((row) => [row.name, row.number])).to.deep.equal([
      ['Third', '+442079460501'],
      ['Third', '+442079460503'],
    ]);
    const members = await at.db('contact_list_members').where({ list_id: list[0] });
    expect(members).to.have.length(1);
  });

  it('goes on where a program that ended left off, and doubles nothing', async () => {
    const rows = Array.from(
      { length: 25_000 },
      (_, index) => `Row ${String(index)},0161 4${String(960_000 + index).slice(0, 6)}`,
    );
    const { id } = await at.upload(admin, `name,phone\n${rows.join('\n')}\nbad,12\n`);
    await admin.get(`/lists/import/${id}`);
    await admin.post(`/lists/import/${id}/run`, {
      column: ['name', 'number'],
      ...{ hasHeader: 'on', country: 'GB', duplicates: 'skip', list: 'none' },
    });
    // A program that ended after the first chunk: the lock is free, the row says that it runs.
    await at.db('contact_imports').where({ id }).update({ state: 'running' });
    await at.runWaiting();
    const broken = await admin.get(`/lists/import/${id}`);
    expect(broken.text).to.include('Broken off').and.include('Go on');
    await admin.post(`/lists/import/${id}/again`);
    await at.runWaiting();
    const done = await at.row(id);
    expect(done).to.include({ state: 'done', rows_done: 25_001, imported: 25_000, rejected: 1 });
    const again = await at
      .db('contact_imports')
      .where({ id })
      .update({
        ...{ state: 'broken-off', rows_done: 10_000, imported: 10_000, rejected: 0 },
      });
    expect(again).to.equal(1);
    await admin.post(`/lists/import/${id}/again`);
    await at.runWaiting();
    const twice = await at.row(id);
    expect(twice).to.include({ state: 'done', rows_done: 25_001, duplicates_inside: 15_000 });
    const [count] = await at.db('contacts').whereILike('name', 'Row %').count({ n: '*' });
    expect(count?.['n']).to.equal(25_000);
  }).timeout(60_000);

  it('ends between two chunks when somebody cancels', async () => {
    const { id } = await at.upload(admin, 'name,phone\nCancelled,020 7946 0888\n');
    await admin.get(`/lists/import/${id}`);
    await admin.post(`/lists/import/${id}/run`, {
      column: ['name', 'number'],
      ...{ hasHeader: 'on', country: 'GB', duplicates: 'skip', list: 'none' },
    });
    await at.db('contact_imports').where({ id }).update({ cancel_asked: true });
    await at.runWaiting();
    expect((await admin.get(`/lists/import/${id}`)).text).to.include('Cancelled');
    expect(await names('+442079460888')).to.deep.equal([]);
  });

  it('keeps what a file held before it ceased to be a table', async () => {
    const row = await at.import(admin, 'name,phone\nKept,020 7946 0991\n"open,020 7946 0992\n');
    expect(row).to.include({ state: 'failed', imported: 1 });
    expect((await admin.get(`/lists/import/${String(row.id)}`)).text).to.include('quotation mark');
  });

  it('refuses what is no table, with a reason', async () => {
    const reasons: readonly (readonly [Buffer, string])[] = [
      [Buffer.alloc(0), 'The file is empty.'],
      [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'Excel 97–2003'],
      [Buffer.from('PK\u0003\u0004 no archive'), 'The workbook is damaged.'],
      [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 'This is no table'],
    ];
    for (const [content, reason] of reasons) {
      const answer = await at.upload(admin, content);
      expect(answer.status, reason).to.equal(422);
      expect(answer.text).to.include(reason);
    }
    const agent = await at.site.client('agent');
    expect((await agent.get('/lists/import')).status).to.equal(403);
  });

  it('holds a lock while it works, so that nobody marks it as broken off', async () => {
    const { id } = await at.upload(admin, 'name,phone\nLocked,020 7946 0999\n');
    await at.db('contact_imports').where({ id }).update({ state: 'running' });
    const other = openDatabase(at.site.mariadb.config, 1);
    await other.raw('SELECT GET_LOCK(?, 0)', [`cordboard.import.${id}`]);
    await at.runWaiting();
    expect(await at.db('contact_imports').where({ id }).first('state')).to.deep.equal({
      state: 'running',
    });
    await other.raw('SELECT RELEASE_LOCK(?)', [`cordboard.import.${id}`]);
    await other.destroy();
    await at.runWaiting();
    expect(await at.db('contact_imports').where({ id }).first('state')).to.deep.equal({
      state: 'broken-off',
    });
  });
});
