import { expect } from 'chai';
import { readFlowVersion } from '../../../src/features/directory/knex-directory.js';
import { KnexFlowTrials } from '../../../src/features/ivr-flows/index.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { FlowId, FlowTrialId } from '../../../src/kernel/ids.js';
import { versionOfTrial } from '../../../src/telephony/flow-trials.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';
import type { TestAnswer } from '../../support/web.js';

describe('test calls of a draft, from the page', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let names = 0;

  const create = async (): Promise<FlowId> => {
    names += 1;
    const name = `Tried ${String(names)}`;
    return at.flows.create(SYSTEM_ACTOR, { name, definition: smallFlow(at) });
  };
  const relabel = async (id: FlowId, label: string): Promise<void> => {
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, version, (flow) => ({
      ...flow,
      steps: { ...flow.steps, bye: { kind: 'hangup', label } },
    }));
  };
  const path = (id: FlowId): string => `/setup/ivr/${String(id)}/trials`;
  const start = async (id: FlowId, fields: Readonly<Record<string, string>> = {}) => {
    await at.admin.get(`${path(id)}/new`);
    return at.admin.post(path(id), {
      ...{ callPhone: '2001', callTo: '', callFrom: '', callAt: '', callOn: 'on', ...fields },
    });
  };
  const trialIn = (answer: TestAnswer): FlowTrialId =>
    Number(/trial=(\d+)/.exec(answer.location ?? '')?.[1]) as FlowTrialId;
  const find = (id: FlowTrialId) => new KnexFlowTrials(at.site.parts.database).find(id);

  it('rings the chosen phone and keeps the draft as it is at that moment', async () => {
    const id = await create();
    await relabel(id, 'As it was');
    const form = await at.admin.get(`${path(id)}/new`);
    expect(form.text).to.contain('2001 Front desk');
    const answer = await start(id, { callFrom: '020 7946 0999', callAt: '2026-12-25T10:30' });
    expect(answer.status).to.equal(303);
    const trial = trialIn(answer);
    expect(at.trials.asked.at(-1)).to.deep.equal({ kind: 'try-flow', trial, title: 'Tried 1' });
    await relabel(id, 'As it is now');
    const config = await readFlowVersion(at.site.parts.database, id, versionOfTrial(trial));
    expect(config?.definition.steps['bye']?.label).to.equal('As it was');
    expect(await find(trial)).to.deep.equal({
      ...{ id: trial, flow: id, extension: '2001', to: '', from: '+442079460999' },
      ...{ fromName: 'Test call by Test admin', handsOver: true },
      moment: Date.UTC(2026, 11, 25, 10, 30),
    });
    const editor = await at.admin.get(answer.location ?? '');
    expect(editor.text).to.contain(`data-topic="flow-trial:${String(trial)}"`);
    expect(editor.text).to.contain('value="2026-12-25T10:30"');
    const other = await create();
    const elsewhere = await at.admin.get(`/setup/ivr/${String(other)}/edit?trial=${String(trial)}`);
    expect(elsewhere.text).to.not.contain('data-topic="flow-trial');
    const { database } = at.site.parts;
    expect(await database('audit_entries').where({ action: 'flow.try' })).to.have.lengthOf(1);
  });

  it('refuses a draft with errors and lists them', async () => {
    const id = await create();
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, version, (flow) => ({
      ...flow,
      steps: { ...flow.steps, sales: { kind: 'queue', label: 'Sales', queue: 0, priority: 0 } },
    }));
    const before = at.trials.asked.length;
    const answer = await start(id);
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('This draft cannot be called yet').and.contain('Sales</a>: ');
    expect(at.trials.asked).to.have.lengthOf(before);
  });

  it('says which field is wrong, keeps what was typed, and asks nothing', async () => {
    const id = await create();
    const before = at.trials.asked.length;
    for (const [fields, text] of [
      [{ callPhone: '' }, 'id="f-callPhone-'],
      [{ callPhone: '9999' }, 'id="f-callPhone-'],
      [{ callFrom: 'Grace' }, 'This is no phone number.'],
      [{ callAt: '2026-02-31T10:00' }, 'id="f-callAt-'],
      [{ callTo: '+441' }, 'id="f-callTo-'],
    ] as const) {
      const answer = await start(id, { callFrom: '020 7946 0999', ...fields });
      expect(answer.status, JSON.stringify(fields)).to.equal(422);
      expect(answer.text).to.contain(text);
    }
    expect(at.trials.asked).to.have.lengthOf(before);
  });

  it('says that the phone is not there, and forgets the trial', async () => {
    const id = await create();
    at.trials.answer = { ok: false, code: 'phone-not-registered', detail: '2001' };
    const answer = await start(id);
    at.trials.answer = { ok: true };
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('Phone 2001 is not registered');
    const asked = at.trials.asked.at(-1);
    expect(asked?.kind === 'try-flow' && (await find(asked.trial))).to.equal(undefined);
  });

  it('forgets trials of yesterday when the next one begins', async () => {
    const id = await create();
    const old = trialIn(await start(id));
    const young = trialIn(await start(id));
    const { database } = at.site.parts;
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await database('flow_trials').where({ id: old }).update({ created_at: yesterday });
    await start(id);
    expect(await find(old)).to.equal(undefined);
    expect(await find(young)).to.not.equal(undefined);
    expect(
      (await at.admin.get(`/setup/ivr/${String(id)}/edit?trial=${String(old)}`)).status,
    ).to.equal(200);
  });

  it('is for those who edit flows', async () => {
    const id = await create();
    const supervisor = await at.site.client('supervisor');
    expect((await supervisor.get(`${path(id)}/new`)).status).to.equal(403);
  });
});
