import { expect } from 'chai';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { FlowId } from '../../../src/kernel/ids.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';
import type { TestAnswer } from '../../support/web.js';

describe('tests of IVR flows', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let names = 0;

  const create = async (): Promise<FlowId> => {
    names += 1;
    const name = `Tested ${String(names)}`;
    return at.flows.create(SYSTEM_ACTOR, { name, definition: smallFlow(at) });
  };
  const path = (id: FlowId): string => `/setup/ivr/${String(id)}/tests`;
  const version = (page: TestAnswer): string =>
    /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
  const salesTest = (): Readonly<Record<string, string>> => ({
    ...{ name: 'Saturday, sales', did: '+442079460123', caller: '+442079460999', callerName: '' },
    ...{ moment: '2026-11-28T13:10', language: 'en', end: `queue:${String(at.sales)}` },
    ...{ 'acts.0.kind': 'keys', 'acts.0.step': '', 'acts.0.value': '1' },
    ...{ 'acts.1.kind': '', 'acts.1.step': '', 'acts.1.value': '' },
    ...{ 'passes.0.step': 'main', 'passes.1.step': '' },
    ...{ 'variables.0.name': 'time', 'variables.0.value': '13:10' },
  });
  const add = async (id: FlowId, fields = salesTest()): Promise<TestAnswer> => {
    await at.admin.get(`${path(id)}/new`);
    return at.admin.post(path(id), fields);
  };

  it('are written in a page, run on the draft, and show the way of the call', async () => {
    const id = await create();
    expect((await at.admin.get(path(id))).text).to.contain('There are no tests yet.');
    const added = await add(id);
    expect(added.status).to.equal(303);
    const page = await at.admin.get(added.location ?? '');
    expect(page.text)
      .to.contain('Passed')
      .and.contain('queue Sales')
      .and.contain('data-lit="[&quot;greeting&quot;,&quot;main&quot;,&quot;sales&quot;]"');
    expect(page.text).to.contain('value="2026-11-28T13:10"').and.contain('name="acts.1.kind"');
    expect((await at.admin.get(path(id))).text)
      .to.contain('All tests pass.')
      .and.contain('2026-11-28 13:10');
  });

  it('say what is wrong beside the field and keep what was typed', async () => {
    const id = await create();
    const wrong = await add(id, {
      ...salesTest(),
      ...{ name: ' ', moment: '2026-02-30T13:10', end: 'cat:1' },
      ...{ 'acts.2.kind': 'keys', 'acts.2.step': '', 'acts.2.value': 'press one' },
      ...{ 'acts.4.kind': 'pin', 'acts.4.step': '', 'acts.4.value': 'maybe' },
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text)
      .to.contain('Write the keys: digits, * and #.')
      .and.contain('Write ok, wrong or locked.')
      .and.contain('press one');
    for (const field of ['name', 'end', 'acts.2.value', 'acts.4.value'])
      expect(wrong.text).to.match(
        new RegExp(
          `(id="f-${field}"[^>]*aria-invalid="true")|(aria-invalid="true"[^>]*id="f-${field}")`,
        ),
      );
    const never = await add(id, { ...salesTest(), moment: '2026-02-30T13:10' });
    expect(never.status).to.equal(422);
    expect(never.text).to.contain('Choose a date and a time that exist.');
  });

  it('keep a flow from being published while one fails', async () => {
    const id = await create();
    const added = await add(id);
    const editor = await at.admin.get(`/setup/ivr/${String(id)}/edit`);
    await at.admin.post(`/setup/ivr/${String(id)}/connect`, {
      ...{ version: version(editor), step: 'main', exits: 'key-1', to: 'bye' },
    });
    const changed = await at.admin.get(`/setup/ivr/${String(id)}/edit`);
    const publish = { version: version(changed), note: 'Sales is closed on Saturdays.' };
    const refused = await at.admin.post(`/setup/ivr/${String(id)}/publish`, publish);
    expect(refused.status).to.equal(422);
    expect(refused.text)
      .to.contain('Not published: a test fails')
      .and.contain(`href="${added.location ?? ''}"`);
    expect((await at.flows.get(SYSTEM_ACTOR, id)).publishedVersion).to.equal(1);
    const failing = await at.admin.get(added.location ?? '');
    expect(failing.text).to.contain('Expected queue Sales, but ended in hang-up');

    await at.admin.post(added.location ?? '', {
      ...{ ...salesTest(), end: 'hangup', version: version(failing) },
    });
    const published = await at.admin.post(`/setup/ivr/${String(id)}/publish`, publish);
    expect(published.status).to.equal(303);
    expect((await at.admin.get(`/setup/ivr/${String(id)}/versions`)).text).to.contain(
      'Sales is closed on Saturdays.',
    );
  });

  it('of flows that enter one keep it from being published; going back asks once more', async () => {
    const inner = await at.flows.create(SYSTEM_ACTOR, {
      name: 'Shared part',
      definition: {
        start: 'set',
        steps: {
          set: {
            ...{ kind: 'set', label: 'Set', next: 'back' },
            assign: [{ variable: 'part', value: '1', operation: 'set' }],
          },
          back: { kind: 'return', label: 'Back' },
        },
      },
    });
    const middle = await at.flows.create(SYSTEM_ACTOR, {
      name: 'Middle part',
      definition: {
        start: 'in',
        steps: {
          in: { kind: 'sub-flow', label: 'In', flow: inner, next: 'back' },
          back: { kind: 'return', label: 'Back' },
        },
      },
    });
    const definition = smallFlow(at);
    definition.steps['in'] = { kind: 'sub-flow', label: 'In', flow: middle, next: 'greeting' };
    const outer = await at.flows.create(SYSTEM_ACTOR, {
      name: 'Entering',
      definition: { ...definition, start: 'in' },
    });
    const test = await add(outer, {
      ...salesTest(),
      ...{ 'variables.0.name': 'part', 'variables.0.value': '1' },
    });
    const row = await at.flows.get(SYSTEM_ACTOR, inner);
    await at.flows.edit(SYSTEM_ACTOR, inner, row.version, (flow) => ({
      ...flow,
      steps: {
        ...flow.steps,
        set: {
          ...flow.steps['set'],
          assign: [{ variable: 'part', value: '2', operation: 'set' }],
        } as never,
      },
    }));
    const edit = `/setup/ivr/${String(inner)}`;
    const editor = await at.admin.get(`${edit}/edit`);
    const refused = await at.admin.post(`${edit}/publish`, { version: version(editor) });
    expect(refused.status).to.equal(422);
    expect(refused.text)
      .to.contain('Not published: a test fails')
      .and.contain('Entering › Saturday, sales')
      .and.contain(`href="${test.location ?? ''}"`);
    const open = await at.flows.open(SYSTEM_ACTOR, inner);
    await at.flows.edit(SYSTEM_ACTOR, inner, open.flow.version, (flow) => ({
      ...flow,
      steps: { ...flow.steps, back: { kind: 'return', label: 'Back again' } },
    }));

    // The test says what is wanted now; the version before is no more what it wants.
    const shown = await at.admin.get(test.location ?? '');
    await at.admin.post(test.location ?? '', {
      ...{ ...salesTest(), version: version(shown) },
      ...{ 'variables.0.name': 'part', 'variables.0.value': '2' },
    });
    const ready = await at.admin.get(`${edit}/edit`);
    expect((await at.admin.post(`${edit}/publish`, { version: version(ready) })).status).to.equal(
      303,
    );
    const old = await at.admin.get(`${edit}/versions/1`);
    const asked = await at.admin.post(`${edit}/versions/1/restore`, { version: version(old) });
    expect(asked.status).to.equal(422);
    expect(asked.text)
      .to.contain('Not restored: a test fails')
      .and.contain('Entering › Saturday, sales')
      .and.contain('Restore anyway');
    expect((await at.flows.get(SYSTEM_ACTOR, inner)).publishedVersion).to.equal(2);
    const done = await at.admin.post(`${edit}/versions/1/restore`, {
      version: version(asked),
      anyway: '1',
    });
    expect(done.status).to.equal(303);
    expect((await at.flows.get(SYSTEM_ACTOR, inner)).publishedVersion).to.equal(3);
  });

  it('are saved by one of two people, and neither loses what was typed', async () => {
    const id = await create();
    const address = (await add(id)).location ?? '';
    const shown = version(await at.admin.get(address));
    await at.admin.post(address, { ...salesTest(), name: 'First', version: shown });
    const late = await at.admin.post(address, { ...salesTest(), name: 'Second', version: shown });
    expect(late.status).to.equal(409);
    expect(late.text).to.contain('value="Second"').and.contain('Somebody else saved this test');
    const again = await at.admin.post(address, {
      ...{ ...salesTest(), name: 'Second', version: version(late) },
    });
    expect(again.status).to.equal(303);
    expect((await at.admin.get(path(id))).text)
      .to.contain('Second')
      .and.not.contain('First');
  });

  it('are deleted, and not found afterwards or under another flow', async () => {
    const id = await create();
    const other = await create();
    const address = (await add(id)).location ?? '';
    const number = address.split('/').pop() ?? '';
    expect((await at.admin.get(`${path(other)}/${number}`)).status).to.equal(404);
    await at.admin.get(address);
    expect((await at.admin.post(`${address}/delete`, {})).status).to.equal(303);
    for (const gone of [address, `${path(id)}/0`, `${path(id)}/x`])
      expect((await at.admin.get(gone)).status).to.equal(404);
  });
});
