import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, CallId, MusicId } from '../../src/kernel/ids.js';
import type { LiveWaiting } from '../../src/telephony/live.js';
import {
  makeFeatureQueues,
  makeQueue,
  NUMBERS,
  type FeatureQueue,
  type FeatureQueues,
} from '../support/feature-queues.js';
import { hears, sentence } from '../support/heard.js';
import { json, startHookServer } from '../support/hook-server.js';
import { LAB_ADMIN_PASSWORD, TONES } from '../support/lab-company.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  callNumber,
  kindsOf,
  makeAvailable,
  newCaller,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';
import { TestClient } from '../support/web.js';
import { until } from '../support/until.js';

describe('what queues do on real phones', function () {
  this.timeout(90_000);
  const lab = useLab();
  let queues: FeatureQueues;
  let admin: TestClient;

  before(async () => {
    queues = await makeFeatureQueues(lab);
    admin = new TestClient(lab.product.url);
    expect((await admin.signIn('admin', LAB_ADMIN_PASSWORD)).status).to.equal(303);
  });

  /** Who waits in a queue, once that holds. */
  const lineHas = (
    name: FeatureQueue | 'Gold',
    what: string,
    holds: (line: readonly LiveWaiting[]) => boolean,
  ): Promise<readonly LiveWaiting[]> =>
    lab.product.nowHas(`${what} in ${name}`, 8_000, (now) => {
      const line = now.queues.find((queue) => queue.name === name)?.waiting ?? [];
      return holds(line) && line;
    });

  const available = (key: 'ann' | 'bob'): Promise<void> => {
    const { id } = lab.company.agents[key];
    return lab.product.order({ kind: 'agent-available', agentId: id });
  };

  /** Signs in without being available: waits for nothing, since callers may wait already. */
  async function signIn(key: 'ann' | 'bob'): Promise<AgentId> {
    const { id, extension } = lab.company.agents[key];
    const extensionId = lab.company.extensions.get(extension);
    if (extensionId === undefined) throw new Error(`no extension ${extension}`);
    await lab.product.order({ kind: 'agent-sign-in', agentId: id, extensionId });
    return id;
  }

  /** A header of the INVITE, as the phone received it. */
  async function header(phone: Party, name: string): Promise<string> {
    const answer = await lab.carrier.ari.request('GET', `/channels/${phone.id}/variable`, {
      query: { variable: `PJSIP_HEADER(read,${name})` },
    });
    return (answer as { readonly value: string }).value;
  }

  it('tells the place, takes a callback by a key pressed into it, and keeps the place, also while closed', async () => {
    // Spoken once on each machine, beside the first calls: a place is told as soon as its sentence is there.
    const place = await sentence(lab.product, 'say-ahead-one');
    const confirm = await sentence(lab.product, 'callback-confirm');
    const done = await sentence(lab.product, 'callback-done');
    const [first, second] = [newCaller(), newCaller()];
    const one = await callNumber(lab, NUMBERS.Place, first);
    const two = await callNumber(lab, NUMBERS.Place, second);
    await hears(two.ear, place, 10_000);
    const pressedAt = two.ear.now();
    await two.press('1');
    await hears(two.ear, confirm, 6_000, pressedAt);
    await two.press('1');
    await hears(two.ear, done, 8_000, pressedAt);
    await two.hangUp();
    const line = await lineHas('Place', 'a callback', (now) => now[1]?.callbackId !== undefined);
    expect(line.map((waiting) => waiting.from)).to.deep.equal([first, second]);
    expect((await storyOf(lab, second)).row.result).to.equal('callback');

    const queueId = queues.Place;
    await lab.product.order({
      ...{ kind: 'queue-change', queueId, change: { kind: 'opening', isOpen: false } },
      ...{ until: Date.now() + 3_600_000, by: 'Mara', why: 'Fire drill' },
    });
    const living = lab.carrier.ringsAt('2001', 8_000);
    await signIn('ann');
    await available('ann');
    const phone = await living;
    expect(phone.shown).to.deep.equal({ number: first, name: `Place · ${first}` });
    await talk(one, phone);
    await one.hangUp();
    await agentIs(lab, 'ann', 'available');
    await lineHas('Place', 'a callback that waits for the opening', ([kept]) =>
      kept === undefined
        ? false
        : kept.offeredTo.length === 0 && (kept.notBefore ?? 0) > Date.now(),
    );
    const again = lab.carrier.ringsAt('2001', 8_000);
    await lab.product.order({ kind: 'queue-undo', queueId, key: `${String(queueId)}-opening` });
    const callback = await again;
    expect(callback.shown).to.deep.equal({ number: second, name: `Place · ${second}` });
    const customer = lab.carrier.ringsAt(second, 8_000);
    await callback.answer();
    await callback.listen();
    const called = await customer;
    let tries = 1;
    lab.carrier.at(second, () => {
      tries += 1;
    });
    await talk(callback, called);
    await called.hangUp();
    await agentIs(lab, 'ann', 'available');
    const row = await until('the callback to be done', 5_000, () =>
      lab.product
        .database('callbacks')
        .where({ number: second, state: 'done' })
        .first<
          | { attempts: number; last_outcome: string; last_call_id: CallId; agent_id: number }
          | undefined
        >(),
    );
    expect(row).to.include({ attempts: 1, last_outcome: 'answered' });
    expect(row.agent_id).to.equal(lab.company.agents.ann.id);
    const story = await until('the ledger of the callback', 8_000, async () => {
      const found = await lab.stories.read(row.last_call_id);
      return found.row.ended_at === null ? undefined : found;
    });
    expect(story.row).to.include({ result: 'answered', to_number: second });
    const kinds = kindsOf(story);
    for (const kind of ['callback-tried', 'offered', 'connected'] as const)
      expect(
        kinds.filter((one) => one === kind),
        kind,
      ).to.have.length(1);
    expect(tries).to.equal(1);
  });

  it('whispers to the agent alone, and tells phones of each vendor to answer', async () => {
    await makeAvailable(lab, 'ann');
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await callNumber(lab, NUMBERS.Whisper, from, 'Grace Hall');
    const phone = await rings;
    expect(phone.shown).to.deep.equal({ number: from, name: 'Whisper · Grace Hall' });
    expect(await header(phone, 'Call-Info')).to.match(/^<sip:[^>]+>;\s*answer-after=0$/);
    expect(await header(phone, 'Alert-Info')).to.match(/info=alert-autoanswer;delay=0$/);
    expect(await header(phone, 'Answer-Mode')).to.equal('Auto');
    await caller.say(CALLER_HZ);
    await phone.answer();
    await phone.listen();
    await phone.ear.waitForTone(TONES.menu.en, 3_000);
    await phone.ear.waitForTone(CALLER_HZ, 8_000);
    // First the whisper, to its end, then the caller.
    const [whisper] = phone.ear.tones(TONES.menu.en);
    const [voice] = phone.ear.tones(CALLER_HZ);
    expect(voice?.startMs).to.be.greaterThan((whisper?.endMs ?? Infinity) - 50);
    await talk(caller, phone);
    expect(caller.ear.tones(TONES.menu.en), 'the caller hears no whisper').to.deep.equal([]);
    await phone.hangUp();
    await caller.ended(5_000);
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });

  it('rings all phones at once, and tells the others that the call was answered elsewhere', async () => {
    await makeAvailable(lab, 'ann');
    await makeAvailable(lab, 'bob');
    const from = newCaller();
    const ring = [lab.carrier.ringsAt('2001', 8_000), lab.carrier.ringsAt('2002', 8_000)];
    const caller = await callNumber(lab, NUMBERS.All, from);
    const [ann, bob] = await Promise.all(ring);
    if (ann === undefined || bob === undefined) throw new Error('two phones');
    await talk(caller, bob);
    // Q.850 26, which is how the phone's stack tells `Reason: SIP;cause=200` of the CANCEL.
    expect((await ann.ended(3_000)).cause).to.equal(26);
    await agentIs(lab, 'ann', 'available');
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const outcomes = story.events.flatMap((event) =>
      event.kind === 'offer-ended' ? [`${event.agentName} ${event.outcome}`] : [],
    );
    expect(outcomes.sort()).to.deep.equal(['Ann withdrawn', 'Bob answered']);
    expect(story.row.agent_id).to.equal(lab.company.agents.bob.id);
  });

  it('lets a supervisor move callers up, to another queue, and out', async () => {
    const [first, second, third, fourth] = [newCaller(), newCaller(), newCaller(), newCaller()];
    const parties: Party[] = [];
    for (const from of [first, second, third, fourth])
      parties.push(await callNumber(lab, NUMBERS.Place, from));
    const line = await lineHas('Place', 'four', (now) => now.length === 4);
    const steer = async (from: string, command: string, fields: Record<string, string> = {}) => {
      const call = line.find((waiting) => waiting.from === from)?.callId ?? '';
      const path = `/live/queues/${String(queues.Place)}/calls/${call}/${command}`;
      const answer = await admin.post(path, fields, { accept: 'application/json' });
      expect(answer.status, answer.text).to.equal(200);
    };
    await steer(fourth, 'priority', { priority: '90' });
    await steer(second, 'move', { queue: String(queues.Whisper) });
    await steer(third, 'end');
    await parties[2]?.ended(5_000);
    await lineHas('Place', 'two, the last one first', (now) =>
      [fourth, first].every((from, place) => now[place]?.from === from),
    );
    await lineHas('Whisper', 'the one who was moved', ([moved]) => moved?.from === second);
    const rings = lab.carrier.ringsAt('2001', 8_000);
    await signIn('ann');
    await available('ann');
    const phone = await rings;
    expect(phone.shown.number).to.equal(fourth);
    for (const party of parties) await party.hangUp();
    const left = (await storyOf(lab, second)).events.flatMap((event) =>
      event.kind === 'queue-left' ? [`${String(event.queueId)} ${event.reason}`] : [],
    );
    expect(left).to.deep.equal([
      `${String(queues.Place)} moved-by-supervisor`,
      `${String(queues.Whisper)} caller-left`,
    ]);
    const ended = await storyOf(lab, third);
    expect(ended.row).to.include({ result: 'abandoned', ended_by: 'system' });
    expect(ended.events.at(-1)).to.include({ kind: 'call-ended', reason: 'ended-by-supervisor' });
  });

  it('sends who calls again to the agent of last time', async () => {
    await makeAvailable(lab, 'ann');
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await callNumber(lab, NUMBERS.Known, from);
    await talk(caller, await rings);
    // Idle for longer than Ann when the second call comes: without a memory it would be Bob's.
    await makeAvailable(lab, 'bob');
    await caller.hangUp();
    await storyOf(lab, from);
    await agentIs(lab, 'ann', 'available');
    const again = lab.carrier.ringsAt('2001', 8_000);
    const back = await callNumber(lab, NUMBERS.Known, from);
    await again;
    await back.hangUp();
    const reasons = await until('the second call in the ledger', 8_000, async () => {
      const last = (await lab.stories.from(from, new Date(0)))[1];
      const routed = last?.events.find((event) => event.kind === 'routed');
      return routed?.kind === 'routed' && routed.reasons;
    });
    expect(reasons).to.deep.equal(['last-agent:Ann']);
  });

  it("asks the company's own system, and goes on without it where it is late", async () => {
    const server = await startHookServer();
    try {
      const dids = await lab.product
        .database('dids')
        .where({ number: NUMBERS.Hooked })
        .select('id');
      const made = await admin.post('/setup/hooks', {
        name: 'CRM',
        enabled: 'on',
        url: server.url,
        dids: dids.map(({ id }: { id: number }) => String(id)),
        timeoutMs: '500',
        allowedAddresses: '127.0.0.1',
      });
      expect(made.status, made.text).to.be.oneOf([200, 303]);
      // Known to the program after all that was set up before it.
      await makeQueue(lab, 'Gold');
      server.answerWith(json({ queue: 'Gold', priority: 80 }));
      const from = newCaller();
      const caller = await callNumber(lab, NUMBERS.Hooked, from);
      const [waiting] = await lineHas('Gold', 'the caller', (line) => line.length === 1);
      expect(waiting).to.include({ from, priority: 80 });
      expect(JSON.parse(server.visits[0]?.body ?? '')).to.include({ from, queue: 'Place' });
      await caller.hangUp();

      server.answerWith(() => undefined);
      const patient = newCaller();
      const late = await callNumber(lab, NUMBERS.Hooked, patient);
      await lineHas('Place', 'the caller', ([only]) => only?.from === patient);
      await late.hangUp();
      const routed = (await storyOf(lab, patient)).events.find(({ kind }) => kind === 'routed');
      expect(JSON.stringify(routed)).to.contain('hook-timeout');
    } finally {
      await server.stop();
    }
  });

  it('plays its own music to whoever waits, sound after sound, over and over', async () => {
    const { menu, wrong } = lab.company.prompts;
    const sounds = [String(wrong), String(menu)];
    const made = await admin.post('/setup/music', { name: 'Tones', order: 'listed', sounds });
    expect(made.status, made.text).to.equal(303);
    const id = await makeQueue(lab, 'Musical', { music: 1 as MusicId });
    const number = '+442079460126';
    const target = { kind: 'queue', id } as const;
    const draft = { number, name: 'Musical', target, language: 'en' } as const;
    await lab.configuration.dids.create(SYSTEM_ACTOR, draft);
    // Known to the program after the number.
    await makeQueue(lab, 'Last');
    const caller = await callNumber(lab, number, newCaller());
    for (const tone of [TONES.wrong, TONES.menu, TONES.wrong, TONES.menu])
      await caller.ear.waitForTone(tone.en, 6_000);
    await caller.hangUp();
  });

  it('plays its music on hold and at a park slot, too', async () => {
    await lab.product
      .database('settings')
      .insert({
        name: 'parking',
        value: JSON.stringify({
          version: 1,
          value: { isEnabled: true, firstSlot: 7001, slots: 1, timeoutMs: 60_000 },
        }),
      })
      .onConflict('name')
      .merge();
    await makeQueue(lab, 'After the slots');
    await makeAvailable(lab, 'ann');
    const rings = lab.carrier.ringsAt('2001', 10_000);
    const caller = await callNumber(lab, '+442079460126', newCaller());
    const ann = await rings;
    await talk(caller, ann);
    await ann.hold();
    for (const tone of [TONES.wrong, TONES.menu]) await caller.ear.waitForTone(tone.en, 8_000);
    await ann.resume();
    await caller.ear.waitForTone(CALLED_HZ, 8_000);
    await lab.product.order({
      ...{ kind: 'agent-talk', agentId: lab.company.agents.ann.id },
      command: { kind: 'transfer', target: { kind: 'park', slot: '' } },
    });
    await ann.ended(15_000);
    for (const tone of [TONES.wrong, TONES.menu]) await caller.ear.waitForTone(tone.en, 8_000);
    await caller.hangUp();
    await lab.product.isIdle();
    await lab.product.database('settings').where({ name: 'parking' }).delete();
    await makeQueue(lab, 'Without slots');
  });
});
