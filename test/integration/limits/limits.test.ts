import { expect } from 'chai';
import { newEventId, newCallId, type QueueId } from '../../../src/kernel/ids.js';
import { DEFAULT_LIMITS } from '../../../src/telephony/limits.js';
import { ADMIN, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/setup/limits';

describe('the page of limits', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let busy: QueueId;
  const limits = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.limits;
  };
  const good = {
    ...{ maxCalls: '100', reserve: '20', perSecond: '10', perSource: '5', perSourceMinute: '30' },
    ...{ busyTarget: '', callsPerHour: '60', atOnce: '4', costPerHour: '25,50' },
  };
  const submit = async (changes: Record<string, string>) => {
    const { text } = await admin.get(PATH);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    return admin.post(PATH, { ...good, ...changes, version });
  };

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    busy = await setup.queues.create(ADMIN, queue('Busy times'));
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('begins without limits but for what an extension may use, and is for administrators', async () => {
    expect(await limits()).to.deep.equal(DEFAULT_LIMITS);
    const { text } = await admin.get(PATH);
    expect(text).to.contain('value="120"').and.contain('no call rates yet').and.contain('Nobody.');
    const agent = await setup.site.client('agent');
    expect((await agent.get(PATH)).status).to.equal(403);
    expect((await agent.post(PATH, good)).status).to.equal(403);
  });

  it('says what is wrong beside the field, and keeps what was there', async () => {
    for (const [field, value] of [
      ['maxCalls', '-1'],
      ['maxCalls', ''],
      ['reserve', 'many'],
      ['perSecond', '100001'],
      ['perSourceMinute', '6001'],
      ['busyTarget', 'queue:'],
      ['busyTarget', 'queue:999'],
      ['costPerHour', 'much'],
      ['atOnce', '1.5'],
    ] as const) {
      const answer = await submit({ [field]: value });
      expect(answer.status, `${field} ${value}`).to.equal(422);
      expect(answer.text).to.contain(`f-${field}`);
    }
    expect(await limits()).to.deep.equal(DEFAULT_LIMITS);
  });

  it('is saved for the next call; where callers come cannot be archived', async () => {
    const saved = await submit({ busyTarget: `queue:${String(busy)}` });
    expect(saved).to.include({ status: 303, location: PATH });
    expect(await limits()).to.deep.equal({
      load: { maxCalls: 100, reserve: 20, perSecond: 10, perSource: 5, perSourceMinute: 30 },
      busyTarget: { kind: 'queue', id: busy },
      outside: { callsPerHour: 60, atOnce: 4, costPerHour: 25_500_000 },
    });
    expect((await admin.get(PATH)).text).to.contain('value="25.5"');
    expect(setup.notes.announced).to.include('settings');
    expect(await setup.queues.archive(ADMIN, busy)).to.deep.equal([
      { kind: 'limits', id: 1, name: '' },
    ]);
    const page = await admin.get(`/setup/queues/${String(busy)}`);
    expect(page.text).to.contain('/setup/limits');
    const history = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'limits.change' })
      .select<{ changes: unknown }[]>('changes');
    expect(JSON.stringify(history)).to.contain('maxCalls');
  });

  it('refuses a second form of the same version', async () => {
    const answer = await admin.post(PATH, { ...good, version: '1' });
    expect(answer.status).to.equal(409);
  });

  it('counts what was turned away in the last day, by reason', async () => {
    const add = (reason: string, at: Date) =>
      setup.site.parts.database('call_events').insert({
        ...{ id: newEventId(), call_id: newCallId(), seq: 1, at, kind: 'refused' },
        body: JSON.stringify({ kind: 'refused', reason }),
      });
    const now = setup.site.parts.clock.now();
    for (const reason of ['calls-full', 'calls-full', 'cap-cost', 'bad-number'])
      await add(reason, new Date(now - 60_000));
    await add('trunk-full', new Date(now - 25 * 3_600_000));
    const { text } = await admin.get(PATH);
    expect(text.replaceAll(/\s+/g, ' ')).to.match(
      /all lines for calls are taken<\/td><td[^>]*>2<.*used up its money of the hour<\/td><td[^>]*>1</,
    );
    expect(text).to.not.contain('the trunk brings').and.not.contain('no valid number');
  });
});
