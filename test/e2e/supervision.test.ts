import type { TalkCommand } from '../../src/telephony/calls/talk-desk.js';
import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import type { MonitorMode } from '../../src/kernel/call-event.js';
import { agentIs, CALLED_HZ, CALLER_HZ, storyOf, talkWithAnn, useLab } from '../support/lab.js';
import { until } from '../support/until.js';

/** What the supervisor says. */
const SUPERVISOR_HZ = 440;
const PHONE = '2004';
const THIRD_HZ = 800;

describe('a supervisor at a phone', function () {
  this.timeout(60_000);
  const lab = useLab();

  const monitor = (mode: MonitorMode): Promise<void> => {
    const extensionId = lab.company.extensions.get(PHONE);
    if (extensionId === undefined) throw new Error(`no extension ${PHONE}`);
    const agentId = lab.company.agents.ann.id;
    return lab.product.order({ kind: 'monitor', agentId, extensionId, mode, by: 'Ines Holm' });
  };
  const isHeard = (mode: MonitorMode): Promise<boolean> =>
    lab.product.nowHas(`the supervisor to ${mode}`, 5_000, (now) =>
      now.calls.some(({ monitors = [] }) =>
        monitors.some((one) => one.mode === mode && !one.isRinging),
      ),
    );

  async function hearing(): Promise<{ from: string; caller: Party; ann: Party; ines: Party }> {
    const { from, caller, ann } = await talkWithAnn(lab);
    const own = lab.carrier.ringsAt(PHONE, 8_000);
    await monitor('listen');
    const ines = await own;
    expect(ines.shown).to.include({ number: '2001', name: 'Ann' });
    await ines.answer();
    await ines.listen();
    await ines.say(SUPERVISOR_HZ);
    await isHeard('listen');
    return { from, caller, ann, ines };
  }

  it('hears both and is heard by nobody, by the agent, or by everybody, as it was chosen', async () => {
    const { from, caller, ann, ines } = await hearing();
    await Promise.all([
      ines.ear.waitForTone(CALLER_HZ, 8_000),
      ines.ear.waitForTone(CALLED_HZ, 8_000),
    ]);
    const listened = ines.ear.now();
    await ines.ear.waitUntil(listened + 1_000);
    for (const one of [caller, ann])
      expect(one.ear.tones(SUPERVISOR_HZ), 'nobody hears who listens').to.have.length(0);
    await monitor('whisper');
    await isHeard('whisper');
    await ann.ear.waitForTone(SUPERVISOR_HZ, 8_000);
    await caller.ear.waitUntil(caller.ear.now() + 1_000);
    expect(caller.ear.tones(SUPERVISOR_HZ), 'the caller hears no whisper').to.have.length(0);
    await monitor('barge');
    await caller.ear.waitForTone(SUPERVISOR_HZ, 8_000);
    await ines.hangUp();
    await lab.product.nowHas('the supervisor to be gone', 5_000, (now) =>
      now.calls.every(({ monitors }) => monitors === undefined),
    );
    await caller.ear.waitForTone(CALLED_HZ, 8_000);
    await caller.hangUp();
    await agentIs(lab, 'ann', 'available');
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'answered' });
    expect(story.events.filter(({ kind }) => kind === 'monitored')).to.have.length(3);
  });

  it('hears whom the agent asks, and then the caller again', async () => {
    const { from, caller, ann, ines } = await hearing();
    await ines.ear.waitForTone(CALLER_HZ, 8_000);
    const extensionId = lab.company.extensions.get('2003');
    if (extensionId === undefined) throw new Error('no extension 2003');
    const order = (command: TalkCommand): Promise<void> =>
      lab.product.order({ kind: 'agent-talk', agentId: lab.company.agents.ann.id, command });
    const hearsFromNow = async (party: Party, hz: number): Promise<void> => {
      const from = party.ear.now();
      await until(`${String(hz)} Hz`, 5_000, () => party.ear.tones(hz, from).length > 0);
    };
    // Each phone numbers its packets from somewhere else.
    for (let time = 0; time < 3; time++) {
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'consult', target: { kind: 'extension', id: extensionId } });
      const third = await rings;
      await third.answer();
      await third.listen();
      await third.say(THIRD_HZ);
      await hearsFromNow(ann, THIRD_HZ);
      await hearsFromNow(ines, THIRD_HZ);
      await order({ kind: 'drop' });
      await third.ended(5_000);
      await hearsFromNow(ann, CALLER_HZ);
      await hearsFromNow(ines, CALLER_HZ);
    }
    await caller.hangUp();
    await ines.ended(5_000);
    await storyOf(lab, from);
  });

  it('takes the call over: talks with the caller, and the agent is free', async () => {
    const { from, caller, ann, ines } = await hearing();
    await monitor('take-over');
    await ann.ended(5_000);
    await agentIs(lab, 'ann', 'available');
    const taken = caller.ear.now();
    await until('the supervisor', 5_000, () => caller.ear.tones(SUPERVISOR_HZ, taken).length > 0);
    const heard = ines.ear.now();
    await until('the caller', 5_000, () => ines.ear.tones(CALLER_HZ, heard).length > 0);
    await lab.product.nowHas('the supervisor in the talk', 5_000, (now) =>
      now.calls.some(
        (call) => call.from === from && call.other === PHONE && call.monitors === undefined,
      ),
    );
    await ines.hangUp();
    await caller.ended(5_000);
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(story.row.recorded_ms).to.be.closeTo(story.row.talk_ms, 150 * story.recordings.length);
    const modes = story.events.flatMap((event) => (event.kind === 'monitored' ? [event.mode] : []));
    expect(modes).to.deep.equal(['listen', 'take-over']);
  });

  it('takes a held call over as soon as the phone is lifted', async () => {
    const { caller, from } = await talkWithAnn(lab);
    const agentId = lab.company.agents.ann.id;
    await lab.product.order({ kind: 'agent-talk', agentId, command: { kind: 'hold' } });
    const own = lab.carrier.ringsAt(PHONE, 8_000);
    await monitor('take-over');
    const ines = await own;
    await ines.answer();
    await ines.listen();
    await ines.say(SUPERVISOR_HZ);
    await Promise.all([
      caller.ear.waitForTone(SUPERVISOR_HZ, 8_000),
      ines.ear.waitForTone(CALLER_HZ, 8_000),
    ]);
    await agentIs(lab, 'ann', 'available');
    await caller.hangUp();
    await ines.ended(5_000);
    await storyOf(lab, from);
  });

  it('is hung up when the call is over', async () => {
    const { from, caller, ines } = await hearing();
    await caller.hangUp();
    await ines.ended(5_000);
    await storyOf(lab, from);
  });
});
