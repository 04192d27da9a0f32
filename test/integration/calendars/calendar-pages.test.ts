import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { readDirectory } from '../../../src/features/directory/knex-directory.js';
import type { CalendarId, QueueId } from '../../../src/kernel/ids.js';
import { liveQueue } from '../../support/live-line.js';
import { snapshotOf } from '../../support/live-moments.js';
import { officeHours } from '../../support/calendars.js';
import { smallFlow, useFlowSite, type FlowSite } from '../../support/flow-site.js';
import { ADMIN, did, refusal, SUPERVISOR } from '../../support/setup-drafts.js';

const FORM = {
  name: 'Shop',
  zone: 'Europe/London',
  'week.0.days': ['1', '2', '3', '4', '5'],
  'week.0.from': '09:00',
  'week.0.to': '12:30',
  'week.1.days': ['1', '2', '3', '4', '5'],
  'week.1.from': '13:30',
  'week.1.to': '17:00',
  'exceptions.0.name': 'Christmas Day',
  'exceptions.0.from': '2026-12-25',
  'exceptions.0.yearly': 'on',
  'exceptions.0.hours': '',
} as const;

/** The small flow with opening hours by a calendar in front. */
const askingFlow = (at: FlowSite, calendar: CalendarId): FlowDefinition => {
  const flow = smallFlow(at);
  flow.steps['hours'] = {
    ...{ kind: 'hours', label: 'Opening hours', calendar, periods: [], closedDates: [] },
    ...{ open: 'greeting', closed: 'bye' },
  };
  return { ...flow, start: 'hours' };
};

