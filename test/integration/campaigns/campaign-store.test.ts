import { expect } from 'chai';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { openContactLists } from '../../../src/features/contact-lists/index.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import {
  fillLeads,
  KnexCampaignStore,
  segmentMembers,
} from '../../../src/features/campaigns/index.js';
import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  ContactListId,
} from '../../../src/kernel/ids.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { newCallId, newId } from '../../../src/kernel/ids.js';
import {
  FOLLOW_UP_RULE,
  type AttemptResult,
  type ClearedLead,
} from '../../../src/telephony/campaigns.js';
import { NO_SEGMENTS } from '../../support/no-segments.js';
import {
  clearOutbound,
  makeCampaign,
  makeContacts,
  makeList,
  STRANGER,
} from '../../support/outbound.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const HOUR_MS = 3_600_000;
/** Thursday, ten in the morning in London. */
const TEN = Date.parse('2026-11-26T10:00:00Z');

describe('the store of campaigns', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let db: Database;
  let now = TEN;

  const storeOn = (database: Database) =>
    new KnexCampaignStore({
      ...{ database, auditLog: knexAuditLog, now: () => now },
      ...{ segments: NO_SEGMENTS, country: 'GB' },
    });
  let store: KnexCampaignStore;

  before(async () => {
    mariadb = await PrivateMariadb.start();
    db = mariadb.open();
    store = storeOn(db);
  });
  after(async () => {
    await db.destroy();
    await mariadb.remove();
  });
  beforeEach(async () => {
    now = TEN;
    await clearOutbound(db);
  });

  const fill = (id: CampaignId, ownersOnly = false) =>
    fillLeads(db, NO_SEGMENTS, { id, ownersOnly }, now);
  const numbers = (from: number, count: number): { numbers: string[] }[] =>
    Array.from({ length: count }, (_, at) => ({
      numbers: [`+4420794${String(60_000 + from + at)}`],
    }));
  const campaignOf = async (
    people: Parameters<typeof makeContacts>[1],
    settings: Parameters<typeof makeCampaign>[1]['settings'] = {},
  ): Promise<{ id: CampaignId; contacts: readonly ContactId[]; list: number }> => {
    const contacts = await makeContacts(db, people);
    const list = await makeList(db, contacts);
    const id = await makeCampaign(db, { lists: [list], settings });
    await fill(id);
    return { id, contacts, list };
  };
  const lead = (contact: ContactId): Promise<Record<string, unknown>> =>
    db('leads').where({ contact_id: contact }).first('*') as Promise<Record<string, unknown>>;
  const end = async (id: CampaignId, result: AttemptResult): Promise<void> => {
    const [cleared] = await store.clear(id, 1);
    expect(cleared, result).to.not.equal(undefined);
    if (cleared !== undefined) await store.tell(cleared.attempt, { result, endedAt: now });
  };

  /** So many claims at once, and again until nobody gets anything: rows that another one looks at are passed over. */
  const claimAll = async (
    atOnce: number,
    claim: (at: number) => Promise<readonly ClearedLead[]>,
  ): Promise<readonly ClearedLead[]> => {
    const got = (await Promise.all(Array.from({ length: atOnce }, (_, at) => claim(at)))).flat();
    return got.length === 0 ? got : [...got, ...(await claimAll(atOnce, claim))];
  };

  it('gives what may be dialled, with a row that says why', async () => {
    const { id, contacts } = await campaignOf([{ name: 'Lin Wu', numbers: ['+442079460001'] }], {
      callerIds: ['+441615550000', '+442079990000'],
      localPresence: true,
    });
    const [cleared, ...none] = await store.clear(id, 5);
    expect(none).to.deep.equal([]);
    expect(cleared).to.deep.include({
      campaign: id,
      contact: contacts[0],
      name: 'Lin Wu',
      number: '+442079460001',
      language: 'en',
      fields: { plan: 'Gold' },
      callerIds: ['+442079990000', '+441615550000'],
    });
    const row = await db('attempts').where({ id: cleared?.attempt }).first<{
      kind: string;
      rule_set: string;
      reasons: { rule: string; passed: boolean }[];
    }>('*');
    expect(row.kind).to.equal('dial');
    expect(row.rule_set).to.match(/^none@/);
    const { reasons } = row;
    expect(reasons).to.have.length.above(10);
    expect(reasons.every(({ passed }) => passed)).to.equal(true);
    expect(await store.clear(id, 5)).to.deep.equal([]);
    expect(await lead(contacts[0] as ContactId)).to.deep.include({ state: 'calling', attempts: 1 });
  });

  it('gives nothing of a campaign that is paused, archived, outside its schedule or unknown', async () => {
    const { id } = await campaignOf(numbers(0, 3));
    await db('campaigns').where({ id }).update({ state: 'paused' });
    expect(await store.clear(id, 1)).to.deep.equal([]);
    await db('campaigns').where({ id }).update({ state: 'running', archived_at: new Date() });
    expect(await store.clear(id, 1)).to.deep.equal([]);
    await db('campaigns').where({ id }).update({ archived_at: null });
    now = TEN - 3 * 24 * HOUR_MS;
    expect(await store.clear(id, 1)).to.deep.equal([]);
    expect(await store.clear(999 as CampaignId, 1)).to.deep.equal([]);
    now = TEN;
    expect(await store.clear(id, 1)).to.have.length(1);
  });

  it('never gives one person twice: two copies of the program that claim at once', async () => {
    const { id } = await campaignOf(numbers(0, 60));
    const others = [mariadb.open(), mariadb.open(), mariadb.open()];
    const stores = [store, ...others.map(storeOn)];
    const leads = (
      await claimAll(24, (at) => stores[at % stores.length]?.clear(id, 4) ?? Promise.resolve([]))
    ).map((cleared) => cleared.lead);
    expect(new Set(leads).size).to.equal(leads.length);
    expect(leads).to.have.length(60);
    await Promise.all(others.map((other) => other.destroy()));
  });

  it('never gives one number twice: two campaigns over one list, and two people of one number', async () => {
    const contacts = await makeContacts(db, [
      ...numbers(0, 20),
      { name: 'Flatmate', numbers: ['+442079460000'] },
    ]);
    const list = await makeList(db, contacts);
    const ids = [
      await makeCampaign(db, { name: 'One', lists: [list] }),
      await makeCampaign(db, { name: 'Two', lists: [list] }),
    ];
    for (const id of ids) await fill(id);
    const other = mariadb.open();
    const cleared = await claimAll(12, (at) =>
      (at % 3 === 0 ? storeOn(other) : store).clear(ids[at % 2] as CampaignId, 5),
    );
    expect(new Set(cleared.map(({ contact }) => contact)).size).to.equal(cleared.length);
    expect(new Set(cleared.map(({ number }) => number)).size).to.equal(cleared.length);
    expect(cleared).to.have.length(20);
    const held = await db('attempts').where({ kind: 'refusal', refused_by: 'in-flight' });
    expect(held.length).to.be.above(0);
    // When the first is over, the second may.
    for (const one of cleared) await store.tell(one.attempt, { result: 'busy', endedAt: now });
    expect(await db('dial_guards')).to.deep.equal([]);
    now += 61_000;
    const later = (await Promise.all(ids.map((id) => store.clear(id, 50)))).flat();
    expect(later.length).to.be.above(0);
    await other.destroy();
  });

  it('takes the highest priority first, then who waits longest', async () => {
    const { id, contacts } = await campaignOf(numbers(0, 4));
    const of = (at: number) => db('leads').where({ contact_id: contacts[at] });
    await of(3).update({ priority: 5 });
    await of(2).update({ next_at: new Date(TEN - HOUR_MS) });
    await of(0).update({ next_at: new Date(TEN + 1) });
    const order: ContactId[] = [];
    for (let at = 0; at < 4; at += 1)
      order.push(...(await store.clear(id, 1)).map((cleared) => cleared.contact));
    expect(order).to.deep.equal([contacts[3], contacts[2], contacts[1]]);
  });

  it('gives agents their own people first, and nobody those of somebody else', async () => {
    const [seat] = await db('agents').insert({ name: 'Theo', number: '8801' });
    const [other] = await db('agents').insert({ name: 'Mara', number: '8802' });
    const { id, contacts } = await campaignOf(numbers(0, 3));
    await db('leads').where({ contact_id: contacts[1] }).update({ agent_id: seat });
    await db('leads').where({ contact_id: contacts[2] }).update({ agent_id: other });
    const got = await store.clear(id, 5, { agent: seat as AgentId });
    expect(got.map(({ contact }) => contact)).to.deep.equal([contacts[1], contacts[0]]);
    expect(got[0]?.agent).to.equal(seat);
    expect(await store.clear(id, 5)).to.deep.equal([]);
    await clearOutbound(db);
    await db('agents')
      .whereIn('id', [seat as number, other as number])
      .del();
  });

  it('holds back by the clock of the person, once for each night', async () => {
    const { id, contacts } = await campaignOf(
      [
        { numbers: ['+442079460001'] },
        { numbers: ['+12125550001'], zone: 'America/New_York', country: 'US' },
      ],
      { weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 }] },
    );
    // Ten in London is five in New York.
    expect((await store.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([contacts[0]]);
    const held = await lead(contacts[1] as ContactId);
    expect(held).to.deep.include({ state: 'open', held_by: 'calling-window' });
    expect(held['next_at']).to.deep.equal(new Date('2026-11-26T14:00:00Z'));
    // Somebody lets it be looked at again: the row that is there still holds.
    await db('leads').update({ next_at: new Date(now) });
    now += HOUR_MS;
    expect(await store.clear(id, 5)).to.deep.equal([]);
    expect(await db('attempts').where({ kind: 'refusal' })).to.have.length(1);
    now = Date.parse('2026-11-26T14:00:00Z');
    expect((await store.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([contacts[1]]);
  });

  describe('when the clocks change', () => {
    const daily = (from: number, to: number) => ({
      weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: from, toMinute: to }],
    });
    const at = (text: string): void => {
      now = Date.parse(text);
    };
    const lookAgain = () => db('leads').update({ next_at: new Date(now) });

    for (const [season, evening, opens] of [
      ['spring', '2026-03-28T20:00:00Z', '2026-03-29T08:00:00.000Z'],
      ['autumn', '2026-10-24T19:00:00Z', '2026-10-25T09:00:00.000Z'],
    ] as const)
      it(`calls from nine on by the person’s clock, in ${season}`, async () => {
        at(evening);
        const { id, contacts } = await campaignOf(
          [{ numbers: ['+442079460001'] }],
          daily(9 * 60, 18 * 60),
        );
        expect(await store.clear(id, 1)).to.deep.equal([]);
        const held = await lead(contacts[0] as ContactId);
        expect(held).to.include({ held_by: 'calling-window' });
        expect((held['next_at'] as Date).toISOString()).to.equal(opens);
        now = Date.parse(opens) - 1;
        // Not only because it is not looked at.
        await lookAgain();
        expect(await store.clear(id, 1)).to.deep.equal([]);
        at(opens);
        expect(await store.clear(id, 1)).to.have.length(1);
      });

    it('has no hour that is left out, and twice the one that comes twice', async () => {
      at('2026-03-28T12:00:00Z');
      const { id, contacts } = await campaignOf(numbers(0, 3), daily(60, 120));
      const nextAt = async (): Promise<unknown> =>
        (await lead(contacts[2] as ContactId))['next_at'];
      expect(await store.clear(id, 5)).to.deep.equal([]);
      // From one to two on the 29th there is nothing.
      expect(await nextAt()).to.deep.equal(new Date('2026-03-30T00:00:00Z'));
      for (const minute of ['00:59', '01:00', '01:30']) {
        at(`2026-03-29T${minute}:00Z`);
        await lookAgain();
        expect(await store.clear(id, 1), minute).to.deep.equal([]);
      }
      for (const [minute, count] of [
        ['00:30', 1],
        ['01:30', 1],
        ['02:00', 0],
      ] as const) {
        at(`2026-10-25T${minute}:00Z`);
        await lookAgain();
        expect(await store.clear(id, 1), minute).to.have.length(count);
      }
    });

    it('counts attempts a day over all twenty-five hours', async () => {
      at('2026-10-24T23:10:00Z');
      const { id, contacts } = await campaignOf([{ numbers: ['+442079460001'] }], {
        attemptsADay: 1,
      });
      await end(id, 'busy');
      at('2026-10-25T23:50:00Z');
      await lookAgain();
      expect(await store.clear(id, 1)).to.deep.equal([]);
      const held = await lead(contacts[0] as ContactId);
      expect(held).to.include({ held_by: 'attempts-a-day' });
      expect(held['next_at']).to.deep.equal(new Date('2026-10-26T00:00:00Z'));
      at('2026-10-26T00:00:00Z');
      expect(await store.clear(id, 1)).to.have.length(1);
    });

    it('starts by the schedule at the wall clock’s time', async () => {
      const schedule = { from: '2026-03-29T09:00', until: '2026-10-25T09:00' };
      await makeCampaign(db, {
        lists: [],
        settings: { schedule: { ...schedule, days: [1, 2, 3, 4, 5, 6, 7] } },
      });
      for (const [moment, count] of [
        ['2026-03-29T07:59:59Z', 0],
        ['2026-03-29T08:00:00Z', 1],
        ['2026-10-25T08:59:59Z', 1],
        ['2026-10-25T09:00:00Z', 0],
      ] as const) {
        at(moment);
        expect(await store.running(), moment).to.have.length(count);
      }
    });
  });

  it('asks do-not-call, consent and dead numbers at the moment of dialling', async () => {
    const { id, contacts } = await campaignOf(
      [
        { numbers: ['+442079460001'], consent: 'given' },
        { numbers: ['+442079460002'], consent: 'withdrawn' },
        { numbers: ['+442079460003'] },
        { numbers: ['+442079460004'], consent: 'given' },
        { numbers: ['+442079460005', '+442079460006'], consent: 'given' },
        { numbers: ['+442079460007'], consent: 'given' },
      ],
      { consentNeeded: true },
    );
    const call = newCallId();
    await store.optOut({ ...STRANGER, number: '+442079460001', source: 'key', call });
    await store.optOut({ ...STRANGER, number: '+442079460001', source: 'key', call });
    await store.optOut({
      ...{ ...STRANGER, number: '+442079460004', source: 'agent', call, campaign: id },
    });
    await store.optOut({
      ...{ ...STRANGER, number: '+442079460007', source: 'agent', call },
      campaign: 4_000_000 as CampaignId,
    });
    await db('contact_numbers').where({ number: '+442079460005' }).update({ dead_at: new Date() });
    const got = await store.clear(id, 10);
    expect(got.map(({ number }) => number)).to.have.members(['+442079460006', '+442079460007']);
    const held = await Promise.all(contacts.slice(0, 4).map(lead));
    expect(held.map((row) => [row['state'], row['held_by']])).to.deep.equal([
      ['refused', 'do-not-call'],
      ['refused', 'consent'],
      ['refused', 'consent'],
      ['refused', 'do-not-call'],
    ]);
    expect(await db('attempts').where({ kind: 'refusal' })).to.have.length(4);
  });

  it('takes an opt-out during the call for the next dial', async () => {
    const { id, contacts } = await campaignOf([{ numbers: ['+442079460001'] }]);
    const [cleared] = await store.clear(id, 1);
    if (cleared === undefined) throw new Error('nothing to dial');
    await store.optOut({
      ...{ number: cleared.number, contact: cleared.contact, source: 'key' },
      ...{ call: newCallId(), campaign: id },
    });
    await store.tell(cleared.attempt, { result: 'no-answer', endedAt: now });
    now += 24 * HOUR_MS;
    expect(await store.clear(id, 1)).to.deep.equal([]);
    expect(await lead(contacts[0] as ContactId)).to.deep.include({
      state: 'refused',
      held_by: 'do-not-call',
    });
  });

  it('takes an opt-out for every number of the person, in this campaign alone or in all', async () => {
    const person = { numbers: ['+442079460001', '+442079460002'] };
    const { id, contacts, list } = await campaignOf([person]);
    const other = await makeCampaign(db, { name: 'Other', lists: [list] });
    await fill(other);
    const [contact] = contacts as [ContactId];
    const dialled = async (campaign: CampaignId): Promise<string | undefined> => {
      const [cleared] = await store.clear(campaign, 1);
      if (cleared !== undefined)
        await store.tell(cleared.attempt, { result: 'no-answer', endedAt: now });
      now += 24 * HOUR_MS;
      return cleared?.number;
    };
    expect(await dialled(id)).to.equal('+442079460001');
    const wish = { number: '+442079460001', contact, source: 'key' } as const;
    await store.optOut({ ...wish, call: newCallId(), campaign: id });
    expect(await dialled(id), 'the other number of the person').to.equal(undefined);
    expect(await dialled(other)).to.be.a('string');
    await store.optOut(wish);
    expect(await dialled(other)).to.equal(undefined);
    expect(await db('leads').where({ held_by: 'do-not-call' })).to.have.length(2);
  });

  it('recycles by result: delay, next number, and enough is enough', async () => {
    const { id, contacts } = await campaignOf([{ numbers: ['+442079460001', '+442079460002'] }]);
    const contact = contacts[0] as ContactId;
    await end(id, 'busy');
    expect(await lead(contact)).to.deep.include({
      state: 'open',
      held_by: 'retry',
      next_at: new Date(TEN + 600_000),
      last_result: 'busy',
      attempts: 1,
    });
    expect(await store.clear(id, 1)).to.deep.equal([]);
    now += 600_000;
    await end(id, 'no-answer');
    expect(await lead(contact)).to.deep.include({ next_position: 2 });
    now += 3 * HOUR_MS;
    const [second] = await store.clear(id, 1);
    expect(second?.number).to.equal('+442079460002');
    await store.tell(second?.attempt as never, { result: 'human', endedAt: now });
    expect(await lead(contact)).to.deep.include({ state: 'done', held_by: 'human', attempts: 3 });
  });

  it('marks a number dead that nobody has, and goes to the next one', async () => {
    const { id, contacts } = await campaignOf([
      { numbers: ['+442079460001', '+442079460002'] },
      { numbers: ['+442079460001'] },
    ]);
    const [first] = await store.clear(id, 1);
    await store.tell(first?.attempt as never, { result: 'invalid', cause: 1, endedAt: now });
    const dead = await db('contact_numbers').whereNotNull('dead_at').pluck('contact_id');
    expect(dead).to.have.members([...contacts]);
    const got = await store.clear(id, 5);
    expect(got.map(({ number }) => number)).to.deep.equal(['+442079460002']);
    expect(await lead(contacts[1] as ContactId)).to.deep.include({
      state: 'refused',
      held_by: 'dead-number',
    });
  });

  it('lets nobody pay for our own fault or for a network without a way', async () => {
    const { id, contacts } = await campaignOf([{ numbers: ['+442079460001'] }], {
      attemptsInAll: 1,
    });
    await end(id, 'failed');
    expect(await lead(contacts[0] as ContactId)).to.deep.include({ attempts: 0, state: 'open' });
    now += 60_000;
    await end(id, 'congestion');
    now += HOUR_MS;
    await end(id, 'no-answer');
    now += 24 * HOUR_MS;
    expect(await store.clear(id, 1)).to.deep.equal([]);
    expect(await lead(contacts[0] as ContactId)).to.deep.include({
      state: 'done',
      held_by: 'attempts-in-all',
    });
  });

  it('keeps the first result and adds what comes later', async () => {
    const { id } = await campaignOf([{ numbers: ['+442079460001'] }]);
    const [cleared] = await store.clear(id, 1);
    if (cleared === undefined) throw new Error('nothing to dial');
    const callId = newId() as CallId;
    await store.tell(cleared.attempt, { callId });
    expect(await store.unfinished()).to.deep.equal([
      { lead: cleared, mode: 'progressive', callId },
    ]);
    await store.tell(cleared.attempt, {
      ...{ answeredAt: now + 5_000, result: 'human', outcome: 'confirmed' },
    });
    await store.tell(cleared.attempt, { result: 'busy', cause: 17, endedAt: now + 9_000 });
    const row = await db('attempts')
      .where({ id: cleared.attempt })
      .first<Record<string, unknown>>('*');
    expect(row).to.deep.include({
      ...{ result: 'human', outcome: 'confirmed', cause: 17, call_id: callId },
    });
    expect(await store.unfinished()).to.deep.equal([]);
    await store.tell(newId() as typeof cleared.attempt, { result: 'busy' });
  });

  describe('a promised call', () => {
    const promise = async (id: CampaignId, contact: ContactId, number = '+442079460001') => {
      const [agent] = await db('agents').insert({ name: 'Theo', number: String(++seats) });
      return store.clearPromised({ campaign: id, contact, number, agent: agent as AgentId });
    };
    let seats = 8_800;
    afterEach(async () => {
      await clearOutbound(db);
      await db('agents').where('number', 'like', '88%').del();
    });

    it('is made whatever was dialled before, and keeps everybody else away meanwhile', async () => {
      const { id, contacts } = await campaignOf([{ numbers: ['+442079460001'] }], {
        attemptsInAll: 1,
        daysBetween: 5,
      });
      await end(id, 'no-answer');
      const { lead: cleared } = await promise(id, contacts[0] as ContactId);
      expect(cleared?.number).to.equal('+442079460001');
      await db('leads').update({ next_at: new Date(now) });
      expect(await store.clear(id, 1)).to.deep.equal([]);
      expect(await promise(id, contacts[0] as ContactId)).to.deep.equal({ retryAt: now + 60_000 });
      await store.tell(cleared?.attempt as never, { result: 'human', endedAt: now });
      expect(await lead(contacts[0] as ContactId)).to.deep.include({ last_result: 'human' });
      expect(await db('dial_guards')).to.deep.equal([]);
    });

    it('reaches people of no list, at a number of their own choice, and nobody else dials them', async () => {
      const id = await makeCampaign(db, { lists: [], mode: 'appointment' });
      const [contact] = await makeContacts(db, [{ numbers: ['+442079460001'] }]);
      const { lead: cleared } = await promise(id, contact as ContactId, '+442079460777');
      expect(cleared?.number).to.equal('+442079460777');
      await store.tell(cleared?.attempt as never, { result: 'busy', endedAt: now });
      expect(await lead(contact as ContactId)).to.deep.include({ state: 'removed' });
      expect(await store.clear(id, 5)).to.deep.equal([]);
    });

    it('keeps to the do-not-call list and to the hours', async () => {
      const { id, contacts } = await campaignOf([{ numbers: ['+442079460001'] }], {
        weekly: [{ days: [4], fromMinute: 660, toMinute: 720 }],
      });
      const contact = contacts[0] as ContactId;
      expect(await promise(id, contact)).to.deep.equal({ retryAt: TEN + HOUR_MS });
      await store.optOut({ ...STRANGER, number: '+442079460001', source: 'agent' });
      expect(await promise(id, contact)).to.deep.equal({});
      const rows = await db('attempts')
        .where({ kind: 'refusal' })
        .orderBy('id')
        .pluck('refused_by');
      expect(rows).to.deep.equal(['calling-window', 'do-not-call']);
      await db('campaigns').update({ state: 'paused' });
      expect(await promise(id, contact)).to.deep.equal({ retryAt: now + 60_000 });
    });
  });

  it('counts abandonment from rows, oldest first', async () => {
    const { id } = await campaignOf(numbers(0, 4));
    for (const result of ['human', 'abandoned', 'busy', 'human'] as const) {
      now += 1_000;
      await end(id, result);
    }
    const counted = await store.abandonment(id, TEN + 1_500);
    expect(counted.map(({ abandoned }) => abandoned)).to.deep.equal([true, false]);
    expect(await store.abandonment(id, 0)).to.have.length(3);
  });

  it('is done when it has what it wanted, and never has more', async () => {
    const { id } = await campaignOf(numbers(0, 10), { quota: { human: 3, machine: 0 } });
    const first = await store.clear(id, 10);
    expect(first).to.have.length(3);
    await store.tell(first[0]?.attempt as never, { result: 'human' });
    await store.tell(first[1]?.attempt as never, { result: 'busy' });
    const second = await store.clear(id, 10);
    expect(second).to.have.length(1);
    for (const { attempt } of [...first.slice(2), ...second])
      await store.tell(attempt, { result: 'human' });
    expect(await store.clear(id, 10)).to.deep.equal([]);
    const row = await db('campaigns')
      .where({ id })
      .first<{ state: string; state_reason: string }>();
    expect(row).to.deep.include({ state: 'done', state_reason: 'quota' });
    expect(await store.running()).to.deep.equal([]);
  });

  it('tells the dialler the stricter of two limits', async () => {
    const id = await makeCampaign(db, {
      lists: [],
      settings: {
        ruleSet: 'uk',
        abandonLimit: 0.5,
        abandonWindowMs: 30 * 24 * HOUR_MS,
        ringMs: 5_000,
      },
    });
    const [campaign] = await store.running();
    expect(campaign).to.deep.include({
      id,
      abandonLimit: 0.03,
      abandonWindowMs: 24 * HOUR_MS,
      ringMs: 15_000,
    });
  });

  it('tells the dialler how promised calls are made, as the form says or as usual', async () => {
    await makeCampaign(db, { lists: [], settings: {} });
    await makeCampaign(db, {
      name: 'Patient',
      lists: [],
      settings: { promiseAttempts: 5, promiseRetryMs: 2 * HOUR_MS, promiseGraceMs: 0 },
    });
    expect((await store.running()).map(({ followUps }) => followUps)).to.deep.equal([
      FOLLOW_UP_RULE,
      { attempts: 5, retryMs: 2 * HOUR_MS, graceMs: 0 },
    ]);
  });

  describe('a list that changes while it is dialled', () => {
    it('brings new people in, takes gone ones out, and lets them come back', async () => {
      const { id, contacts, list } = await campaignOf(numbers(0, 3));
      const [added] = await makeContacts(db, [{ numbers: ['+442079461111'] }]);
      await db('contact_list_members').insert({ list_id: list, contact_id: added });
      await db('contact_list_members').where({ contact_id: contacts[0] }).del();
      // Not called even before the leads follow.
      expect((await store.clear(id, 1)).map(({ contact }) => contact)).to.deep.equal([contacts[1]]);
      expect(await lead(contacts[0] as ContactId)).to.deep.include({ state: 'removed' });
      await fill(id);
      const states = async () =>
        (await db('leads').orderBy('contact_id').pluck('state')) as string[];
      expect(await states()).to.deep.equal(['removed', 'calling', 'open', 'open']);
      await db('contact_list_members').insert({ list_id: list, contact_id: contacts[0] });
      await fill(id);
      expect(await states()).to.deep.equal(['open', 'calling', 'open', 'open']);
    });

    it('follows a segment as it follows a list', async () => {
      const contacts = await makeContacts(db, numbers(0, 3));
      const company = (at: number, name: string) =>
        db('contacts').where({ id: contacts[at] }).update({ company: name });
      await company(0, 'Acme');
      await company(1, 'Acme');
      const conditions = [{ field: 'company', operator: 'is', values: ['Acme'] }];
      const [segment] = await db('segments').insert({
        name: 'Acme',
        filter: JSON.stringify({ match: 'all', conditions }),
      });
      const id = await makeCampaign(db, { lists: [] });
      await db('campaign_sources').insert({ campaign_id: id, segment_id: segment, position: 1 });
      const segments = segmentMembers('Europe/London');
      const withSegments = new KnexCampaignStore({
        ...{ database: db, auditLog: knexAuditLog, now: () => now, segments, country: 'GB' },
      });
      await fillLeads(db, segments, { id, ownersOnly: false }, now);
      await company(0, 'Other');
      await company(2, 'Acme');
      expect((await withSegments.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([
        contacts[1],
      ]);
      await fillLeads(db, segments, { id, ownersOnly: false }, now);
      expect((await withSegments.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([
        contacts[2],
      ]);
    });

    it('lets the call go on of whoever leaves it meanwhile, and calls no more unless the person comes back', async () => {
      const { id, contacts, list } = await campaignOf(numbers(0, 2));
      const lists = openContactLists(db);
      const [leaves, returns] = contacts as [ContactId, ContactId];
      const cleared = await store.clear(id, 2);
      for (const contact of contacts)
        await lists.remove(SYSTEM_ACTOR, list as ContactListId, contact);
      await lists.add(SYSTEM_ACTOR, list as ContactListId, returns);
      await fill(id);
      for (const contact of contacts)
        expect(await lead(contact)).to.include({ state: 'calling', attempts: 1 });
      for (const { attempt } of cleared)
        await store.tell(attempt, { result: 'busy', endedAt: now });
      expect(await lead(leaves)).to.include({ state: 'removed', last_result: 'busy' });
      expect(await lead(returns)).to.include({ state: 'open', held_by: 'retry' });
      now += 24 * HOUR_MS;
      expect((await store.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([returns]);
      await lists.add(SYSTEM_ACTOR, list as ContactListId, leaves);
      expect((await store.clear(id, 5)).map(({ contact }) => contact)).to.deep.equal([leaves]);
    });

    it('is not archived while a campaign calls it, and people who were spoken with stay so', async () => {
      const { id, contacts, list } = await campaignOf(numbers(0, 2));
      const lists = openContactLists(db);
      const [cleared] = await store.clear(id, 1);
      expect(await lists.archive(SYSTEM_ACTOR, list as ContactListId)).to.deep.equal([
        { kind: 'campaign', id, name: 'Spring offer' },
      ]);
      expect(await store.clear(id, 1)).to.have.length(1);
      await db('contact_lists').where({ id: list }).update({ archived_at: new Date() });
      if (cleared !== undefined)
        await store.tell(cleared.attempt, { result: 'human', endedAt: now });
      await fill(id);
      expect(await lead(contacts[0] as ContactId)).to.include({ state: 'done' });
    });

    it('calls nobody any more when the list is deleted or the contact is archived', async () => {
      const { id, contacts, list } = await campaignOf(numbers(0, 3));
      await db('contacts').where({ id: contacts[0] }).update({ archived_at: new Date() });
      expect(await store.clear(id, 1)).to.have.length(1);
      await db('contact_lists').where({ id: list }).update({ archived_at: new Date() });
      expect(await store.clear(id, 5)).to.deep.equal([]);
      expect(await db('leads').where({ state: 'removed' })).to.have.length(2);
    });
  });

  it('costs little while thousands of people are outside their hours', async () => {
    const list = await makeList(db, []);
    await db.raw(
      `INSERT INTO contacts (name, time_zone, country) SELECT CONCAT('P', seq), 'Asia/Tokyo', 'JP' FROM seq_1_to_4000`,
    );
    await db.raw(
      `INSERT INTO contact_numbers (contact_id, position, number) SELECT id, 1, CONCAT('+8190', 10000000 + id) FROM contacts`,
    );
    await db.raw(`INSERT INTO contact_list_members SELECT ?, id FROM contacts`, [list]);
    const id = await makeCampaign(db, {
      lists: [list],
      settings: { weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60 }] },
    });
    await fill(id);
    expect(await db('leads').count({ n: '*' }).first()).to.deep.equal({ n: 4_000 });
    for (;;) {
      const before = await db('leads').where({ held_by: '' }).count<{ n: number }[]>({ n: '*' });
      if ((before[0]?.n ?? 0) === 0) break;
      expect(await store.clear(id, 100)).to.deep.equal([]);
    }
    const started = process.hrtime.bigint();
    expect(await store.clear(id, 100)).to.deep.equal([]);
    expect(Number(process.hrtime.bigint() - started) / 1e6).to.be.below(100);
    expect(await db('attempts').count({ n: '*' }).first()).to.deep.equal({ n: 4_000 });
  });
});
