import { expect } from 'chai';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { fillLeads, KnexCampaignStore } from '../../../src/features/campaigns/index.js';
import { KnexFollowUpCalls, KnexPreviewRecords } from '../../../src/features/previews/index.js';
import type {
  AgentId,
  AttemptId,
  CampaignId,
  ContactId,
  FollowUpId,
} from '../../../src/kernel/ids.js';
import { NO_SEGMENTS } from '../../support/no-segments.js';
import { clearOutbound, makeCampaign, makeContacts, makeList } from '../../support/outbound.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Thursday, ten in the morning in London. */
const TEN = Date.parse('2026-11-26T10:00:00Z');
const GRACE = '+442079460701';

describe('promised calls in the database', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let db: Database;
  let now = TEN;
  let store: KnexCampaignStore;
  let calls: KnexFollowUpCalls;
  let ann: AgentId;

  before(async () => {
    mariadb = await PrivateMariadb.start();
    db = mariadb.open();
    store = new KnexCampaignStore({
      ...{ database: db, auditLog: knexAuditLog, now: () => now },
      ...{ segments: NO_SEGMENTS, country: 'GB' },
    });
    calls = new KnexFollowUpCalls(db, store, () => now);
    const [id] = await db('agents').insert({ name: 'Ann', number: '601' });
    ann = id as AgentId;
  });
  after(async () => {
    await db.destroy();
    await mariadb.remove();
  });
  beforeEach(async () => {
    now = TEN;
    await clearOutbound(db);
  });

  interface Made {
    readonly campaign: CampaignId;
    readonly contact: ContactId;
    readonly id: FollowUpId;
  }
  /** Grace, in a list of the campaign or not, to be called at ten. */
  async function promised(
    settings: Parameters<typeof makeCampaign>[1]['settings'] = {},
    { isListed = true, number = GRACE, inMs = 0 } = {},
  ): Promise<Made> {
    const contacts = await makeContacts(db, [{ name: 'Grace Hall', numbers: [GRACE] }]);
    const list = await makeList(db, isListed ? contacts : []);
    const campaign = await makeCampaign(db, { mode: 'preview', lists: [list], settings });
    await fillLeads(db, NO_SEGMENTS, { id: campaign, ownersOnly: false }, now);
    const [contact] = contacts as [ContactId];
    const [id] = await db('follow_ups').insert({
      ...{ kind: 'callback', contact_id: contact, campaign_id: campaign, agent_id: ann, number },
      ...{ due_at: new Date(TEN + inMs), note: 'the price of five', source: 'agent' },
    });
    return { campaign, contact, id: id as FollowUpId };
  }
  const row = (id: FollowUpId) =>
    db('follow_ups').where({ id }).first() as Promise<Record<string, unknown>>;
  const lead = (contact: ContactId) =>
    db('leads').where({ contact_id: contact }).first() as Promise<Record<string, unknown>>;

  it('are due from their time on, while their campaign runs; those of no campaign are told, too', async () => {
    const { id, campaign, contact } = await promised({}, { inMs: HOUR_MS });
    expect(await calls.due(TEN)).to.deep.equal([]);
    const [one] = await calls.due(TEN + HOUR_MS);
    expect(one).to.deep.equal({
      ...{ id, kind: 'callback', campaign, contact, name: 'Grace Hall', number: GRACE },
      ...{ agent: ann, dueAt: TEN + HOUR_MS, notBefore: TEN + HOUR_MS },
      ...{ attempts: 0, note: 'the price of five' },
    });
    await db('campaigns').where({ id: campaign }).update({ state: 'paused' });
    expect(await calls.due(TEN + HOUR_MS)).to.deep.equal([]);
    await db('follow_ups').where({ id }).update({ campaign_id: null });
    expect((await calls.due(TEN + HOUR_MS)).map((call) => call.campaign)).to.deep.equal([
      undefined,
    ]);
    expect(await calls.clear(id, ann), 'nobody calls it for a campaign').to.equal(undefined);
    await db('follow_ups').where({ id }).update({ kind: 'task' });
    expect(await calls.due(TEN + HOUR_MS)).to.deep.equal([]);
  });

  it('are taken up once, with a row that says why they may be called, whether or not in a list', async () => {
    const { id, contact, campaign } = await promised({}, { isListed: false });
    const [first, second] = await Promise.all([calls.clear(id, ann), calls.clear(id, ann)]);
    const cleared = first ?? second;
    expect([first, second].filter((one) => one === undefined)).to.have.length(1);
    expect(cleared).to.deep.include({ campaign, contact, number: GRACE, agent: ann });
    const attempt = (await db('attempts').where({ id: cleared?.attempt }).first()) as object;
    expect(attempt).to.include({ kind: 'dial', mode: 'appointment', agent_id: ann });
    expect(await row(id)).to.include({ state: 'calling', attempt_id: cleared?.attempt });
    expect(await lead(contact), 'not called by itself').to.include({ state: 'removed' });
    expect(await store.unfinished()).to.have.length(1);
    expect((await calls.takenUp()).map(({ attempt: of }) => of)).to.deep.equal([cleared?.attempt]);
  });

  it('are refused for good where the person refused, and later where the hours say so', async () => {
    const refused = await promised();
    await db('do_not_call').insert({ number: GRACE, campaign_id: 0, source: 'page' });
    expect(await calls.clear(refused.id, ann)).to.equal(undefined);
    expect(await row(refused.id)).to.include({ state: 'failed', last_result: 'refused' });
    const why = (await db('attempts').where({ kind: 'refusal' }).first()) as object;
    expect(why).to.include({ refused_by: 'do-not-call', contact_id: refused.contact });
    await clearOutbound(db);

    const early = await promised({
      weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 14 * 60, toMinute: 20 * 60 }],
    });
    expect(await calls.clear(early.id, ann)).to.equal(undefined);
    const later = await row(early.id);
    expect(later).to.include({ state: 'open' });
    expect((later['not_before'] as Date).toISOString()).to.equal('2026-11-26T14:00:00.000Z');
    expect(await lead(early.contact), 'the lead is as it was').to.include({
      state: 'open',
      held_by: '',
    });
    now = TEN + 4 * HOUR_MS;
    expect(await calls.clear(early.id, ann)).to.include({ number: GRACE });
  });

  it('go to the number that was promised, also one that the person has not', async () => {
    const { id } = await promised({}, { number: '+442079460799' });
    expect(await calls.clear(id, ann)).to.include({ number: '+442079460799' });
  });

  it('keep their person from being called by the campaign besides', async () => {
    const { id, campaign, contact } = await promised({}, { inMs: HOUR_MS });
    expect(await store.clear(campaign, 1)).to.deep.equal([]);
    now = TEN + HOUR_MS;
    const cleared = await calls.clear(id, ann);
    if (cleared === undefined) throw new Error('not cleared');
    await store.tell(cleared.attempt, { result: 'human', endedAt: now });
    await calls.settle(id, { state: 'done', attempts: 1, result: 'human' });
    expect(await row(id)).to.include({ state: 'done', attempts: 1, last_result: 'human' });
    expect(await lead(contact)).to.include({ state: 'done', last_result: 'human' });
  });

  it('come again where nobody was reached, and count what came of them', async () => {
    const { id } = await promised({}, { isListed: false });
    const cleared = await calls.clear(id, ann);
    if (cleared === undefined) throw new Error('not cleared');
    await store.tell(cleared.attempt, { result: 'busy', cause: 17, endedAt: now });
    expect((await calls.takenUp())[0]).to.include({ result: 'busy' });
    const notBefore = now + 30 * MINUTE_MS;
    await calls.settle(id, { state: 'open', attempts: 1, notBefore, result: 'busy' });
    expect(await calls.takenUp()).to.deep.equal([]);
    expect(await calls.due(now)).to.deep.equal([]);
    expect((await calls.due(notBefore))[0]).to.include({ notBefore, attempts: 1 });
  });

  it('are made of a record that is read, and a skip is no attempt', async () => {
    const contacts = await makeContacts(db, [{ name: 'Grace Hall', numbers: [GRACE] }]);
    const list = await makeList(db, contacts);
    const campaign = await makeCampaign(db, { mode: 'preview', lists: [list] });
    await fillLeads(db, NO_SEGMENTS, { id: campaign, ownersOnly: false }, now);
    const [cleared] = await store.clear(campaign, 1, { agent: ann });
    if (cleared === undefined) throw new Error('not cleared');
    const records = new KnexPreviewRecords(db);
    const at = new Date(TEN + HOUR_MS);
    const promise = { agent: ann, user: undefined, at, note: 'later' };
    expect(await records.promise({ ...promise, attempt: 'none' as AttemptId })).to.equal(false);
    expect(await records.promise({ ...promise, attempt: cleared.attempt })).to.equal(true);
    await store.tell(cleared.attempt, { result: 'skipped', note: 'scheduled', endedAt: now });
    expect(await lead(contacts[0] as ContactId)).to.include({ state: 'open', attempts: 0 });
    expect(await db('attempts').where({ id: cleared.attempt }).first()).to.include({
      ...{ result: 'skipped', note: 'scheduled' },
    });
    now = TEN + 5 * HOUR_MS;
    expect(await store.clear(campaign, 1, { agent: ann }), 'the promise goes first').to.deep.equal(
      [],
    );
    expect(await calls.due(now)).to.have.length(1);
  });
});
