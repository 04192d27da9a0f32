import { expect } from 'chai';
import type { DidId, ExtensionId, QueueId } from '../../../src/kernel/ids.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import { ADMIN, did, extension, queue, refusal, SUPERVISOR } from '../../support/setup-drafts.js';

const everything = {
  search: '',
  sortBy: 'number',
  descending: false,
  offset: 0,
  limit: 50,
  archived: false,
  filters: {},
} as const;

describe('named rows in MariaDB', () => {
  let setup: SetupSite;
  const audit = async (kind: string, id: number) =>
    (
      await setup.site.parts
        .database('audit_entries')
        .where({ object_kind: kind, object_id: String(id) })
        .orderBy('id')
        .select<{ action: string; changes: unknown; user_name: string }[]>()
    ).map((line) => ({
      action: line.action,
      by: line.user_name,
      changes:
        typeof line.changes === 'string'
          ? (JSON.parse(line.changes) as unknown)
          : (line.changes ?? undefined),
    }));

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
  });
  after(() => setup.site.stop());

  it('are created, changed, archived and restored, each with its audit line and announced after the commit', async () => {
    const { dids, notes } = setup;
    notes.announced.length = 0;
    const id = await dids.create(ADMIN, did('+442079460100', { name: 'Main' }));
    await dids.save(ADMIN, id, 1, did('+442079460100', { name: 'Main number', language: 'zh-CN' }));
    expect(await dids.archive(ADMIN, id)).to.deep.equal([]);
    expect((await dids.list(ADMIN, everything)).rows).to.deep.equal([]);
    expect((await dids.list(ADMIN, { ...everything, archived: true })).total).to.equal(1);
    await dids.restore(ADMIN, id);
    const stored = await dids.get(ADMIN, id);
    expect(stored).to.deep.include({ name: 'Main number', version: 4, archivedAt: undefined });
    expect(notes.announced).to.deep.equal(['dids', 'dids', 'dids', 'dids']);
    expect(await audit('did', id)).to.deep.equal([
      {
        action: 'did.create',
        by: 'Owen Dale',
        changes: {
          number: ['', '+442079460100'],
          name: ['', 'Main'],
          target: ['', 'hangup'],
          language: ['', 'en'],
        },
      },
      {
        action: 'did.change',
        by: 'Owen Dale',
        changes: { name: ['Main', 'Main number'], language: ['en', 'zh-CN'] },
      },
      { action: 'did.archive', by: 'Owen Dale', changes: undefined },
      { action: 'did.restore', by: 'Owen Dale', changes: undefined },
    ]);
  });

  it('stay as they are, unannounced, when nothing was changed', async () => {
    const { dids, notes } = setup;
    const id = await dids.create(ADMIN, did('+442079460101'));
    notes.announced.length = 0;
    await dids.save(ADMIN, id, 1, did('+442079460101'));
    expect((await dids.get(ADMIN, id)).version).to.equal(1);
    expect(notes.announced).to.deep.equal([]);
    expect(await audit('did', id)).to.have.length(1);
  });

  it('let only one of two saves of the same version through', async () => {
    const { dids } = setup;
    const id = await dids.create(ADMIN, did('+442079460102'));
    const tries = Array.from({ length: 8 }, (_, n) =>
      refusal(dids.save(ADMIN, id, 1, did('+442079460102', { name: `Try ${String(n)}` }))),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'not refused')).to.have.length(1);
    expect(outcomes.filter((outcome) => outcome === 'conflict')).to.have.length(7);
    expect((await dids.get(ADMIN, id)).version).to.equal(2);
    expect(await audit('did', id)).to.have.length(2);
  });

  it('refuse a taken number, also under load, and say whether an archived row has it', async () => {
    const { extensions } = setup;
    const tries = Array.from({ length: 6 }, () =>
      refusal(extensions.create(ADMIN, extension('2100', { secretSealed: 'x' }))),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'not refused')).to.have.length(1);
    expect(new Set(outcomes)).to.deep.equal(
      new Set(['not refused', 'invalid-fields number: configuration.problem.taken']),
    );
    const { rows } = await extensions.list(ADMIN, { ...everything, search: '2100' });
    await extensions.archive(ADMIN, rows[0]?.id ?? (0 as ExtensionId));
    expect(
      await refusal(extensions.create(ADMIN, extension('2100', { secretSealed: 'x' }))),
    ).to.equal('invalid-fields number: configuration.problem.taken-archived');
  });

  it('are for those with the permission only', async () => {
    const { dids, queues, extensions, trunks, agents } = setup;
    for (const service of [dids, queues, extensions, trunks, agents]) {
      const list = service.list.bind(service) as (
        actor: typeof ADMIN,
        query: unknown,
      ) => Promise<unknown>;
      expect(await refusal(list(SUPERVISOR, everything))).to.equal('not-allowed');
      const archive = service.archive.bind(service) as (
        actor: typeof ADMIN,
        id: number,
      ) => Promise<unknown>;
      expect(await refusal(archive(SUPERVISOR, 1))).to.equal('not-allowed');
    }
    expect(await refusal(dids.create(SUPERVISOR, did('+442079460109')))).to.equal('not-allowed');
    expect(await refusal(dids.save(SUPERVISOR, 1 as DidId, 1, did('+442079460109')))).to.equal(
      'not-allowed',
    );
  });

  it('take search words as text, whatever SQL or pattern they look like', async () => {
    const { dids } = setup;
    await dids.create(ADMIN, did('+442079460103', { name: `100%_'); DROP TABLE dids; -- \\` }));
    const find = async (search: string): Promise<readonly string[]> =>
      (await dids.list(ADMIN, { ...everything, search })).rows.map((row) => row.number);
    expect(await find(`'); DROP TABLE dids; --`)).to.deep.equal(['+442079460103']);
    expect(await find('100%')).to.deep.equal(['+442079460103']);
    expect(await find("%_'")).to.deep.equal(['+442079460103']);
    expect(await find('\\')).to.deep.equal(['+442079460103']);
    expect(await find(`' OR '1'='1`)).to.deep.equal([]);
    expect(await find('(020) 7946 0103')).to.deep.equal(['+442079460103']);
    expect(
      (await dids.list(ADMIN, { ...everything, filters: { language: `en' OR 1=1` } })).rows,
    ).to.deep.equal([]);
  });

  it('page through every row once, however many share the sorted value', async () => {
    const { queues } = setup;
    for (let n = 0; n < 25; n += 1) await queues.create(ADMIN, queue(`Line ${String(n)}`));
    const seen: QueueId[] = [];
    for (let offset = 0; offset < 30; offset += 10) {
      const page = await queues.list(ADMIN, {
        ...everything,
        sortBy: 'updated',
        search: 'Line',
        offset,
        limit: 10,
      });
      seen.push(...page.rows.map((row) => row.id));
      expect(page.total).to.equal(25);
    }
    expect(new Set(seen).size).to.equal(25);
  });

  it('keep nothing of a change whose audit line cannot be written', async () => {
    const { dids } = setup;
    const tooLong = {
      ...ADMIN,
      address: 'x',
      name: 'y',
      userId: -1 as (typeof ADMIN)['userId'],
    } as typeof ADMIN;
    // Negative ids do not fit the column of the audit log.
    let failed = false;
    await dids.create(tooLong, did('+442079460110')).catch(() => {
      failed = true;
    });
    expect(failed).to.equal(true);
    expect((await dids.list(ADMIN, { ...everything, search: '+442079460110' })).total).to.equal(0);
  });
});
