import { expect } from 'chai';
import { hookSignature } from '../../src/adapters/http/signature.js';
import { webhookKeyOf } from '../../src/adapters/http/webhook-sender.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import { NEW_CONFERENCE } from '../../src/features/conferences/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import { json, startHookServer, type HookServer } from '../support/hook-server.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  kindsOf,
  makeAvailable,
  newCaller,
  storyOf,
  talk,
  useLab,
  watchStored,
} from '../support/lab.js';
import { configured } from '../support/phones.js';
import { TONES } from '../support/lab-company.js';
import { until } from '../support/until.js';

const NUMBER = '+442079460180';
const ROOM_NUMBER = '+442079460181';
const GROUP_NUMBER = '+442079460182';
const COMPLAINT_NUMBER = '+442079460183';
/** The tone before somebody speaks. */
const BEEP_HZ = 1000;

describe('self-service', function () {
  this.timeout(60_000);
  const lab = useLab();
  let server: HookServer;

  before(async () => {
    server = await startHookServer();
    const { configuration, company, product } = lab;
    const { flows, dids, lookups, conferences } = configuration;
    await product.database.schema.createTable('crm_customers', (t) => {
      t.string('account', 20).primary();
      t.string('name', 80);
    });
    await product.database('crm_customers').insert({ account: '4711', name: 'Grace Hall' });
    const { host, port, name: database, user, password } = product.config.database;
    const connection = await lookups.createLookup(SYSTEM_ACTOR, {
      ...{ name: 'CRM', host, port, database, user, password },
    });
    const room = await conferences.createRoom(SYSTEM_ACTOR, {
      ...{ ...NEW_CONFERENCE, name: 'Board', number: '8000', announces: 'none' },
    });
    const make = async (number: string, steps: FlowDefinition['steps']): Promise<void> => {
      const start = Object.keys(steps)[0] ?? '';
      const id = await flows.create(SYSTEM_ACTOR, { name: number, definition: { start, steps } });
      await dids.create(SYSTEM_ACTOR, {
        ...{ number, name: number, language: 'en', target: { kind: 'flow', id } },
      });
    };
    const { prompts, queues, extensions } = company;
    const extension = (number: string): number => Number(extensions.get(number) ?? 0);
    await make(NUMBER, {
      account: {
        ...{ kind: 'collect', label: 'Account number', prompt: prompts.menu, variable: 'account' },
        ...{ wrongPrompt: prompts.wrong, minDigits: 4, maxDigits: 8, endKey: '#' },
        ...{ firstDigitS: 5, nextDigitS: 3, retries: 2, confirm: 'none', sensitive: false },
        ...{ next: 'secret', noInput: 'bye', wrongInput: 'bye' },
      },
      secret: {
        ...{ kind: 'collect', label: 'Password', prompt: prompts.announcement, variable: 'secret' },
        ...{ minDigits: 4, maxDigits: 4, endKey: '', firstDigitS: 5, nextDigitS: 3, retries: 2 },
        ...{ confirm: 'none', sensitive: true, next: 'who', noInput: 'bye', wrongInput: 'bye' },
      },
      who: {
        ...{ kind: 'sql', label: 'Customer', connection, timeoutMs: 2_000 },
        query: 'SELECT name FROM crm_customers WHERE account = :account',
        answers: [{ variable: 'customer', column: 'name' }],
        ...{ found: 'order', empty: 'bye', error: 'bye' },
      },
      order: {
        ...{ kind: 'http', label: 'Order', method: 'POST', url: server.url, headers: [] },
        ...{ body: '{"account":"{{account}}"}', contentType: 'application/json' },
        ...{ timeoutMs: 8_000, idempotent: true, holdPrompt: prompts.closed },
        answers: [{ variable: 'order_state', path: 'orders.0.state' }],
        ...{ next: 'tell', error: 'bye' },
      },
      tell: {
        ...{ kind: 'webhook', label: 'Tell', url: server.url, next: 'main' },
        body: '{"event":"called","account":"{{account}}"}',
      },
      main: { kind: 'queue', label: 'Main', queue: queues.main, priority: 0 },
      bye: { kind: 'hangup', label: 'Bye', prompt: prompts.goodbye },
    });
    await make(COMPLAINT_NUMBER, {
      complaint: {
        ...{ kind: 'record', label: 'Complaint', prompt: prompts.menu, maxS: 60, endKey: '#' },
        ...{ queue: queues.main, variable: 'complaint', next: 'thanks', nothing: 'bye' },
      },
      thanks: { kind: 'hangup', label: 'Thanks', prompt: prompts.closed },
      bye: { kind: 'hangup', label: 'Bye', prompt: prompts.goodbye },
    });
    await make(ROOM_NUMBER, { meet: { kind: 'conference', label: 'Board', room } });
    await make(GROUP_NUMBER, {
      ring: {
        ...{ kind: 'ring', label: 'Desks', timeoutS: 10, noAnswer: 'bye' },
        extensions: [extension('2003'), extension('2004'), extension('2005')],
      },
      bye: { kind: 'hangup', label: 'Bye', prompt: prompts.goodbye },
    });
    await configured(lab);
  });
  after(() => server.stop());

  const call = async (to: string, from: string) => {
    const party = await lab.carrier.call({ to, from });
    await party.answered(8_000);
    await party.listen();
    return party;
  };

  it('collects, looks up in a database and over HTTP with a prompt meanwhile, and the agent sees it all', async () => {
    await makeAvailable(lab, 'ann');
    let answer = (): void => undefined;
    server.answerWith((response) => {
      answer = () => {
        json({ orders: [{ state: 'sent' }] })(response);
      };
    });
    const from = newCaller();
    const caller = await call(NUMBER, from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    // Into the prompt, then during silence; too few at first.
    await caller.press('47#');
    await caller.ear.waitForTone(TONES.wrong.en, 5_000);
    await caller.press('4711#');
    await caller.ear.waitForTone(TONES.announcement.en, 5_000);
    await caller.press('9753');
    await caller.ear.waitForTone(TONES.closed.en, 5_000);
    const rings = lab.carrier.ringsAt('2001', 8_000);
    answer();
    server.answerWith(json({}));
    const agent = await rings;
    const shown = await lab.product.nowHas('the context', 3_000, (now) =>
      now.calls.find((one) => one.from === from && one.context?.at(-1)?.name === 'order_state'),
    );
    expect(shown.context).to.deep.include.members([
      { name: 'account', label: 'Account number', value: '4711' },
      { name: 'secret', label: 'Password', value: '••••' },
      { name: 'customer', label: '', value: 'Grace Hall' },
      { name: 'order_state', label: '', value: 'sent' },
    ]);
    await talk(caller, agent);
    await caller.hangUp();
    await agentIs(lab, 'ann', 'available');
    const story = await storyOf(lab, from);
    expect(kindsOf(story)).to.include.members(['input-collected', 'looked-up', 'context-passed']);
    expect(JSON.stringify(story)).to.not.include('9753');
    const [asked] = server.visits;
    expect(JSON.parse(asked?.body ?? '')).to.deep.equal({ account: '4711' });
    const told = await until('the webhook', 8_000, () =>
      server.visits.find((visit) => visit.body.includes('"called"')),
    );
    expect(told.headers['x-cordboard-signature']).to.equal(
      hookSignature(
        webhookKeyOf(lab.product.config.secretKey),
        String(told.headers['x-cordboard-timestamp']),
        told.body,
      ),
    );
  });

  it('asks again at the same step after the program was killed in the middle of an entry', async () => {
    const from = newCaller();
    const caller = await call(NUMBER, from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    await caller.press('4711#');
    await caller.ear.waitForTone(TONES.announcement.en, 5_000);
    await caller.press('97');
    await lab.product.process.kill();
    const killedAt = caller.ear.now();
    await lab.product.process.start();
    await caller.ear.waitUntil(killedAt + 200);
    await until('the prompt of the step', 15_000, () =>
      caller.ear.tones(TONES.announcement.en, killedAt).length > 0 ? true : undefined,
    );
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(kindsOf(story)).to.include('adopted');
    expect(story.row.result).to.equal('contained');
  });

  it('goes on with the same recording after the program was killed in the middle of a message', async () => {
    const stored = await watchStored(lab);
    const from = newCaller();
    const caller = await call(COMPLAINT_NUMBER, from);
    await caller.ear.waitForTone(BEEP_HZ, 8_000);
    await caller.say(CALLED_HZ);
    await caller.ear.waitUntil(caller.ear.now() + 1_500);
    await lab.product.process.kill();
    const killedAt = caller.ear.now();
    await lab.product.process.start();
    await caller.ear.waitUntil(killedAt + 2_000);
    await lab.product.nowHas('the call', 8_000, (now) =>
      now.calls.find((one) => one.from === from),
    );
    await caller.hush();
    await caller.press('#');
    await caller.ear.waitForTone(TONES.closed.en, 8_000);
    const story = await storyOf(lab, from);
    expect(kindsOf(story)).to.include('adopted');
    expect(story.row.result).to.equal('voicemail');
    expect(kindsOf(story).filter((kind) => kind === 'voicemail-left')).to.have.lengthOf(1);
    const [recording] = story.recordings;
    // From before the end of the program to after its next start, in one piece.
    expect(recording?.durationMs).to.be.greaterThan(2_000);
    expect(caller.ear.tones(BEEP_HZ, killedAt)).to.deep.equal([]);
    expect(await stored()).to.deep.equal([]);
  });

  it('rings a group: the tone of the country, then whoever answers first', async () => {
    const stop = ['2003', '2005'].map((number) => lab.carrier.ringsAt(number, 10_000));
    const rings = lab.carrier.ringsAt('2004', 10_000);
    const from = newCaller();
    const caller = await call(GROUP_NUMBER, from);
    const [agent, one, two] = await Promise.all([rings, ...stop]);
    await caller.ear.waitForSound(5_000);
    await talk(caller, agent);
    await Promise.all([one?.ended(5_000), two?.ended(5_000)]);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });

  it('brings callers together in a conference', async () => {
    const froms = [newCaller(), newCaller()];
    const one = await call(ROOM_NUMBER, froms[0] ?? '');
    const two = await call(ROOM_NUMBER, froms[1] ?? '');
    await Promise.all([one.say(CALLER_HZ), two.say(CALLED_HZ)]);
    await Promise.all([
      one.ear.waitForTone(CALLED_HZ, 8_000),
      two.ear.waitForTone(CALLER_HZ, 8_000),
    ]);
    await one.hangUp();
    await two.hangUp();
    for (const from of froms) {
      const story = await storyOf(lab, from);
      expect(kindsOf(story)).to.include('conference-joined');
      expect(story.row.result).to.equal('answered');
    }
  });
});
