import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { toneMs } from '../../src/demo/tones.js';
import { UNKNOWN_DID, TONES } from '../support/lab-company.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  kindsOf,
  makeAvailable,
  newCaller,
  onlyRecording,
  soundOf,
  withRecording,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';

describe('a call from outside', function () {
  this.timeout(40_000);
  const lab = useLab();

  it('goes through menu and queue to an agent, who hears and is heard, and is recorded apart', async () => {
    await makeAvailable(lab, 'ann');
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from, 'Grace Hall');
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    const rings = lab.carrier.ringsAt('2001', 8_000);
    await caller.press('1');
    const agent = await rings;
    expect(agent.shown.number).to.equal(from);
    expect(agent.shown.name).to.contain('Grace Hall').and.to.contain('Main');
    await agentIs(lab, 'ann', 'ringing');
    const waitsFrom = caller.ear.now();
    await caller.ear.waitUntil(waitsFrom + 1_500);
    expect(caller.ear.sounds(waitsFrom + 500), 'music').to.not.deep.equal([]);
    expect(caller.ear.tones(TONES.menu.en, waitsFrom + 500), 'no menu').to.deep.equal([]);
    await talk(caller, agent);
    await agentIs(lab, 'ann', 'talking');
    await caller.endsWithin(1_500);
    await caller.hangUp();
    await agent.ended(5_000);
    await agentIs(lab, 'ann', 'available');

    const story = await storyOf(lab, from);
    expect(story.row).to.include({
      result: 'answered',
      ended_by: 'caller',
      direction: 'inbound',
      from_name: 'Grace Hall',
      agent_id: lab.company.agents.ann.id,
      queue_id: lab.company.queues.main,
    });
    expect(story.row.talk_ms).to.be.within(1_500, 8_000);
    expect(story.legs.map((leg) => leg.role)).to.have.members(['caller', 'agent']);
    expect(kindsOf(story)).to.include.members(['flow-entered', 'key-pressed', 'offered']);
    // The caller hung up: the agent's phone is asked for its sound before it is hung up, too.
    const agentLeg = story.legs.find((leg) => leg.role === 'agent');
    const ended = story.events.find(
      (event) => event.kind === 'leg-ended' && event.leg === agentLeg?.id,
    );
    const sound = ended?.kind === 'leg-ended' ? ended.sound : undefined;
    expect(sound?.received, JSON.stringify(sound)).to.be.within(50, 500);
    expect(sound?.lost).to.equal(0);
    expect(sound?.jitterMs).to.be.within(0, 30);
    const recording = onlyRecording(story);
    expect(recording.state, recording.problem).to.equal('stored');
    const plain = await withRecording(lab, recording, (file) => readFile(file));
    expect(createHash('sha256').update(plain).digest('hex')).to.equal(recording.sha256);
    const kept = await readFile(join(lab.product.config.varDir, 'recordings', recording.path));
    expect(kept.subarray(0, 8).toString(), 'on the disk').to.equal('CBSEALED');
    expect(kept.includes('fLaC'), 'sound on the disk').to.equal(false);
    const { rate, channels } = await soundOf(lab, recording);
    const [left, right] = channels;
    if (left === undefined || right === undefined) throw new Error('two channels are needed');
    expect(toneMs(left, rate, CALLER_HZ), 'caller on the left').to.be.greaterThan(1_000);
    expect(toneMs(right, rate, CALLED_HZ), 'agent on the right').to.be.greaterThan(1_000);
    expect(toneMs(left, rate, CALLED_HZ), 'agent on the left').to.equal(0);
    expect(toneMs(right, rate, CALLER_HZ), 'caller on the right').to.equal(0);
  });

  it('stops the prompt at once when a key is pressed into it', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    const pressedAt = caller.ear.now();
    await caller.press('1');
    await caller.ear.waitForSilence(100, 5_000);
    const [rest] = caller.ear.tones(TONES.menu.en, pressedAt);
    expect(rest?.endMs ?? 0, 'the key itself takes 100 ms').to.be.lessThan(900);
    expect(caller.ear.now()).to.be.lessThan(TONES.menu.ms);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row).to.include({ result: 'abandoned', ended_by: 'caller' });
  });

  it('says that a key is not in use, repeats the menu, and says goodbye at the second one', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    await caller.press('7');
    await caller.ear.waitForTone(TONES.wrong.en, 5_000);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    await caller.press('8');
    await caller.ear.waitForTone(TONES.goodbye.en, 5_000);
    await caller.ended(5_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'contained', ended_by: 'system' });
    const keys = story.events.flatMap((event) =>
      event.kind === 'key-pressed' ? [[event.digits, event.accepted]] : [],
    );
    expect(keys).to.deep.equal([
      ['7', false],
      ['8', false],
    ]);
  });

  it('repeats the menu to somebody who presses nothing, and then takes the way for it', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ended(15_000);
    expect(caller.ear.tones(TONES.menu.en)).to.have.length(2);
    expect(caller.ear.tones(TONES.goodbye.en)).to.have.length(1);
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('contained');
    expect(kindsOf(story).filter((kind) => kind === 'no-key')).to.have.length(2);
  });

  it('speaks Chinese after the language key, and keeps to it', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    await caller.press('9');
    await caller.ear.waitForTone(TONES.menu['zh-CN'], 5_000);
    await caller.press('7');
    await caller.ear.waitForTone(TONES.wrong['zh-CN'], 5_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.language).to.equal('zh-CN');
    expect(kindsOf(story)).to.include('language-chosen');
  });

  it('begins in the language of its number', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menuChinese', from);
    await caller.ear.waitForTone(TONES.menu['zh-CN'], 5_000);
    expect(caller.ear.tones(TONES.menu.en)).to.deep.equal([]);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row).to.include({ result: 'contained' });
  });

  it('takes the way for closed hours, where a message can be left', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'closed', from);
    await caller.ear.waitForTone(TONES.closed.en, 5_000);
    // Behind the greeting comes the beep that asks to speak.
    await caller.ear.waitForSilence(300, 5_000);
    await caller.say(CALLED_HZ);
    await caller.endsWithin(2_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('voicemail');
    expect(story.voicemails).to.have.length(1);
    expect(story.voicemails[0]?.extension_id).to.equal(lab.company.extensions.get('2004'));
    const [message] = story.recordings;
    expect(message).to.include({ kind: 'voicemail', state: 'stored' });
    const { rate, channels } = await soundOf(lab, onlyRecording(story));
    expect(toneMs(channels[0] ?? new Int16Array(), rate, CALLED_HZ)).to.be.greaterThan(1_000);
  });

  it('takes the way for open hours', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'open', from);
    await caller.ear.waitForSound(5_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'abandoned', queue_id: lab.company.queues.main });
  });

  it('ends a message with the # key and says so; a message without a word is none', async () => {
    const [spoken, silent] = [newCaller(), newCaller()];
    const leave = async (from: string, words: boolean): Promise<void> => {
      const caller = await callIn(lab, 'menu', from);
      await caller.ear.waitForTone(TONES.menu.en, 5_000);
      await caller.press('3');
      await caller.ear.waitForTone(TONES.closed.en, 5_000);
      await caller.ear.waitForSilence(300, 5_000);
      if (words) {
        await caller.say(CALLED_HZ);
        await caller.endsWithin(1_500);
      }
      await caller.press('#');
      await caller.ended(20_000);
    };
    await Promise.all([leave(spoken, true), leave(silent, false)]);
    const message = await storyOf(lab, spoken);
    expect(message.row).to.include({ result: 'voicemail', ended_by: 'system' });
    expect(message.voicemails[0]?.queue_id).to.equal(lab.company.queues.main);
    const nothing = await storyOf(lab, silent);
    expect(nothing.row.result).to.equal('contained');
    expect(nothing.voicemails).to.deep.equal([]);
    expect(nothing.recordings).to.deep.equal([]);
  });

  it('to a number that nobody has is told so and refused', async () => {
    const from = newCaller();
    const caller = await lab.carrier.call({ to: UNKNOWN_DID, from });
    await caller.answered(8_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.ended(15_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'refused', reason: 'unknown-did', ended_by: 'system' });
  });

  it('comes back from a desk where nobody answers to the step for it', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 5_000);
    const rings = lab.carrier.ringsAt('2005', 8_000);
    await caller.press('4');
    const desk = await rings;
    await desk.ended(8_000);
    await caller.ear.waitForTone(TONES.goodbye.en, 5_000);
    await caller.ended(5_000);
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('contained');
    expect(story.legs.map((leg) => leg.role)).to.include('extension');
  });

  it('to a desk where nobody answers is offered the mailbox', async () => {
    const from = newCaller();
    const caller = await lab.carrier.call({
      to: '+442079460107',
      from,
    });
    const desk = await lab.carrier.ringsAt('2004', 8_000);
    await caller.rang(3_000);
    await desk.ended(8_000);
    await caller.answered(5_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(['contained', 'no-answer']).to.include(story.row.result);
  });

  it('ends with a message when its flow goes round in a circle without a prompt', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'loop', from);
    await caller.ear.waitForSound(5_000);
    await caller.ended(15_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'failed', ended_by: 'system' });
    expect(story.row.reason).to.contain('too-many-steps');
  });
});