describe('calendars over HTTP', () => {
  const at = useFlowSite();
  const make = (name: string): Promise<CalendarId> =>
    at.calendars.create(ADMIN, { ...officeHours, name });
  const pathOf = (id: CalendarId): string => `/setup/calendars/${String(id)}`;

  after(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  it('are made with several periods a day and exceptions, and announced', async () => {
    at.announced.length = 0;
    await at.admin.get('/setup/calendars/new');
    const answer = await at.admin.post('/setup/calendars', FORM);
    expect(answer.status).to.equal(303);
    expect(at.announced).to.deep.equal(['calendars']);
    const id = Number(answer.location?.split('/').at(-1)) as CalendarId;
    expect(await at.calendars.get(ADMIN, id)).to.deep.include({
      name: 'Shop',
      zone: 'Europe/London',
      weekly: officeHours.weekly,
      exceptions: [officeHours.exceptions[0]],
    });
    const page = await at.admin.get(pathOf(id));
    expect(page.text).to.include('value="2026-12-25"').and.to.include('Open Mon–Fri 09:00–12:30.');
    expect((await at.admin.get('/setup/calendars')).text).to.include('Christmas Day');
    const snapshot = await readDirectory(at.site.parts.database, at.site.parts.sealer);
    expect(snapshot.calendars.get(id)).to.deep.include({
      name: 'Shop',
      weekly: officeHours.weekly,
    });
  });

  it('come back with everything typed and the problem beside its row', async () => {
    await at.admin.get('/setup/calendars/new');
    const answer = await at.admin.post('/setup/calendars', {
      ...FORM,
      name: 'Wrong',
      'week.1.to': '13:99',
      'exceptions.0.from': '',
      paste: '2026-12-26 Boxing Day\nnothing',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('id="f-week.1.to-problem"');
    expect(answer.text).to.include('id="f-exceptions.0.from-problem"');
    expect(answer.text).to.include('value="13:99"').and.to.include('2026-12-26 Boxing Day');
    expect(answer.text).to.include('Every week, row 2').and.to.include('Line 2 cannot be read');
  });

  it('take pasted holidays, and keep a name for one calendar', async () => {
    const id = await make('Pasted');
    await at.admin.get(pathOf(id));
    const saved = await at.admin.post(pathOf(id), {
      ...{ ...FORM, name: 'Pasted', version: '1' },
      paste: '2027-02-17..2027-02-23 春节',
    });
    expect(saved.status).to.equal(303);
    const { exceptions, version } = await at.calendars.get(ADMIN, id);
    expect(exceptions.map((one) => `${one.from} ${one.to} ${one.name}`)).to.deep.equal([
      '2026-12-25 2026-12-25 Christmas Day',
      '2027-02-17 2027-02-23 春节',
    ]);
    const again = await at.admin.post(pathOf(id), { ...FORM, version: String(version) });
    expect(again.status).to.equal(422);
    expect(again.text).to.include('This is used by another one already');
  });

  it('save only over the version that was shown, and show both field by field', async () => {
    const id = await make('Twice');
    await at.calendars.save(ADMIN, id, 1, { ...officeHours, name: 'Twice', weekly: [] });
    await at.admin.get(pathOf(id));
    const answer = await at.admin.post(pathOf(id), { ...FORM, name: 'Two', version: '1' });
    expect(answer.status).to.equal(409);
    expect(answer.text).to.include('data-use-for="name"');
    expect(answer.text).to.include('Every week, row 1').and.to.include('Exceptions, row 2');
    expect((await at.calendars.get(ADMIN, id)).name).to.equal('Twice');
  });

  it('answer what happens at a moment, and what callers of each DID live through', async () => {
    const id = await make('Asked');
    const flow = await at.flows.create(ADMIN, {
      name: 'Asked reception',
      definition: askingFlow(at, id),
    });
    await at.dids.create(ADMIN, did('+442079460110', { target: { kind: 'flow', id: flow } }));
    const ask = async (when: string): Promise<string> => {
      const { text } = await at.admin.get(`${pathOf(id)}?at=${when}`);
      const card = /id="what-happens">.*?<\/section>/s.exec(text)?.[0] ?? '';
      return card.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    };
    const open = await ask('2026-11-25T10:00');
    expect(open).to.include('Every week: Mon–Fri 09:00–12:30.');
    expect(open).to.include('Until Wed 25 Nov 2026, 12:30.');
    expect(open).to.include('(020) 7946 0110').and.to.include('Asked reception');
    expect(open).to.include(
      'Opening hours: open Greeting Main menu The caller is asked for a key.',
    );
    const holiday = await ask('2026-12-25T10:00');
    expect(holiday).to.include('Christmas Day: closed all day.');
    expect(holiday).to.include('Opens Mon 28 Dec 2026, 09:00.');
    expect(holiday).to.include('Opening hours: closed Goodbye The call ends.');
    expect(await ask('2026-99-99T10:00')).to.include('Choose a date and a time');
    expect(await ask('%27%3Cscript%3E')).to.include('Choose a date and a time');
  });

  it('say of a queue what a supervisor set by hand, as long as that counts', async () => {
    const id = await make('By hand');
    const { database, live } = at.site.parts;
    const overflow = JSON.stringify({ kind: 'hangup' });
    const [queue = 0] = await database('queues').insert({
      ...{ name: 'Steered', overflow, calendar_id: id, clear_at_closing: true },
    });
    const change = {
      ...{ queueId: queue as QueueId, kind: 'opening' as const, isOpen: false },
      ...{ at: 0, by: 'Ines Holm', why: 'Storm', until: Date.parse('2026-11-25T11:00Z') },
    };
    live.publish({
      ...snapshotOf({}, 1),
      queues: [{ ...liveQueue(queue as QueueId, 'Steered'), isOpen: false, changes: [change] }],
    });
    const ask = async (when: string): Promise<string> => {
      const { text } = await at.admin.get(`${pathOf(id)}?at=${when}`);
      return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    };
    const before = await ask('2026-11-25T10:00');
    expect(before).to.include('Closed by hand until 11:00').and.to.include('go there too');
    const after = await ask('2026-11-25T11:00');
    expect(after).to.include('The caller waits in the queue.').and.not.to.include('by hand until');
  });

  it('show a year with every exception, and the years around it', async () => {
    const id = await make('Year');
    const { text } = await at.admin.get(`${pathOf(id)}?year=2027`);
    expect(text).to.include('Year 2027').and.to.include('Closed, exception: Christmas Day');
    expect(text).to.include(`${pathOf(id)}?year&#x3D;2028`);
    expect((await at.admin.get(`${pathOf(id)}?year=99999`)).status).to.equal(200);
  });

  it('are not archived while a published flow asks them, and say which', async () => {
    const id = await make('Used');
    const flow = await at.flows.create(ADMIN, { name: 'Uses it', definition: askingFlow(at, id) });
    await at.admin.get(pathOf(id));
    const refused = await at.admin.post(`${pathOf(id)}/archive`);
    expect(refused.status).to.equal(409);
    expect(refused.text)
      .to.include(`/setup/ivr/${String(flow)}`)
      .and.to.include('Uses it');
    await at.flows.archive(ADMIN, flow);
    expect((await at.admin.post(`${pathOf(id)}/archive`)).status).to.equal(303);
    const snapshot = await readDirectory(at.site.parts.database, at.site.parts.sealer);
    expect(snapshot.calendars.has(id)).to.equal(true);
  });

  it('are chosen in the form of opening hours, and an archived one keeps a flow from being published', async () => {
    const id = await make('Chosen');
    const flow = await at.flows.create(ADMIN, { name: 'Chooses', definition: smallFlow(at) });
    const path = `/setup/ivr/${String(flow)}`;
    await at.admin.get(`${path}/edit`);
    await at.admin.post(`${path}/steps`, { version: '2', kind: 'hours', step: '', exit: 'next' });
    const { version } = await at.flows.get(ADMIN, flow);
    const saved = await at.admin.post(`${path}/steps/hours`, {
      ...{ version: String(version), label: 'Opening hours', calendar: String(id) },
      ...{ open: 'greeting', closed: 'bye', closedDates: '' },
    });
    expect(saved.status).to.equal(303);
    expect((await at.flows.open(ADMIN, flow)).definition.steps['hours']).to.deep.include({
      kind: 'hours',
      calendar: id,
    });
    expect((await at.admin.get(`${path}/edit?step=hours`)).text).to.include('Chosen');
    await at.calendars.archive(ADMIN, id);
    const open = await at.flows.open(ADMIN, flow);
    expect(open.problems.map((found) => found.message)).to.include('flow.problem.calendar-gone');
    const result = await at.flows.publish(ADMIN, flow, open.flow.version);
    expect(result.kind).to.equal('refused');
  });

  it('are for those with the permission only', async () => {
    const supervisor = await at.site.client('supervisor');
    expect((await supervisor.get('/setup/calendars')).status).to.equal(403);
    const draft = { ...officeHours, name: 'Not mine' };
    expect(await refusal(at.calendars.create(SUPERVISOR, draft))).to.equal('not-allowed');
  });
});
