import { expect } from 'chai';
import { NEW_CONFERENCE } from '../../../src/features/conferences/index.js';
import type { CallId, ConferenceId, ExtensionId } from '../../../src/kernel/ids.js';
import type { DeskCommand, LiveRoomMember, LiveSnapshot } from '../../../src/telephony/live.js';
import { ADMIN, extension, queue } from '../../support/setup-drafts.js';
import {
  quietMoment,
  startSetupSite,
  type SetupSite,
  seatAgent,
} from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const OPERATOR = '/setup/operator';

describe('the company directory', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let agent: TestClient;
  let own: ExtensionId;
  let room: ConferenceId;
  const asked: DeskCommand[] = [];

  before(async () => {
    setup = await startSetupSite();
    const make = async (number: string, name: string, department = '') =>
      (await setup.extensions.createPhone(ADMIN, extension(number, { name, department }))).id;
    own = await make('2001', 'Amy Turner', 'Sales');
    await make('2002', 'Ben Okafor', 'Repairs');
    await make('2003', '王小明');
    room = await setup.conferences.service.createRoom(ADMIN, {
      ...{ ...NEW_CONFERENCE, name: 'Board', number: '8000' },
    });
    await setup.queues.create(ADMIN, queue('Repairs'));
    await seatAgent(setup, own);
    admin = await setup.site.client('admin');
    agent = await setup.site.client('agent');
    setup.notes.answer = (command) => {
      asked.push(command);
      return { ok: true };
    };
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  const rows = (text: string): readonly string[] =>
    [...text.matchAll(/<td class="num" data-label="Number"><b>(\d+)<\/b><\/td>/g)].map(
      (match) => match[1] ?? '',
    );

  it('shows everybody to whoever is signed in, found by number, name, department and pinyin', async () => {
    expect((await (await setup.site.client()).get('/directory')).status).to.equal(302);
    const { text } = await agent.get('/directory');
    expect(text).to.contain('Amy Turner').and.contain('Sales').and.contain('Board');
    for (const [typed, numbers] of [
      ['200', ['2001', '2002', '2003']],
      ['okaf', ['2002']],
      ['SALES', ['2001']],
      ['xiaom', ['2003']],
      ['wxm', ['2003']],
      ['小明', ['2003']],
      ['nobody', []],
    ] as const) {
      const found = await agent.get(`/directory?q=${encodeURIComponent(typed)}`);
      expect(rows(found.text), typed).to.deep.equal(numbers);
    }
  });

  it('shows what phones do, who waits at slots, and how many are in rooms', async () => {
    const call = (changes: object) => ({
      ...{ id: '01A' as CallId, direction: 'inbound', from: '+442079460123', fromName: 'Grace' },
      ...{ to: '', stage: 'talk', path: [], language: 'en', startedAt: 1, stageSince: 1 },
      ...{ recording: false, ...changes },
    });
    const inside: LiveRoomMember = {
      ...{ call: '01B' as CallId, role: 'guest', number: '2003', name: '', joinedAt: 1 },
      ...{ isMuted: false, isWaiting: false, isTalking: false },
    };
    setup.site.parts.live.publish(
      quietMoment({
        extensions: [
          { id: own, number: '2001', registered: true },
          { id: (own + 1) as ExtensionId, number: '2002', registered: true, doNotDisturb: true },
          { id: (own + 2) as ExtensionId, number: '2003', registered: false },
        ],
        calls: [call({ stage: 'parked', parked: { slot: '7002', since: 1, until: 2 } })],
        rooms: [{ id: room, isLocked: false, members: [inside], invites: [] }],
      } as Partial<LiveSnapshot>),
    );
    const { text } = await agent.get('/directory');
    expect(text)
      .to.match(/data-live="person:2001.state"[^>]*>Free</)
      .and.match(/data-live="person:2002.state"[^>]*>Do not disturb</)
      .and.match(/data-live="person:2003.state"[^>]*>Not registered</)
      .and.match(/data-live="slot:7002.who"[^>]*>Grace · /)
      .and.match(/data-live="room:8000.inside"[^>]*>1</);
  });

  it('calls from the page: the own phone rings first', async () => {
    await agent.get('/directory');
    expect(await agent.post('/directory/call', { number: '2002' })).to.include({ status: 303 });
    expect(asked).to.deep.equal([{ kind: 'phone-dial', extensionId: own, number: '2002' }]);
    setup.notes.answer = () => ({ ok: false, code: 'phone-not-registered', detail: '' });
    expect((await agent.post('/directory/call', { number: '2002' })).status).to.equal(409);
    await admin.get('/directory');
    expect((await admin.post('/directory/call', { number: '2002' })).status).to.equal(404);
  });

  it('does from the page what the phone does by its codes, and says beside the button why not', async () => {
    await agent.get('/directory');
    for (const [path, number, command] of [
      ['pick-up', '2002', { kind: 'phone-pick-up', extensionId: own, at: '2002' }],
      ['intercom', '2002', { kind: 'phone-intercom', extensionId: own, number: '2002' }],
      ['page', '790', { kind: 'phone-page', extensionId: own, number: '790' }],
      ['call-back', '2002', { kind: 'busy-callback', extensionId: own, number: '2002' }],
    ] as const) {
      setup.notes.answer = (given) => {
        asked.push(given);
        return { ok: true };
      };
      const done = await agent.post(`/directory/${path}?q=be&sort=-name`, { number });
      expect(done, path).to.include({ status: 303, location: '/directory?q=be&sort=-name' });
      expect(asked.at(-1), path).to.deep.equal(command);
      await agent.get('/directory');
    }
    setup.notes.answer = () => ({ ok: false, code: 'nothing-rings', detail: '2002' });
    const { status, text } = await agent.post('/directory/pick-up?q=be', {
      ...{ number: '2002', at: 'people:2002' },
    });
    expect(status).to.equal(409);
    expect(rows(text)).to.deep.equal(['2002']);
    expect(text).to.match(/<div class="f-err" role="alert">.*Nothing rings at 2002/);
    expect(text).not.to.contain('class="cb-alarm mb12" role="alert"');
    const gone = await agent.post('/directory/call', { number: '7001', at: 'slots:7001' });
    expect(gone.text).to.match(/class="cb-alarm mb12" role="alert">.*Nothing rings/);
    await admin.get('/directory');
    expect((await admin.post('/directory/intercom', { number: '2002' })).status).to.equal(404);
  });

  it('shows whose call can be picked up and who is busy, and paging groups', async () => {
    const group = await setup.site.parts
      .database('paging_groups')
      .insert({ name: 'Hall', number: '790' });
    await setup.site.parts
      .database('paging_group_members')
      .insert([own, own + 1].map((extension_id) => ({ group_id: group[0], extension_id })));
    await setup.site.parts.directory.refresh();
    setup.site.parts.live.publish(
      quietMoment({
        extensions: [
          { id: own, number: '2001', registered: true },
          { id: (own + 1) as ExtensionId, number: '2002', registered: true, use: 'ringing' },
          { id: (own + 2) as ExtensionId, number: '2003', registered: true, use: 'talking' },
        ],
        calls: [{ id: '01A' as CallId, from: '2009', ringsAt: [(own + 1) as ExtensionId] }],
      } as object),
    );
    const { text } = await agent.get('/directory');
    const isShown = (path: string, key: string): boolean =>
      new RegExp(`${path}"[^>]*data-live-show="${key}" ?>`).test(text);
    expect(isShown('pick-up', 'person:2002.canPickUp')).to.equal(true);
    expect(isShown('pick-up', 'person:2003.canPickUp')).to.equal(false);
    expect(isShown('call-back', 'person:2003.isBusy')).to.equal(true);
    expect(text).to.contain('Page Hall').and.contain('formaction="/directory/intercom"');
    expect(text).not.to.contain('person:2001.canPickUp');
    const codes = {
      pickup: { code: '*8', isEnabled: false },
      intercom: { code: '*80', isEnabled: false },
    };
    const value = JSON.stringify({ version: 1, value: codes });
    await setup.site.parts.database('settings').insert({ name: 'feature-codes', value });
    try {
      await setup.site.parts.directory.refresh();
      const off = (await agent.get('/directory')).text;
      expect(off).not.to.contain('/directory/pick-up').and.not.contain('/directory/intercom');
      expect(off).to.contain('/directory/call-back');
    } finally {
      await setup.site.parts.database('settings').where({ name: 'feature-codes' }).del();
      await setup.site.parts.directory.refresh();
    }
  });

  it('has one operator, whose number nothing else has and who cannot be archived', async () => {
    const { directory } = setup.site.parts;
    const submit = async (fields: Record<string, string>) => {
      const { text } = await admin.get(OPERATOR);
      const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
      return admin.post(OPERATOR, { ...fields, version });
    };
    expect((await agent.get(OPERATOR)).status).to.equal(403);
    for (const [fields, words] of [
      [{ number: '2001', target: 'queue:1' }, 'An extension has this number'],
      [{ number: '7003', target: 'queue:1' }, 'slot for parked calls'],
      [{ number: '999', target: 'queue:1' }, 'emergency number'],
      [{ number: 'zero', target: 'queue:1' }, 'up to 8 digits'],
      [{ number: '0', target: 'hangup' }, 'f-target'],
      [{ number: '0', target: 'queue:77' }, 'f-target'],
    ] as const) {
      const answer = await submit(fields);
      expect(answer.status, JSON.stringify(fields)).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect((await submit({ number: '0', target: 'queue:1' })).status).to.equal(303);
    await directory.refresh();
    expect(directory.current.operator).to.deep.equal({
      number: '0',
      target: { kind: 'queue', id: 1 },
    });
    await admin.get('/setup/queues/1');
    const kept = await admin.post('/setup/queues/1/archive');
    expect(kept.text).to.contain('operator');
    await directory.refresh();
    expect(directory.current.queues.size).to.equal(1);
  });

  it('says whether an owner has said the name, and forgets it with the name or on request', async () => {
    const { database, directory } = setup.site.parts;
    const said = { name_hash: 'a'.repeat(64), name_said: 'Amy Turner' };
    const sound = async () => {
      await directory.refresh();
      return directory.current.extensions.get(own)?.nameSound;
    };
    await database('extensions').where({ id: own }).update(said);
    expect(await sound()).to.equal(said.name_hash);
    const path = `/setup/extensions/${String(own)}`;
    expect((await admin.get(path)).text).to.contain('as its owner has said it');
    await database('extensions').where({ id: own }).update({ name: 'Amy Hall' });
    expect(await sound()).to.equal(undefined);
    await database('extensions').where({ id: own }).update({ name: 'Amy Turner' });
    await admin.get(path);
    expect((await admin.post(`${path}/forget-name`)).status).to.equal(303);
    expect(await sound()).to.equal(undefined);
    expect((await admin.get(path)).text).to.contain('A voice speaks the name');
  });

  it('gives the number of the operator to nothing else', async () => {
    await setup.site.parts
      .database('settings')
      .where({ name: 'operator' })
      .update({
        value: JSON.stringify({ version: 2, value: { number: '2500' } }),
      });
    await admin.get('/setup/extensions/new');
    const answer = await admin.post('/setup/extensions', {
      ...{ number: '2500', name: 'X', permission: 'national', ringTimeoutS: '25', language: 'en' },
      callerId: '',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('This number calls the operator');
  });
});
