import { expect } from 'chai';
import {
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  makeAvailable,
  newCaller,
  storyOf,
  useLab,
} from '../support/lab.js';
import { until } from '../support/until.js';

interface AlarmRow {
  readonly subject: string;
  readonly subject_name: string;
  readonly value: number;
  readonly ended_at: Date | null;
}

describe('the alarm of a talk without sound', function () {
  this.timeout(90_000);
  const lab = useLab();

  const alarmOf = (call: string): Promise<AlarmRow | undefined> =>
    lab.product
      .database('alarms')
      .where({ kind: 'no-sound', subject: `call:${call}` })
      .first<AlarmRow | undefined>();

  it('begins when no packet comes from a phone, names who is not heard, and ends when it speaks', async () => {
    await lab.product.database('alarm_rules').where({ kind: 'no-sound' }).update({ threshold: 8 });
    await makeAvailable(lab, 'ann');
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2001', 10_000);
    const caller = await callIn(lab, 'queue', from);
    const desk = await rings;
    await desk.answer();
    await caller.say(CALLER_HZ);
    // The desk phone is connected and sends nothing, not even silence.
    await lab.product.nowHas('somebody who is not heard', 20_000, ({ calls }) =>
      calls.some((call) => call.from === from && call.silent !== undefined),
    );
    const call = lab.product.live.current?.calls.find((one) => one.from === from);
    expect(call?.silent?.party).to.equal(lab.company.agents.ann.name);
    const begun = await until('the alarm', 20_000, () => alarmOf(call?.id ?? ''));
    expect(begun.value).to.be.at.least(8);
    expect(begun.subject_name).to.equal(lab.company.agents.ann.name);
    expect(begun.ended_at).to.equal(null);
    await desk.say(CALLED_HZ);
    await caller.ear.waitForTone(CALLED_HZ, 8_000);
    await until('its end', 30_000, async () => (await alarmOf(call?.id ?? ''))?.ended_at !== null);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
    // What both hear all the time is no alarm.
    expect(await lab.product.database('alarms').where({ kind: 'no-sound' })).to.have.length(1);
  });
});
