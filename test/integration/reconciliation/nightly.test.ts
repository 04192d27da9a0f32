import { expect } from 'chai';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { KnexReconcilerStore } from '../../../src/features/reconciliation/knex-reconciler-store.js';
import {
  reconcileNext,
  type ReconciliationAlarm,
} from '../../../src/features/reconciliation/reconciler.js';
import { dayNameOf, daysBehind, siteDayOf } from '../../../src/kernel/site-day.js';
import { abandonedCall, answeredCall } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/reports/reconciliation';
const HOUR_MS = 3_600_000;

describe('counting days anew', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let zone: string;
  let midnight: number;
  let alarms: ReconciliationAlarm[];
  const quiet = { info: () => undefined, warn: () => undefined };

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    zone = at.site.parts.config.timezone;
    midnight = siteDayOf(Date.now(), zone).startAt;
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    await at.sum();
    alarms = [];
    for (const table of ['days', 'lines', 'findings'])
      await at.site.parts.database(`reconciliation_${table}`).delete();
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const store = () => new KnexReconcilerStore(at.site.parts.database, zone, knexAuditLog);
  const next = (now: number): Promise<boolean> =>
    reconcileNext({
      ...{ store: store(), zone, log: quiet },
      clock: { now: () => now, sleep: () => Promise.resolve() },
      raiseAlarm: (alarm) => alarms.push(alarm),
    });
  const countWeek = async (now: number): Promise<number> => {
    let counted = 0;
    while (await next(now)) counted += 1;
    return counted;
  };
  const yesterday = () => daysBehind(dayNameOf(midnight, zone), -1);

  it('counts the last seven days an hour behind midnight, each once', async () => {
    expect(await countWeek(midnight + HOUR_MS / 2)).to.equal(0);
    expect(await countWeek(midnight + HOUR_MS)).to.equal(7);
    expect(await countWeek(midnight + 2 * HOUR_MS)).to.equal(0);
    expect(alarms).to.deep.equal([]);
  });

  it('counts a day again in the next night while one of its calls goes on', async () => {
    const call = answeredCall({ startedAt: midnight - 600_000 });
    const ending = call.events.splice(-1);
    await at.tell(call);
    await countWeek(midnight + HOUR_MS);
    const day = async () => (await store().days('')).find((one) => one.day === yesterday());
    expect(await day()).to.include({ calls: 1, openCalls: 1, differences: 0 });
    call.events.push(...ending);
    await at.tell(call);
    await at.site.parts.database('recordings').update({ state: 'stored' });
    expect(await countWeek(midnight + 25 * HOUR_MS)).to.equal(2);
    expect(await day()).to.include({ openCalls: 0, differences: 0 });
  });

  it('alarms once for a day that does not add up, with a line of the audit log and a mark in the menu', async () => {
    const call = abandonedCall(midnight - HOUR_MS);
    await at.tell(call);
    await at.site.parts.database('queue_visits').delete();
    await at.sum();
    await countWeek(midnight + HOUR_MS);
    expect(alarms).to.have.lengthOf(1);
    expect(alarms[0]?.day).to.equal(yesterday());
    const lines = await at.site.parts
      .database('audit_entries')
      .where('action', 'reconciliation.differs');
    expect(lines).to.have.lengthOf(1);
    const days = await supervisor.get(PATH);
    expect(days.text).to.include('3 differences');
    const page = await supervisor.get(`${PATH}/${yesterday()}`);
    expect(page.text).to.include(`/calls/${call.callId}/events`).and.include('Repairs');
    expect(page.text).to.include('The report has this time in the queue differently');
  });

  it('leaves the day to another process that is at it', async () => {
    let isInside = false;
    await store().alone(async () => {
      isInside = true;
      expect(await next(midnight + HOUR_MS)).to.equal(false);
    });
    expect(isInside).to.equal(true);
    expect(await next(midnight + HOUR_MS)).to.equal(true);
  });

  it('shows queues by quarter of an hour, agents and recordings; a count may be asked for', async () => {
    await at.tell(
      answeredCall({ startedAt: midnight - HOUR_MS }),
      abandonedCall(midnight - HOUR_MS),
    );
    await at.site.parts.database('recordings').update({ state: 'stored' });
    const day = yesterday();
    await supervisor.get(`${PATH}/${day}`);
    const asked = await supervisor.post(`${PATH}/${day}/count`);
    expect(asked.status).to.equal(303);
    expect((await supervisor.get(`${PATH}/${day}`)).text).to.include('Is being counted');
    expect(await next(Date.now())).to.equal(true);
    const page = await supervisor.get(`${PATH}/${day}`);
    const words = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words).to.include('Adds up').and.include('Repairs 2 1 1 0 0 0 0 0');
    expect(words).to.include('4:27 4:26 0');
    const quarters = await supervisor.get(`${PATH}/${day}?queue=1`);
    expect(quarters.text).to.include('Repairs by quarter of an hour');
    for (const [path, status] of [
      [`${PATH}/2026-02-30`, 404],
      [`${PATH}/9999-01-01`, 404],
      [`${PATH}/x`, 404],
      [`${PATH}/${day}?queue=nonsense`, 200],
    ] as const)
      expect((await supervisor.get(path)).status, path).to.equal(status);
    const agent = await at.site.client('agent');
    expect((await agent.get(PATH)).status).to.equal(403);
  });
});
