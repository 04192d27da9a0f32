import { expect } from 'chai';
import { STEP_GROUPS } from '../../../src/features/ivr-flows/flow.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { KnexUsageReports } from '../../../src/features/configuration/index.js';
import type { FlowId, SurveyId } from '../../../src/kernel/ids.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';
import type { TestAnswer } from '../../support/web.js';

describe('pages of IVR flows, without scripts', function () {
  this.timeout(60_000);
  const at = useFlowSite();
  let names = 0;

  const create = async (): Promise<FlowId> => {
    names += 1;
    const name = `Line ${String(names)}`;
    return at.flows.create(SYSTEM_ACTOR, { name, definition: smallFlow(at) });
  };
  const editPath = (id: FlowId, step = ''): string =>
    `/setup/ivr/${String(id)}/edit${step === '' ? '' : `?step=${step}`}`;
  const version = (page: TestAnswer): string =>
    /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
  /** Opens the editor and posts a form of it. */
  const post = async (
    id: FlowId,
    action: string,
    fields: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<TestAnswer> => {
    const page = await at.admin.get(editPath(id));
    return at.admin.post(`/setup/ivr/${String(id)}/${action}`, {
      version: version(page),
      ...fields,
    });
  };
  const stepsOf = async (id: FlowId) => (await at.flows.open(SYSTEM_ACTOR, id)).definition.steps;

  it('answers scripts that show the flow as it is with the chosen step alone', async () => {
    const id = await create();
    const shown = version(await at.admin.get(editPath(id)));
    const scripts = { 'hx-request': 'true', 'x-shown-version': shown };
    const step = await at.admin.get(editPath(id, 'main'), scripts);
    expect(step.headers.get('hx-retarget')).to.equal('#inspector');
    expect(step.headers.get('vary')).to.contain('X-Shown-Version');
    expect(step.text).to.match(/^\s*<aside [^>]*id="inspector"[^>]*data-chosen="main"/);
    expect(step.text).to.contain('value="Main menu"').and.not.contain('ivr-model');
    expect(step.text.match(/<template id="exit-options">/g)).to.have.length(1);
    expect(step.text.match(/<option value="sales"/g)).to.have.length(3);
    const flow = await at.admin.get(editPath(id), scripts);
    expect(flow.text).to.contain('data-chosen=""').and.contain('name="start"');
    for (const headers of [{ ...scripts, 'x-shown-version': '999' }, { 'hx-request': 'true' }]) {
      const all = await at.admin.get(editPath(id, 'main'), headers);
      expect(all.headers.get('hx-retarget')).to.equal(null);
      expect(all.text).to.contain('id="ivr-model"').and.not.contain('data-chosen');
    }
    const back = { ...scripts, 'hx-history-restore-request': 'true' };
    expect((await at.admin.get(editPath(id, 'main'), back)).text).to.contain('<!doctype html>');
  });

  it('makes a flow from nothing to published, one form at a time', async () => {
    await at.admin.get('/setup/ivr/new');
    const created = await at.admin.post('/setup/ivr', { name: 'From nothing', beginning: 'empty' });
    expect(created.status).to.equal(303);
    const id = Number(/\/setup\/ivr\/(\d+)\/edit/.exec(created.location ?? '')?.[1]) as FlowId;
    expect((await at.admin.get(editPath(id))).text).to.contain('Draft of version 1');

    const added = await post(id, 'steps', { kind: 'menu', step: '', exit: 'next' });
    expect(added.location).to.equal(editPath(id, 'menu'));
    const page = await at.admin.get(editPath(id, 'menu'));
    expect(page.text).to.contain('No prompt is chosen.').and.contain('The menu has no keys.');

    const saved = await post(id, 'steps/menu', {
      label: 'Main menu',
      prompt: String(at.menu),
      timeoutS: '6',
      retries: '1',
      'key-1': '+queue',
      noInput: 'hangup',
      wrongKey: 'hangup',
    });
    expect(saved.status).to.equal(303);
    expect(await stepsOf(id)).to.have.keys(['hangup', 'menu', 'queue']);

    const early = await post(id, 'publish');
    expect(early.status).to.equal(422);
    expect(early.text).to.contain('Not published: 1 error').and.contain('No queue is chosen.');

    await post(id, 'steps/queue', { label: 'Sales', queue: String(at.sales), priority: '5' });
    const published = await post(id, 'publish');
    expect(published.status).to.equal(303);
    expect((await at.admin.get(editPath(id))).text)
      .to.contain('Version 1 published.')
      .and.contain('callers hear this version');
  });

  it('offers surveys, with an exit for those who answer nothing', async () => {
    const { database } = at.site.parts;
    const row = { name: 'After a call', timeout_s: 6, repeats: 1 };
    const [survey = 0] = await database('surveys').insert(row);
    const id = await create();
    await post(id, 'steps/main', {
      ...{ label: 'Main menu', prompt: String(at.menu), timeoutS: '5', retries: '2' },
      ...{ 'key-1': '+survey', noInput: 'bye', wrongKey: 'bye' },
    });
    const form = (await at.admin.get(editPath(id, 'survey'))).text;
    expect(form).to.contain('After a call</option>').and.contain('name="declined"');
    await post(id, 'steps/survey', {
      ...{ label: 'Ask', survey: String(survey), next: 'bye', declined: 'sales' },
    });
    expect((await stepsOf(id))['survey']).to.deep.include({ next: 'bye', declined: 'sales' });
    expect((await post(id, 'publish')).status).to.equal(303);
    const uses = await new KnexUsageReports(database).ofSurvey(survey as SurveyId);
    expect(uses.map((use) => [use.kind, use.id])).to.deep.equal([['flow', id]]);
    await database('surveys').where({ id: survey }).update({ archived_at: new Date() });
    const gone = await post(id, 'steps/survey', {
      label: 'Ask',
      survey: String(survey),
      next: 'bye',
    });
    expect(gone.status).to.equal(303);
    expect((await at.admin.get(editPath(id))).text).to.contain('The survey is archived.');
  });

  it('begins with the usual parts, or as a copy', async () => {
    const original = await create();
    for (const [beginning, count] of [
      ['reception', 6],
      [`copy:${String(original)}`, 4],
    ] as const) {
      await at.admin.get('/setup/ivr/new');
      const answer = await at.admin.post('/setup/ivr', { name: `By ${beginning}`, beginning });
      const id = Number(/\/setup\/ivr\/(\d+)\/edit/.exec(answer.location ?? '')?.[1]) as FlowId;
      expect(Object.keys(await stepsOf(id))).to.have.length(count);
    }
    await at.admin.get('/setup/ivr/new');
    const wrong = await at.admin.post('/setup/ivr', { name: '', beginning: 'copy:x' });
    expect(wrong.status).to.equal(422);
  });

  it('shows the steps as cards, lines, and as a list, with what is wrong', async () => {
    const id = await create();
    const page = await at.admin.get(editPath(id, 'main'));
    expect(page.text.match(/class="node k-/g)).to.have.length(5);
    expect(page.text.match(/class="edge/g)).to.have.length(4);
    expect(page.text).to.contain('1 key · wait 5 s · 3 tries').and.contain('Nothing is wrong');
    expect(page.text).to.contain('aria-current="true"');
  });

  it('keeps everything typed when something is wrong, with the message beside the field', async () => {
    const id = await create();
    const answer = await post(id, 'steps/main', {
      label: '',
      prompt: String(at.greeting),
      timeoutS: '900',
      retries: '2',
      'key-1': 'bye',
      'key-5': '+voicemail',
      noInput: 'bye',
      wrongKey: 'sales',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text)
      .to.contain('value="900"')
      .and.contain('Must be a whole number between 1 and 60.');
    expect(answer.text).to.match(/id="f-label"[^>]*aria-invalid="true"/);
    expect(answer.text).to.match(/<option value="\+voicemail" selected>/);
    expect((await at.flows.get(SYSTEM_ACTOR, id)).hasDraft).to.equal(false);
  });

  it('keeps what was typed when somebody else was faster, and saves it then', async () => {
    const id = await create();
    const page = await at.admin.get(editPath(id, 'bye'));
    const shown = version(page);
    await post(id, 'steps', { kind: 'play' });
    const typed = { label: 'My farewell', prompt: String(at.greeting) };
    const path = `/setup/ivr/${String(id)}/steps/bye`;
    const late = await at.admin.post(path, { ...typed, version: shown, selected: 'bye' });
    expect(late.status).to.equal(409);
    expect(late.text).to.contain('My farewell').and.contain('Test admin changed this flow at');
    const again = await at.admin.post(path, { ...typed, version: version(late), selected: 'bye' });
    expect(again.status).to.equal(303);
    expect((await stepsOf(id))['bye']).to.deep.equal({
      kind: 'hangup',
      label: 'My farewell',
      prompt: at.greeting,
    });
  });

  it('deletes, takes back, copies', async () => {
    const id = await create();
    await post(id, 'steps/greeting/delete');
    expect(await stepsOf(id)).not.to.have.property('greeting');
    await post(id, 'undo');
    expect(await stepsOf(id)).to.have.property('greeting');
    const copied = await post(id, 'steps/sales/duplicate');
    expect(copied.location).to.equal(editPath(id, 'sales-2'));
    const page = await at.admin.get(editPath(id, 'sales-2'));
    expect(page.text).to.contain('Nothing leads to this step.').and.contain('loose');
    await post(id, 'discard');
    expect(await stepsOf(id)).to.have.keys(['greeting', 'main', 'sales', 'bye']);
  });

  it('renames the flow, chooses another first step, and refuses a name that is taken', async () => {
    const id = await create();
    await post(id, 'settings', { name: 'Renamed line', start: 'main' });
    const open = await at.flows.open(SYSTEM_ACTOR, id);
    expect([open.flow.name, open.definition.start]).to.deep.equal(['Renamed line', 'main']);
    const other = await create();
    const taken = await post(other, 'settings', { name: 'Renamed line', start: 'greeting' });
    expect(taken.status).to.equal(422);
    expect(taken.text).to.match(/id="f-name"[^>]*aria-invalid="true"/);
  });

  it('lists versions, shows one, restores it', async () => {
    const id = await create();
    await post(id, 'steps/bye', { label: 'Farewell' });
    await post(id, 'publish');
    const list = await at.admin.get(`/setup/ivr/${String(id)}/versions`);
    expect(list.text).to.contain('Version 2').and.contain('Test admin');
    const old = await at.admin.get(`/setup/ivr/${String(id)}/versions/1`);
    expect(old.text).to.contain('Goodbye').and.contain('Changed: Goodbye');
    const restored = await at.admin.post(`/setup/ivr/${String(id)}/versions/1/restore`, {
      version: version(old),
    });
    expect(restored.status).to.equal(303);
    expect((await at.flows.get(SYSTEM_ACTOR, id)).publishedVersion).to.equal(3);
    for (const number of ['0', '99', 'x', '1e3'])
      expect((await at.admin.get(`/setup/ivr/${String(id)}/versions/${number}`)).status).to.equal(
        404,
      );
  });

  it('sends scripts what changes beside the drawing, and browsers that go back the whole page', async () => {
    const id = await create();
    const part = await at.admin.get(editPath(id), { 'hx-request': 'true' });
    expect(part.text)
      .to.match(/^<div id="ivr-top"/)
      .and.not.contain('<html')
      .and.not.contain('ivr-paper');
    for (const name of ['ivr-out', 'inspector', 'ivr-model'])
      expect(part.text).to.match(new RegExp(`id="${name}"[^>]*hx-swap-oob="true"`));
    expect(part.headers.get('vary')).to.contain('HX-Request');
    const back = await at.admin.get(editPath(id), {
      'hx-request': 'true',
      'hx-history-restore-request': 'true',
    });
    expect(back.text).to.contain('<html');
    const saved = await at.admin.post(
      `/setup/ivr/${String(id)}/steps`,
      { version: version(part), kind: 'play' },
      { 'hx-request': 'true' },
    );
    expect(saved.status).to.equal(200);
    expect(saved.headers.get('hx-push-url')).to.equal(editPath(id, 'play'));
  });

  it('shows markup in labels as text, in the drawing too', async () => {
    const id = await create();
    await post(id, 'steps/bye', { label: '</title></svg><script>alert(1)</script>' });
    const page = await at.admin.get(editPath(id));
    expect(page.text).not.to.contain('<script>alert');
    expect(page.text).to.contain('&lt;/title&gt;');
  });

  it('answers with not found for flows and kinds that are not there', async () => {
    expect((await at.admin.get('/setup/ivr/999999/edit')).status).to.equal(404);
    const id = await create();
    expect((await post(id, 'steps', { kind: 'bomb' })).status).to.equal(422);
    expect((await post(id, 'steps/gone', { label: 'X' })).status).to.equal(409);
  });

  it('speaks Chinese', async () => {
    const id = await create();
    const { database } = at.site.parts;
    await database('users').where({ login: 'admin' }).update({ language: 'zh-CN' });
    try {
      const page = await at.admin.get(editPath(id, 'main'));
      expect(page.text)
        .to.contain('来电进入')
        .and.contain('按键菜单')
        .and.contain('流程没有问题。');
      expect(page.text).not.to.match(/flow\.[a-z-]+\.[a-z-]+/);
    } finally {
      await database('users').where({ login: 'admin' }).update({ language: 'en' });
    }
  });

  it('moves a step in the drawing, and lets the layout place it again', async () => {
    const id = await create();
    const moved = await post(id, 'steps/bye/position', { x: '700', y: '-40', selected: 'main' });
    expect(moved.location).to.equal(editPath(id, 'main'));
    expect((await stepsOf(id))['bye']?.position).to.deep.equal({ x: 700, y: -40 });
    expect((await at.admin.get(editPath(id))).text).to.contain('Moved in the drawing: Goodbye');
    await post(id, 'steps/bye', { label: 'Good bye', prompt: '' });
    expect((await stepsOf(id))['bye']?.position).to.deep.equal({ x: 700, y: -40 });
    await post(id, 'tidy');
    expect((await stepsOf(id))['bye']).to.not.have.property('position');
    for (const wrong of [
      { x: '1e9', y: '1' },
      { x: '', y: '' },
      { x: '1.5', y: '2' },
    ])
      expect((await post(id, 'steps/bye/position', wrong)).status).to.equal(422);
  });

  it('leads exits elsewhere: to a step, to a new one where the line was dropped, nowhere', async () => {
    const id = await create();
    const choices = async () => {
      const step = (await stepsOf(id))['main'];
      return step?.kind === 'menu' ? { ...step.choices, noInput: step.noInput } : undefined;
    };
    await post(id, 'connect', { step: 'main', exits: 'key-1+no-input', to: 'bye' });
    expect(await choices()).to.deep.equal({ 1: 'bye', noInput: 'bye' });
    const grown = await post(id, 'connect', {
      ...{ step: 'main', exits: 'key-2', to: '+collect', x: '10', y: '500' },
    });
    expect(grown.location).to.equal(editPath(id, 'collect'));
    expect((await stepsOf(id))['collect']).to.include({ kind: 'collect', label: 'Collect digits' });
    expect(await choices()).to.include({ 2: 'collect' });
    await post(id, 'connect', { step: 'main', exits: 'key-2', to: '' });
    expect(await choices()).to.not.have.property('2');
    await post(id, 'connect', { step: '', exits: 'next', to: 'main' });
    expect((await at.flows.open(SYSTEM_ACTOR, id)).definition.start).to.equal('main');
    expect(
      (await post(id, 'connect', { step: 'main', exits: 'key-1', to: '+cat' })).status,
    ).to.equal(422);
  });

  it('puts a step that is dropped on a line between its ends', async () => {
    const id = await create();
    await post(id, 'steps', { kind: 'play', step: 'main', exit: 'key-1+no-input' });
    const { main, play } = await stepsOf(id);
    expect(main).to.deep.include({ choices: { 1: 'play' }, noInput: 'play' });
    expect(play).to.include({ next: 'sales' });
  });

  it('shows a form for every kind of step, and takes what it shows', async () => {
    const id = await create();
    for (const kind of STEP_GROUPS.flatMap((group): readonly string[] => group.kinds)) {
      await post(id, 'steps', { kind });
      const page = await at.admin.get(editPath(id, kind));
      expect(page.status, kind).to.equal(200);
      expect(page.text, kind)
        .to.contain('id="step-form"')
        .and.not.match(/flow\.[a-z-]+\.[a-z-]+/);
    }
  });

  it('says who was faster, and when', async () => {
    const id = await create();
    const shown = version(await at.admin.get(editPath(id)));
    await post(id, 'steps', { kind: 'play' });
    const late = await at.admin.post(`/setup/ivr/${String(id)}/connect`, {
      ...{ version: shown, step: 'main', exits: 'key-1', to: 'bye' },
    });
    expect(late.status).to.equal(409);
    expect(late.text).to.match(/Test admin changed this flow at \d\d:\d\d/);
  });

  it('gives a flow out as JSON and takes it in again, or says on which line what is wrong', async () => {
    const id = await create();
    const other = await create();
    const path = (flow: FlowId): string => `/setup/ivr/${String(flow)}`;
    await post(id, 'steps/bye/position', { x: '5', y: '6' });
    const file = await at.admin.get(`${path(id)}/export`);
    expect(file.headers.get('content-disposition')).to.contain('ivr-flow-');
    const { definition } = await at.flows.open(SYSTEM_ACTOR, id);
    expect(JSON.parse(file.text)).to.deep.equal(definition);

    const send = async (text: string, seen?: string): Promise<TestAnswer> => {
      const shown = await at.admin.get(`${path(other)}/import`);
      const body = new FormData();
      body.append('_csrf', at.admin.csrf);
      body.append('version', seen ?? version(shown));
      body.append('file', new Blob([text], { type: 'application/json' }), 'flow.json');
      return at.admin.send(`${path(other)}/import`, { body });
    };
    for (const [text, said] of [
      [file.text.replace('"start"', 'start'), '2:3'],
      [file.text.replace('"timeoutS": 5', '"timeoutS": 500'), 'steps.main.timeoutS'],
      ['{"start": "a"}', '1:1'],
    ] as const) {
      const refused = await send(text);
      expect(refused.status, said).to.equal(422);
      expect(refused.text).to.contain(said).and.contain('Nothing was imported.');
    }
    expect((await at.flows.get(SYSTEM_ACTOR, other)).hasDraft).to.equal(false);
    const seen = version(await at.admin.get(`${path(other)}/import`));
    await post(other, 'steps/bye', { label: 'Farewell' });
    const late = await send(file.text, seen);
    expect(late.status).to.equal(409);
    expect(late.text).to.match(/Test admin changed this flow at \d\d:\d\d/);
    expect((await stepsOf(other))['bye']?.label).to.equal('Farewell');
    expect((await send(file.text)).status).to.equal(303);
    expect((await at.flows.open(SYSTEM_ACTOR, other)).definition).to.deep.equal(definition);
    await post(other, 'undo');
    expect((await stepsOf(other))['bye']).to.not.have.property('position');
  });
});
