import { expect } from 'chai';
import { DEFAULT_LIMITS, type LimitSettings } from '../../src/telephony/limits.js';
import { DIDS } from '../support/lab-company.js';
import { callIn, newCaller, storyOf, useLab } from '../support/lab.js';
import { configured } from '../support/phones.js';
import { until } from '../support/until.js';

const OUTSIDE = '+442079460958';

describe('limits', function () {
  this.timeout(90_000);
  const lab = useLab();

  const setLimits = async (value: LimitSettings): Promise<void> => {
    await lab.product
      .database('settings')
      .insert({ name: 'limits', value: JSON.stringify({ version: 1, value }) })
      .onConflict('name')
      .merge();
    await configured(lab);
  };
  afterEach(() => setLimits(DEFAULT_LIMITS));

  it('hear the message of busy times, more hear 503, and whoever is on the line hears nothing of it', async () => {
    await setLimits({
      ...DEFAULT_LIMITS,
      load: { ...DEFAULT_LIMITS.load, maxCalls: 1, reserve: 1 },
    });
    const first = await callIn(lab, 'menu');
    const busyFrom = newCaller();
    const second = await callIn(lab, 'menu', busyFrom);
    await second.ear.waitForSound(5_000);
    const refusedFrom = newCaller();
    const third = await lab.carrier.call({ to: DIDS.menu, from: refusedFrom });
    expect((await third.ended(5_000)).sipStatus).to.equal(503);
    expect(third.progress).to.equal('ended');
    expect((await storyOf(lab, refusedFrom)).row).to.include({
      ...{ result: 'refused', cause: 42, reason: 'calls-full' },
    });
    await until('the alarm', 10_000, () =>
      lab.product.database('alarms').where({ kind: 'calls-full' }).first('id'),
    );
    await second.ended(20_000);
    expect((await storyOf(lab, busyFrom)).row).to.include({ reason: 'calls-full' });
    expect(first.progress).to.equal('up');
    await first.hangUp();
  });

  it('bring callers to the mailbox that is set for busy times', async () => {
    await setLimits({
      ...DEFAULT_LIMITS,
      load: { ...DEFAULT_LIMITS.load, maxCalls: 1, reserve: 5 },
      busyTarget: { kind: 'voicemail', queueId: lab.company.queues.main },
    });
    const first = await callIn(lab, 'menu');
    const from = newCaller();
    const second = await callIn(lab, 'menu', from);
    await lab.product.nowHas('the mailbox', 5_000, ({ calls }) =>
      calls.some((call) => call.from === from && call.stage === 'voicemail'),
    );
    await second.hangUp();
    await first.hangUp();
  });

  it('cap what an extension calls outside, raise the alarm, and let calls for help out', async () => {
    await setLimits({
      ...DEFAULT_LIMITS,
      outside: { callsPerHour: 0, atOnce: 1, costPerHour: 0 },
    });
    for (const number of [OUTSIDE, '999']) lab.carrier.at(number, (party) => party.answer());
    const caller = await lab.carrier.dial('2001', OUTSIDE);
    await caller.answered(8_000);
    const since = new Date();
    const more = await lab.carrier.dial('2001', OUTSIDE);
    await more.ended(20_000);
    await until('the refusal in the ledger', 10_000, async () =>
      (await lab.stories.from('2001', since)).some(
        ({ row }) => row.result === 'refused' && row.reason === 'cap-at-once',
      ),
    );
    await until('the alarm', 10_000, () =>
      lab.product.database('alarms').where({ kind: 'toll-fraud' }).first('id'),
    );
    const help = await lab.carrier.dial('2001', '999');
    await help.answered(8_000);
    await help.hangUp();
    await caller.hangUp();
    await until('the end of the alarm', 30_000, async () => {
      const row = await lab.product
        .database('alarms')
        .where({ kind: 'toll-fraud' })
        .first<{ ended_at: Date | null }>('ended_at');
      return row.ended_at !== null;
    });
  });
});
