import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { makeSealer } from '../../../src/adapters/crypto/seal.js';
import { makeLogger } from '../../../src/adapters/log/logger.js';
import { KnexFlowReports } from '../../../src/features/ivr-flows/flow-reports.js';
import { openDirectory } from '../../../src/features/directory/index.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { AppError, type ErrorCode } from '../../../src/kernel/errors.js';
import type { FlowId } from '../../../src/kernel/ids.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';

const actor = SYSTEM_ACTOR;

async function refusal(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('IVR flows in MariaDB', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let names = 0;

  const create = (definition = smallFlow(at)): Promise<FlowId> => {
    names += 1;
    return at.flows.create(actor, { name: `Flow ${String(names)}`, definition });
  };
  const versionOf = async (id: FlowId): Promise<number> => (await at.flows.get(actor, id)).version;
  /** Renames the step `bye` in the draft. */
  const relabel = async (id: FlowId, label: string, version?: number): Promise<void> =>
    at.flows.edit(actor, id, version ?? (await versionOf(id)), (flow) => ({
      ...flow,
      steps: { ...flow.steps, bye: { kind: 'hangup', label } },
    }));
  const labelIn = (definition: FlowDefinition | undefined): string | undefined =>
    definition?.steps['bye']?.label;

  it('publishes at once what seeds bring, and refuses what has errors', async () => {
    at.announced.length = 0;
    const id = await create();
    const open = await at.flows.open(actor, id);
    expect(open.flow).to.include({ publishedVersion: 1, hasDraft: false });
    expect(open.definition).to.deep.equal(smallFlow(at));
    expect(at.announced).to.deep.equal(['flows']);
    const { steps } = smallFlow(at);
    expect(await refusal(create({ start: 'gone', steps }))).to.equal('invalid-fields');
    const rows = await at.site.parts.database('ivr_flows').where('name', `Flow ${String(names)}`);
    expect(rows).to.deep.equal([]);
  });

  it('keeps a draft from callers until it is published, and older versions for calls in progress', async () => {
    const id = await create();
    const log = makeLogger('silent');
    const sealer = makeSealer(Buffer.alloc(32, 1));
    const directory = await openDirectory(at.site.parts.database, sealer, log);
    try {
      await relabel(id, 'Farewell');
      await directory.refresh();
      expect(directory.current.flows.get(id)).to.include({ version: 1 });
      const published = await at.flows.publish(actor, id, await versionOf(id));
      expect(published).to.deep.equal({ kind: 'published', version: 2 });
      await directory.refresh();
      expect(labelIn(directory.current.flows.get(id)?.definition)).to.equal('Farewell');
      expect(labelIn((await directory.flowVersion(id, 1))?.definition)).to.equal('Goodbye');
      expect(await directory.flowVersion(id, 3)).to.equal(undefined);
    } finally {
      directory.close();
    }
  });

  it('has no version before the first publishing', async () => {
    const id = await at.flows.createDraft(actor, { name: 'New one', definition: smallFlow(at) });
    expect(await at.flows.get(actor, id)).to.include({ publishedVersion: 0, hasDraft: true });
    expect(await at.flows.versions(actor, id)).to.deep.equal([]);
    const result = await at.flows.publish(actor, id, await versionOf(id));
    expect(result).to.deep.equal({ kind: 'published', version: 1 });
    expect(await at.flows.get(actor, id)).to.include({ publishedVersion: 1, hasDraft: false });
  });

  it('takes saves back and does them again, and forgets what was undone with the next save', async () => {
    const id = await create();
    await relabel(id, 'One');
    await relabel(id, 'Two');
    const now = async (): Promise<string> => {
      const { definition, draft } = await at.flows.open(actor, id);
      return `${String(labelIn(definition))} ${draft?.canUndo ? 'undo' : ''}${draft?.canRedo ? 'redo' : ''}`;
    };
    const move = async (direction: 'undo' | 'redo'): Promise<string> => {
      await at.flows.move(actor, id, await versionOf(id), direction);
      return now();
    };
    expect(await now()).to.equal('Two undo');
    expect(await move('undo')).to.equal('One undoredo');
    expect(await move('undo')).to.equal('Goodbye redo');
    expect(await move('undo')).to.equal('Goodbye redo');
    expect(await move('redo')).to.equal('One undoredo');
    await relabel(id, 'Three');
    expect(await now()).to.equal('Three undo');
    expect(await move('redo')).to.equal('Three undo');
    await at.flows.discard(actor, id, await versionOf(id));
    expect(await now()).to.equal('Goodbye ');
  });

  it('keeps the last hundred saves of a draft', async () => {
    const id = await create();
    for (let count = 1; count <= 105; count += 1) await relabel(id, `Label ${String(count)}`);
    const rows = await at.site.parts.database('ivr_flow_drafts').where({ flow_id: id });
    expect(rows).to.have.length(100);
    expect(labelIn((await at.flows.open(actor, id)).definition)).to.equal('Label 105');
  });

  it('lets one of two people save who saw the same state', async () => {
    const id = await create();
    const version = await versionOf(id);
    const outcomes = await Promise.all(
      ['Mine', 'Yours', 'Theirs'].map((label) => refusal(relabel(id, label, version))),
    );
    expect(outcomes.filter((code) => code === undefined)).to.have.length(1);
    expect(outcomes.filter((code) => code === 'conflict')).to.have.length(2);
  });

  it('gives two publishers at once one version and one conflict', async () => {
    const id = await create();
    await relabel(id, 'Once');
    const version = await versionOf(id);
    const outcomes = await Promise.all(
      [1, 2].map(() => refusal(at.flows.publish(actor, id, version))),
    );
    expect(outcomes.sort()).to.deep.equal(['conflict', undefined]);
    expect((await at.flows.versions(actor, id)).map((row) => row.version)).to.deep.equal([2, 1]);
  });

  it('refuses to publish a loop that nobody hears and names its steps', async () => {
    const id = await create();
    const hours = (label: string, to: string) => ({
      ...{ kind: 'hours' as const, label, closedDates: [], open: to, closed: 'bye' },
      periods: [{ days: [1], fromMinute: 0, toMinute: 60 }],
    });
    await at.flows.edit(actor, id, await versionOf(id), (flow) => ({
      start: 'a',
      steps: { ...flow.steps, a: hours('Day', 'b'), b: hours('Night', 'a') },
    }));
    const result = await at.flows.publish(actor, id, await versionOf(id));
    if (result.kind !== 'refused') throw new Error(`it was ${result.kind}`);
    const loop = result.problems.find((found) => found.message === 'flow.problem.silent-loop');
    expect(loop?.params['steps']).to.equal('Day → Night');
    expect((await at.flows.versions(actor, id)).length).to.equal(1);
  });

  it('refuses to publish what names something that was archived meanwhile', async () => {
    const { database } = at.site.parts;
    const [queue] = (await database('queues').insert({
      name: 'Short-lived',
      overflow: JSON.stringify({ kind: 'hangup' }),
    })) as [number];
    const { steps } = smallFlow(at);
    const id = await create({
      start: 'greeting',
      steps: { ...steps, sales: { kind: 'queue', label: 'Short-lived', queue, priority: 0 } },
    });
    await relabel(id, 'Changed');
    await database('queues').where({ id: queue }).update({ archived_at: new Date() });
    const version = await versionOf(id);
    expect((await at.flows.publish(actor, id, version)).kind).to.equal('refused');
    expect(await versionOf(id)).to.equal(version);
  });

  it('restores an older version as a new one and leaves the draft alone', async () => {
    const id = await create();
    await relabel(id, 'Second');
    await at.flows.publish(actor, id, await versionOf(id));
    await relabel(id, 'In work');
    const result = await at.flows.restoreVersion(actor, id, await versionOf(id), 1);
    expect(result).to.deep.equal({ kind: 'published', version: 3 });
    const open = await at.flows.open(actor, id);
    expect(labelIn(open.published)).to.equal('Goodbye');
    expect(labelIn(open.definition)).to.equal('In work');
    const again = await at.flows.restoreVersion(actor, id, await versionOf(id), 1);
    expect(again.kind).to.equal('unchanged');
    expect(await refusal(at.flows.restoreVersion(actor, id, await versionOf(id), 9))).to.equal(
      'not-found',
    );
  });

  it('is not archived while a number leads to it', async () => {
    const id = await create();
    const { database } = at.site.parts;
    const [did] = (await database('dids').insert({
      number: '+442079460111',
      name: 'Main',
      target: JSON.stringify({ kind: 'flow', id }),
      language: 'zh-CN',
    })) as [number];
    const open = await at.flows.open(actor, id);
    expect(open.uses).to.deep.equal([{ kind: 'did', id: did, name: '+442079460111' }]);
    expect((await at.flows.useCounts(actor)).get(id)).to.equal(1);
    expect(await at.flows.archive(actor, id)).to.have.length(1);
    await database('dids').where({ id: did }).update({ archived_at: new Date() });
    expect(await at.flows.archive(actor, id)).to.deep.equal([]);
    expect((await at.flows.get(actor, id)).archivedAt).to.be.instanceOf(Date);
    await at.flows.restore(actor, id);
    expect((await at.flows.get(actor, id)).archivedAt).to.equal(undefined);
  });

  it('is not archived while another flow enters it, which the list counts and the pages name', async () => {
    const id = await create();
    const steps: FlowDefinition = {
      start: 'in',
      steps: {
        in: { kind: 'sub-flow', label: 'Enter', flow: id, next: 'bye' },
        bye: { kind: 'hangup', label: 'Goodbye' },
      },
    };
    const outer = await at.flows.create(actor, { name: 'Front door', definition: steps });
    const use = [{ kind: 'flow', id: outer, name: 'Front door' }];
    expect((await at.flows.open(actor, id)).uses).to.deep.equal(use);
    expect((await at.flows.useCounts(actor)).get(id)).to.equal(1);
    expect(await at.flows.archive(actor, id)).to.deep.equal(use);
    const page = await at.admin.get(`/setup/ivr/${String(id)}/edit`);
    expect(page.text)
      .to.include(`href="/setup/ivr/${String(outer)}"`)
      .and.include('Front door');
    expect(await at.flows.archive(actor, outer)).to.deep.equal([]);
    expect(await at.flows.archive(actor, id)).to.deep.equal([]);
  });

  it('writes who published what into the audit log', async () => {
    const id = await create();
    await relabel(id, 'Audited');
    await at.flows.publish(actor, id, await versionOf(id));
    const rows = (await at.site.parts
      .database('audit_entries')
      .where({ object_kind: 'flow', object_id: String(id) })
      .orderBy('id')) as { action: string; changes: string }[];
    expect(rows.map((row) => row.action)).to.deep.equal(['flow.publish', 'flow.publish']);
    const changes: unknown =
      typeof rows[1]?.changes === 'string' ? JSON.parse(rows[1].changes) : rows[1]?.changes;
    expect(changes).to.deep.equal({ version: ['', 2], changed: ['', 'Audited'] });
  });

  it('knows the languages of callers who come over other flows and queues, also after these change', async () => {
    const { database } = at.site.parts;
    const reports = new KnexFlowReports(database);
    const inner = await create();
    const outer = await create();
    const beyond = await create();
    await database('dids').insert({
      ...{ number: '+442079460177', name: 'Chinese', language: 'zh-CN' },
      target: JSON.stringify({ kind: 'flow', id: outer }),
    });
    await database('queues')
      .where({ id: at.sales })
      .update({ overflow: JSON.stringify({ kind: 'flow', id: beyond }) });
    expect(await reports.languagesOf(outer)).to.deep.equal(['zh-CN']);
    expect(await reports.languagesOf(inner)).to.deep.equal([]);
    expect(await reports.languagesOf(beyond)).to.deep.equal(['zh-CN']);
    await at.flows.edit(actor, outer, await versionOf(outer), (flow) => ({
      start: 'in',
      steps: {
        ...flow.steps,
        in: { kind: 'sub-flow', label: 'In', flow: inner, next: flow.start },
      },
    }));
    expect(await reports.languagesOf(inner)).to.deep.equal([]);
    await at.flows.publish(actor, outer, await versionOf(outer));
    expect(await reports.languagesOf(inner)).to.deep.equal(['zh-CN']);
    expect((await reports.flowsThatEnter(inner)).map(({ id }) => id)).to.deep.equal([outer]);
  });

  it('is closed to everybody without the permission', async () => {
    const id = await create();
    const supervisor = { ...SYSTEM_ACTOR, role: 'supervisor' as const };
    for (const work of [
      () => at.flows.open(supervisor, id),
      () => at.flows.edit(supervisor, id, 1, (flow) => flow),
      () => at.flows.publish(supervisor, id, 1),
      () => at.flows.versions(supervisor, id),
      () => at.flows.archive(supervisor, id),
      () => at.flows.create(supervisor, { name: 'X', definition: smallFlow(at) }),
    ])
      expect(await refusal(work())).to.equal('not-allowed');
  });
});
