import { expect } from 'chai';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import { hears, sentence } from '../support/heard.js';
import {
  callNumber,
  kindsOf,
  newCaller,
  pbxAddress,
  phoneIs,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';
import { LAB_ADMIN_PASSWORD } from '../support/lab-company.js';
import { configured } from '../support/phones.js';
import { SipPhone } from '../support/sip-phone.js';
import { TestClient } from '../support/web.js';

const BY_NAME = '+442079460186';
const BY_NUMBER = '+442079460187';
/** The tone before somebody speaks, and somebody who speaks. */
const BEEP_HZ = 1000;
const VOICE_HZ = 500;

describe('the company directory', function () {
  this.timeout(60_000);
  const lab = useLab();

  before(async () => {
    const { flows, dids } = lab.configuration;
    for (const [number, kind] of [
      [BY_NAME, 'dial-name'],
      [BY_NUMBER, 'dial-extension'],
    ] as const) {
      const steps: FlowDefinition['steps'] = {
        ask: { kind, label: 'Whom', tries: 2, nobody: 'bye' },
        bye: { kind: 'hangup', label: 'Bye' },
      };
      const definition = { start: 'ask', steps };
      const id = await flows.create(SYSTEM_ACTOR, { name: number, definition });
      await dids.create(SYSTEM_ACTOR, {
        ...{ number, name: number, language: 'en', target: { kind: 'flow', id } },
      });
    }
    const extension = lab.company.extensions.get('2005');
    const value = { number: '0', target: { kind: 'extension', id: extension } };
    await lab.product
      .database('settings')
      .insert({ name: 'operator', value: JSON.stringify({ version: 1, value }) });
    await configured(lab);
  });
  after(async () => {
    await lab.product.database('settings').where({ name: 'operator' }).delete();
    await configured(lab);
  });

  it('connects a caller with whoever was asked for by name', async () => {
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2004', 30_000);
    const caller = await callNumber(lab, BY_NAME, from);
    await hears(caller.ear, await sentence(lab.product, 'directory-name'), 10_000);
    // d e s k and the figures of the name.
    await caller.press('33752004#');
    await hears(caller.ear, await sentence(lab.product, 'directory-take-only'), 15_000);
    await caller.press('1');
    const desk = await rings;
    await desk.answer();
    await desk.listen();
    await talk(caller, desk);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'answered', ended_by: 'caller' });
    expect(kindsOf(story)).to.include.members(['step-entered', 'key-pressed', 'connected']);
  });

  it('connects a caller with the extension that was dialled', async () => {
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2004', 30_000);
    const caller = await callNumber(lab, BY_NUMBER, from);
    await hears(caller.ear, await sentence(lab.product, 'directory-dial'), 10_000);
    await caller.press('2004#');
    const desk = await rings;
    expect(desk.shown.number).to.equal(from);
    await talk(caller, desk);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row).to.include({ result: 'answered', ended_by: 'caller' });
  });

  it('says that nobody fits, and leads to the operator by 0', async () => {
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2005', 30_000);
    const caller = await callNumber(lab, BY_NUMBER, from);
    await hears(caller.ear, await sentence(lab.product, 'directory-dial'), 10_000);
    await caller.press('2999#');
    await hears(caller.ear, await sentence(lab.product, 'directory-none'), 10_000);
    await caller.press('0');
    const desk = await rings;
    await desk.answer();
    await desk.listen();
    await talk(caller, desk);
    await desk.hangUp();
    expect((await storyOf(lab, from)).row).to.include({ result: 'answered', ended_by: 'callee' });
  });

  it('plays the name as its owner has said it', async () => {
    const owner = await lab.carrier.dial('2004', '*96');
    await owner.answered(5_000);
    await owner.listen();
    await owner.say(VOICE_HZ);
    await owner.ear.waitForTone(BEEP_HZ, 15_000);
    expect(await owner.endsWithin(2_000)).to.equal(false);
    await owner.hush();
    await owner.press('#');
    await owner.ear.waitForTone(VOICE_HZ, 8_000);
    await owner.press('1');
    await owner.ended(15_000);
    await lab.product.isIdle();
    await configured(lab);
    const caller = await callNumber(lab, BY_NAME);
    await hears(caller.ear, await sentence(lab.product, 'directory-name'), 10_000);
    await caller.press('33752004#');
    await caller.ear.waitForTone(VOICE_HZ, 8_000);
    await caller.hangUp();
    await lab.product.isIdle();
  });

  it('reaches the operator from a desk phone', async () => {
    const rings = lab.carrier.ringsAt('2005', 10_000);
    const caller = await lab.carrier.dial('2003', '0');
    const desk = await rings;
    await desk.answer();
    await caller.answered(5_000);
    await Promise.all([caller.listen(), desk.listen()]);
    await talk(caller, desk);
    await caller.hangUp();
    await lab.product.isIdle();
  });
});

describe('a provisioned desk phone', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('registers with what it has fetched', async () => {
    const { http } = lab.product.config;
    const url = `http://${http.host}:${String(http.port)}`;
    const admin = new TestClient(url);
    await admin.signIn('admin', LAB_ADMIN_PASSWORD);
    await admin.get('/setup/provisioning/new');
    const added = await admin.post('/setup/provisioning', {
      ...{ mac: '00:15:65:12:34:56', name: 'Hall', model: 'yealink-t4', isEnabled: 'on' },
      ...{ lines: [String(lab.company.extensions.get('2102'))], keys: '' },
    });
    const sheet = await admin.get(`${added.location ?? ''}/sheet`);
    const secret = /\/provision\/([a-z0-9]{20})\//.exec(sheet.text)?.[1] ?? '';
    const file = await new TestClient(url).get(`/provision/${secret}/001565123456.cfg`);
    const value = (name: string): string =>
      file.text
        .split('\n')
        .map((line) => line.split(' = '))
        .find(([key]) => key === name)?.[1] ?? '';
    const server = `${value('account.1.sip_server.1.address')}:${value('account.1.sip_server.1.port')}`;
    expect(server).to.equal(pbxAddress(lab));
    const phone = await SipPhone.start({
      number: value('account.1.user_name'),
      password: value('account.1.password'),
      server,
    });
    try {
      await phone.registered();
      await phoneIs(lab, '2102', true);
    } finally {
      await phone.stop();
    }
    await phoneIs(lab, '2102', false);
  });
});
