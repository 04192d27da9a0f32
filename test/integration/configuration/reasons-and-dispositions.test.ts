import { expect } from 'chai';
import { readDispositions } from '../../../src/features/directory/index.js';
import { readNotReadyReasons } from '../../../src/features/directory/knex-not-ready-reasons.js';
import { outlineOf, pathText } from '../../../src/features/dispositions/index.js';
import { KnexPromptReports } from '../../../src/features/prompts/prompt-reports.js';
import type { PromptId } from '../../../src/kernel/ids.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const REASON = {
  nameEn: 'Team talk',
  nameZh: '班前会',
  icon: 'users',
  position: '50',
  limitMin: '10',
  dayLimitMin: '0',
  agentsMayChoose: 'on',
  digit: '7',
  active: 'on',
};

describe('set-up pages of reasons and dispositions', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });
  const outline = async () =>
    outlineOf(await readDispositions(setup.site.parts.database), 'en').map((line) =>
      pathText(line.path),
    );
  const idOf = async (name: string): Promise<number> => {
    const row = await setup.site.parts
      .database('dispositions')
      .where('name_en', name)
      .first<{ id: number }>('id');
    return row.id;
  };

  const upload = async (text: string) => {
    await admin.get('/setup/dispositions/import');
    const body = new FormData();
    body.append('_csrf', admin.csrf);
    body.append('file', new Blob([text], { type: 'text/csv' }), 'codes.csv');
    return admin.send('/setup/dispositions/import', { body });
  };

  it('are for administrators only', async () => {
    const supervisor = await setup.site.client('supervisor');
    for (const path of ['not-ready-reasons', 'dispositions', 'dispositions/import'])
      expect((await supervisor.get(`/setup/${path}`)).status, path).to.equal(403);
  });

  it('begin with four reasons; a new one gets a code that a new name does not change', async () => {
    const list = await admin.get('/setup/not-ready-reasons');
    for (const name of ['Break', 'Lunch', 'Training', 'Meeting'])
      expect(list.text).to.contain(`>${name}</a>`);
    const created = await admin.post('/setup/not-ready-reasons', REASON);
    expect(created.status).to.equal(303);
    const reasons = setup.site.parts.database('not_ready_reasons');
    const row = await reasons.clone().where('name_en', 'Team talk').first<{ id: number }>();
    const path = `/setup/not-ready-reasons/${String(row.id)}`;
    await admin.get(path);
    const saved = await admin.post(path, { ...REASON, nameEn: 'Briefing', version: '1' });
    expect(saved.status).to.equal(303);
    expect((await admin.get(path)).text).to.contain('<code>team-talk</code>');
    expect(setup.notes.announced).to.deep.equal(['reasons', 'reasons']);
  });

  it('say beside the field what is wrong with a reason, and that a key is taken', async () => {
    const taken = await admin.post('/setup/not-ready-reasons', {
      ...REASON,
      nameEn: 'Other',
      nameZh: '其他',
      digit: '1',
    });
    expect(taken.status).to.equal(422);
    expect(taken.text).to.contain('used by another one already');
    const wrong = await admin.post('/setup/not-ready-reasons', { ...REASON, limitMin: '2000' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('value="2000"');
  });

  it('give a reason a prompt as its name on the phone; one that is gone is refused, one that is used stays', async () => {
    const { database } = setup.site.parts;
    const [prompt = 0] = await database('prompts').insert({ name: 'Briefing spoken' });
    const form = { ...REASON, nameEn: 'Handover', nameZh: '交接班', digit: '8' };
    const created = await admin.post('/setup/not-ready-reasons', {
      ...form,
      prompt: String(prompt),
    });
    expect(created.status).to.equal(303);
    const reasons = await readNotReadyReasons(database);
    expect(reasons.find(({ code }) => code === 'handover')?.prompt).to.equal(prompt);
    const { id } = reasons.find(({ code }) => code === 'handover') ?? { id: 0 };
    const page = await admin.get(`/setup/not-ready-reasons/${String(id)}`);
    expect(page.text).to.contain(`<option value="${String(prompt)}" selected>Briefing spoken`);
    const uses = await new KnexPromptReports(database).uses();
    expect(uses.get(prompt as PromptId)).to.deep.equal([
      { kind: 'not-ready-reason', id, name: 'Handover' },
    ]);
    await database('prompts').where({ id: prompt }).update({ archived_at: new Date() });
    const gone = await admin.post('/setup/not-ready-reasons', {
      ...form,
      ...{ nameEn: 'Fire drill', nameZh: '消防演习', digit: '9', prompt: String(prompt) },
    });
    expect(gone.status).to.equal(422);
    expect(gone.text).to.contain('The prompt was archived meanwhile');
  });

  it('nest dispositions, order them, and refuse to archive a group that holds others', async () => {
    const create = (nameEn: string, parentId: string) =>
      admin.post('/setup/dispositions', {
        parentId,
        nameEn,
        nameZh: `中 ${nameEn}`,
        active: 'on',
        allQueues: 'on',
      });
    expect((await admin.get('/setup/dispositions')).text).to.contain('No dispositions yet.');
    await create('Delivery', '');
    const delivery = await idOf('Delivery');
    await create('Late', String(delivery));
    await create('Damaged', String(delivery));
    expect((await create('late', String(delivery))).text).to.contain('has this name');
    await admin.post(`/setup/dispositions/${String(await idOf('Damaged'))}/up`);
    expect(await outline()).to.deep.equal(['Delivery', 'Delivery › Damaged', 'Delivery › Late']);
    const kept = await admin.post(`/setup/dispositions/${String(delivery)}/archive`);
    expect(kept.status).to.equal(409);
    const late = `/setup/dispositions/${String(await idOf('Late'))}`;
    expect((await admin.post(`${late}/archive`)).status).to.equal(303);
    expect(await outline()).not.to.include('Delivery › Late');
    expect((await admin.get('/setup/dispositions')).text).to.contain('Archived (1)');
    await admin.post(`${late}/restore`);
    expect(await outline()).to.include('Delivery › Late');
  });

  it('want a queue where not all queues offer a disposition', async () => {
    const fields = { parentId: '', nameEn: 'Refund', nameZh: '退款', active: 'on' };
    const answer = await admin.post('/setup/dispositions', fields);
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('Choose at least one queue');
  });

  it('give a code a key on the phone: digits only, each once, also from a file', async () => {
    const create = (nameEn: string, phoneKey: string) =>
      admin.post('/setup/dispositions', {
        ...{ parentId: '', nameEn, nameZh: `中 ${nameEn}`, phoneKey },
        ...{ active: 'on', allQueues: 'on' },
      });
    await admin.get('/setup/dispositions/new');
    for (const wrong of ['a', '1234', '-1', '1 2']) {
      const answer = await create('Sold', wrong);
      expect(answer.status, wrong).to.equal(422);
      expect(answer.text)
        .to.contain('id="f-phoneKey-problem"')
        .and.contain('1 to 3 digits, such as 21.');
    }
    expect((await create('Sold', '07')).status).to.equal(303);
    const taken = await create('Lost', '07');
    expect(taken.status).to.equal(422);
    expect(taken.text).to.contain('id="f-phoneKey-problem"');
    expect((await create('Lost', '')).status).to.equal(303);
    const sold = `/setup/dispositions/${String(await idOf('Sold'))}`;
    expect((await admin.get(sold)).text).to.contain('value="07"');
    expect((await admin.get('/setup/dispositions')).text).to.contain('Key 07');
    const { directory } = setup.site.parts;
    await directory.refresh();
    const found = [...directory.current.dispositions.values()].find((one) => one.phoneKey === '07');
    expect(found?.names.en).to.equal('Sold');
    const clash = await upload('level_1,phone_key\nGone,07\nFar,12345\n');
    expect(clash.status).to.equal(422);
    expect(clash.text)
      .to.contain('Another disposition has the phone_key 07.')
      .and.contain('phone_key is 1 to 3 digits');
    expect((await upload('level_1,phone_key\nGone,8\n')).status).to.equal(303);
    expect((await admin.get('/setup/dispositions')).text).to.contain('Key 8');
  });

  it('import a file whole, or not at all', async () => {
    const before = await outline();
    const wrong = await upload('level_1,level_2\nBilling,Wrong sum\n,Nothing\n');
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('without a gap');
    expect(await outline()).to.deep.equal(before);
    const good = await upload(
      'level_1,level_2,level_3,level_1_zh\nBilling,Wrong sum,Tax,账单\nDelivery,Late,,\n',
    );
    expect(good.status, good.text.slice(0, 200)).to.equal(303);
    expect(await outline()).to.include.members([
      'Billing',
      'Billing › Wrong sum',
      'Billing › Wrong sum › Tax',
    ]);
    expect((await admin.get('/setup/dispositions')).text).to.contain('3 dispositions created');
  });
});
