import { expect } from 'chai';
import { lookAtDue } from '../../../src/features/follow-ups/escalation.js';
import { KnexAppointments } from '../../../src/features/follow-ups/knex-appointments.js';
import { KnexDueStore } from '../../../src/features/follow-ups/knex-due-store.js';
import { newCallId, type CampaignId } from '../../../src/kernel/ids.js';
import { wallText } from '../../../src/engines/routing/wall-clock.js';
import { ADAS_MOBILE, addOutbound, maraTalks, OUTBOUND } from '../../support/campaign-company.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NEW_YORK = 'America/New_York';

describe('follow-ups', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let theo: TestClient;

  before(async () => {
    at = await CallsSite.start();
    await addOutbound(at);
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
    theo = await at.site.client('theo');
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });
  beforeEach(() => at.site.parts.database('follow_ups').del());

  const rows = async (): Promise<readonly Record<string, unknown>[]> =>
    at.site.parts.database('follow_ups').orderBy('id').select<Record<string, unknown>[]>('*');
  const add = async (changes: Readonly<Record<string, unknown>> = {}): Promise<number> => {
    const [id] = await at.site.parts.database('follow_ups').insert({
      ...{ kind: 'task', contact_id: OUTBOUND.ada, number: ADAS_MOBILE, source: 'page' },
      due_at: new Date(Date.now() - HOUR_MS),
      ...changes,
    });
    return id ?? 0;
  };
  const ids = async (client: TestClient, query = ''): Promise<number[]> => {
    const answer = await client.get(`/appointments${query}`);
    expect(answer.status).to.equal(200);
    return [...answer.text.matchAll(/class="id num nowrap" href="\/appointments\/(\d+)"/g)].map(
      ([, id]) => Number(id),
    );
  };
  /** A working day to come, on the customer's clock. */
  const workingDay = (zone: string): string => {
    for (let day = 2; ; day += 1) {
      const date = wallText(Date.now() + day * DAY_MS, zone).slice(0, 10);
      if (![0, 6].includes(new Date(`${date}T12:00Z`).getUTCDay())) return date;
    }
  };
  const booking = (changes: Readonly<Record<string, string>> = {}) => ({
    ...{ contact: String(OUTBOUND.ben), number: '0', kind: 'appointment', whom: 'me' },
    ...{ campaign: String(OUTBOUND.campaign), note: 'About the plan' },
    ...{ day: workingDay(NEW_YORK), time: '10:00' },
    ...changes,
  });

  it('are booked on the customer’s clock', async () => {
    const form = (await mara.get(`/appointments/new?contact=${String(OUTBOUND.ben)}`)).text;
    expect(form).to.include('America/New_York');
    const made = await mara.post('/appointments/new', booking());
    expect(made.status, made.text.slice(0, 200)).to.equal(303);
    const [row] = await rows();
    expect(row).to.deep.include({
      ...{ kind: 'appointment', state: 'open', source: 'page', number: '+12125550123' },
      ...{ agent_id: COMPANY.mara, campaign_id: OUTBOUND.campaign, note: 'About the plan' },
    });
    const due = row?.['due_at'] as Date;
    expect(wallText(due.getTime(), NEW_YORK)).to.equal(`${workingDay(NEW_YORK)}T10:00`);
    const page = (await mara.get(made.location ?? '')).text;
    expect(page).to.include('there (America/New_York)');
    expect(page).to.include('Winter check');
  });

  it('are refused outside the hours in which the person may be called, unless that is meant', async () => {
    const night = await mara.post('/appointments/new', booking({ time: '03:00' }));
    expect(night.status).to.equal(422);
    expect(night.text).to.include(`The first time from then on is ${workingDay(NEW_YORK)} 09:00`);
    expect(night.text).to.include('About the plan');
    expect(await rows()).to.deep.equal([]);
    const meant = await mara.post('/appointments/new', booking({ time: '03:00', anyway: 'on' }));
    expect(meant.status).to.equal(303);
  });

  it('say what is wrong with what was typed', async () => {
    for (const [changes, text] of [
      [{ day: '2020-01-01' }, 'That has passed'],
      [{ day: '2200-01-01' }, 'Check the year.'],
      [{ day: '2026-02-30' }, 'A day such as'],
      [{ time: 'noon' }, 'A time such as'],
      [{ number: '7' }, 'Choose one of the contact’s numbers.'],
      [{ whom: '99' }, 'Choose one'],
      [{ contact: '99' }, 'This contact is not there any more.'],
    ] as const) {
      const answer = await mara.post('/appointments/new', booking(changes));
      expect(answer.status, text).to.equal(422);
      expect(answer.text.replaceAll('&#x27;', '’')).to.include(text);
    }
    expect(await rows()).to.deep.equal([]);
  });

  it('find the contact by the beginning of a name and by a part of a number', async () => {
    expect((await mara.get('/appointments/new?q=ben')).text).to.include('Ben Marlow');
    expect((await mara.get('/appointments/new?q=7700900123')).text).to.include('Ada Finch');
    expect((await mara.get('/appointments/new?q=nobody')).text).to.include('No contact fits.');
  });

  it('are seen by whom they belong to, by their team, and whole by supervisors', async () => {
    const own = await add({ agent_id: COMPANY.mara });
    const foreign = await add({ agent_id: COMPANY.theo });
    const team = await add({ campaign_id: OUTBOUND.campaign });
    const other = await add({ queue_id: COMPANY.billing });
    const anybody = await add();
    expect(await ids(mara)).to.have.members([own, team, anybody]);
    expect(await ids(mara, '?whose=mine')).to.deep.equal([own]);
    expect(await ids(mara, '?whose=team')).to.have.members([team, anybody]);
    expect(await ids(theo)).to.have.members([foreign, other, anybody]);
    expect(await ids(supervisor)).to.have.length(5);
    expect(await ids(supervisor, `?agent=${String(COMPANY.theo)}`)).to.deep.equal([foreign]);
    expect((await mara.get(`/appointments/${String(foreign)}`)).status).to.equal(404);
    expect((await mara.post(`/appointments/${String(foreign)}/done`, {})).status).to.equal(404);
    const menu = (await mara.get('/appointments')).text;
    expect(menu).to.match(/class="cb-nav[^"]*" href="\/appointments"[^]{0,400}?>3</);
  });

  it('are sorted into overdue, today, later and done', async () => {
    const late = await add();
    const later = await add({ due_at: new Date(Date.now() + 3 * DAY_MS) });
    const done = await add({ state: 'done', closed_at: new Date() });
    expect(await ids(supervisor, '?when=overdue')).to.deep.equal([late]);
    expect(await ids(supervisor, '?when=later')).to.deep.equal([later]);
    expect(await ids(supervisor, '?when=done')).to.deep.equal([done]);
    expect(await ids(supervisor)).to.deep.equal([late, later]);
    expect(await ids(supervisor, '?when=all&q=Finch')).to.have.length(3);
    expect(await ids(supervisor, '?q=7700900123')).to.have.length(2);
  });

  it('are moved, handed over, done and cancelled, once, with a line in the audit log', async () => {
    const id = await add({ agent_id: COMPANY.mara, queue_id: COMPANY.repairs });
    const path = `/appointments/${String(id)}`;
    const day = workingDay('Europe/London');
    expect((await mara.get(path)).status).to.equal(200);
    expect((await mara.post(`${path}/move`, { day, time: '11:30' })).status).to.equal(303);
    expect(wallText(((await rows())[0]?.['due_at'] as Date).getTime(), 'Europe/London')).to.equal(
      `${day}T11:30`,
    );
    expect((await mara.post(`${path}/move`, { day, time: '' })).status).to.equal(422);
    expect((await mara.post(`${path}/assign`, { whom: 'team', queue: '' })).status).to.equal(303);
    expect((await rows())[0]).to.deep.include({ agent_id: null, queue_id: COMPANY.repairs });
    expect((await mara.post(`${path}/cancel`, { reason: 'moved away' })).status).to.equal(303);
    expect((await rows())[0]).to.deep.include({ state: 'cancelled', outcome: 'moved away' });
    const late = await mara.post(`${path}/done`, { outcome: 'x' });
    expect(late.status).to.equal(409);
    expect(late.text).to.include('Somebody was quicker');
    expect((await mara.post(`${path}/reopen`, {})).status).to.equal(303);
    expect((await mara.post(`${path}/done`, { outcome: 'sold' })).status).to.equal(303);
    expect((await rows())[0]).to.deep.include({ state: 'done', outcome: 'sold' });
    const actions = await at.site.parts.database('audit_entries').orderBy('id').pluck('action');
    expect(actions.slice(-5)).to.deep.equal([
      ...['follow-up.move', 'follow-up.assign', 'follow-up.cancel', 'follow-up.reopen'],
      'follow-up.done',
    ]);
  });

  it('that the dialler has taken up are left alone', async () => {
    const id = await add({ state: 'calling', agent_id: COMPANY.mara });
    expect((await mara.post(`/appointments/${String(id)}/cancel`, {})).status).to.equal(409);
    expect((await rows())[0]).to.deep.include({ state: 'calling' });
  });

  it('escalate when nobody does them, and go to the team when their agent is away', async () => {
    const { database, clock } = at.site.parts;
    const away = await add({ agent_id: COMPANY.theo, queue_id: COMPANY.billing });
    const there = await add({ agent_id: COMPANY.mara, queue_id: COMPANY.repairs });
    const alone = await add({ agent_id: COMPANY.theo });
    const soon = await add({ agent_id: COMPANY.theo, queue_id: 1, due_at: new Date() });
    const parts = {
      ...{ store: new KnexDueStore(database), clock, log: at.site.parts.log },
      times: () => Promise.resolve({ escalateMs: 30 * 60_000, handOnMs: 15 * 60_000 }),
    };
    expect(await lookAtDue({ ...parts, snapshot: () => undefined })).to.deep.equal({
      escalated: 3,
      handedOn: 0,
    });
    const snapshot = () => maraTalks(undefined);
    expect(await lookAtDue({ ...parts, snapshot })).to.deep.equal({ escalated: 0, handedOn: 1 });
    const found = new Map((await rows()).map((row) => [row['id'], row]));
    expect(found.get(away)).to.deep.include({ agent_id: null, handed_from_id: COMPANY.theo });
    for (const [id, agent_id] of [
      [there, COMPANY.mara],
      [alone, COMPANY.theo],
      [soon, COMPANY.theo],
    ])
      expect(found.get(id)).to.deep.include({ agent_id, handed_from_id: null });
    expect(await ids(supervisor, '?when=escalated')).to.have.members([away, there, alone]);
    expect((await theo.get('/appointments')).text).to.include('was Theo Lark');
  });

  it('are booked by callers, for who is known and who is not, and not for a campaign that is gone', async () => {
    const { database, log } = at.site.parts;
    const desk = new KnexAppointments(database, 'GB', log);
    const wish = {
      ...{ campaign: OUTBOUND.campaign as CampaignId, callId: newCallId(), name: 'Cy Dale' },
      ...({ language: 'en', at: Date.now() + DAY_MS } as const),
    };
    expect(await desk.book({ ...wish, number: ADAS_MOBILE })).to.equal(true);
    expect(await desk.book({ ...wish, number: '020 7946 0999' })).to.equal(true);
    expect(await desk.book({ ...wish, number: '12' })).to.equal(false);
    expect(await desk.book({ ...wish, number: ADAS_MOBILE, campaign: 99 as CampaignId })).to.equal(
      false,
    );
    const [known, unknown] = await rows();
    expect(known).to.deep.include({ contact_id: OUTBOUND.ada, source: 'ivr', kind: 'appointment' });
    expect(unknown).to.deep.include({ number: '+442079460999' });
    const [contact] = await database('contacts')
      .where({ id: Number(unknown?.['contact_id']) })
      .select<Record<string, unknown>[]>('*');
    expect(contact).to.deep.include({ name: 'Cy Dale', language: 'en' });
  });

  it('have times that administrators set', async () => {
    const admin = await at.site.client('admin');
    const form = { escalateS: '30:00', handOnS: '300', version: '1' };
    expect((await admin.get('/setup/follow-ups')).status).to.equal(200);
    expect((await admin.post('/setup/follow-ups', form)).status).to.equal(303);
    const wrong = await admin.post('/setup/follow-ups', { ...form, version: '2', handOnS: '5' });
    expect(wrong.status).to.equal(422);
    expect((await supervisor.get('/setup/follow-ups')).status).to.equal(403);
  });
});
