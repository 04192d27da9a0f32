import { expect } from 'chai';
import type { CallStory } from '../../src/demo/knex-call-story.js';
import type { Party } from '../../src/demo/party.js';
import { toneMs } from '../../src/demo/tones.js';
import type { RecordingWish } from '../../src/engines/recording/control.js';
import { foldPauses } from '../../src/engines/reporting/fold-pauses.js';
import {
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  makeAvailable,
  newCaller,
  soundOf,
  storyOf,
  talkWithAnn,
  useLab,
} from '../support/lab.js';
import { configured } from '../support/phones.js';

/** What is said in a pause sounds so. */
const CARD_HZ = 1500;
/** Closing and opening the files of a part, and the way of the sound. */
const SLACK_MS = 250;

describe('the recording of a talk', function () {
  this.timeout(60_000);
  const lab = useLab();

  const ask = (wish: RecordingWish): Promise<void> =>
    lab.product.order({
      ...{ kind: 'agent-talk', agentId: lab.company.agents.ann.id },
      command: { kind: 'recording', wish },
    });
  const isPaused = (from: string): Promise<unknown> =>
    lab.product.nowHas('the pause', 10_000, (now) =>
      now.calls.some((call) => call.from === from && call.talk?.recording?.pause !== undefined),
    );
  const recordingIs = (from: string, isOn: boolean): Promise<unknown> =>
    lab.product.nowHas(`the recording to be ${isOn ? 'on' : 'off'}`, 8_000, (now) =>
      now.calls.some((call) => call.from === from && call.recording === isOn),
    );

  /** The caller reads a card number to the agent, and then talks on. */
  async function readCard(caller: Party, ann: Party): Promise<void> {
    await caller.say(CARD_HZ);
    await ann.ear.waitForTone(CARD_HZ, 8_000);
    await ann.endsWithin(700);
    await caller.say(CALLER_HZ);
    await ann.ear.waitForTone(CALLER_HZ, 8_000);
  }

  /** Tones of all files of a call, in ms. */
  async function sounds(story: CallStory) {
    const sums = { card: 0, caller: 0, agent: 0, files: 0 };
    for (const recording of story.recordings) {
      const { rate, channels } = await soundOf(lab, recording);
      const [left = new Int16Array(), right = new Int16Array()] = channels;
      sums.card += toneMs(left, rate, CARD_HZ) + toneMs(right, rate, CARD_HZ);
      sums.caller += toneMs(left, rate, CALLER_HZ);
      sums.agent += toneMs(right, rate, CALLED_HZ);
      sums.files += recording.durationMs;
    }
    return sums;
  }
  function sums({ row, events, recordings }: CallStory) {
    const last = events.at(-1)?.at ?? 0;
    const paused = foldPauses(events, last).reduce((sum, { from, to }) => sum + to - from, 0);
    return { talked: row.talk_ms, recorded: row.recorded_ms, paused, parts: recordings.length };
  }

  it('paused at the page: nothing of the pause is in any file, and the times add up', async () => {
    const { from, caller, ann } = await talkWithAnn(lab);
    await recordingIs(from, true);
    await ask('pause');
    await isPaused(from);
    await readCard(caller, ann);
    await ask('resume');
    await recordingIs(from, true);
    // What is said from here on is recorded again.
    await caller.hush();
    await caller.say(CALLER_HZ);
    await ann.endsWithin(900);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const { talked, recorded, paused, parts } = sums(story);
    expect(parts).to.equal(2);
    expect(paused).to.be.greaterThan(700);
    expect(recorded + paused, 'recorded and paused is talked').to.be.closeTo(talked, SLACK_MS * 2);
    const heard = await sounds(story);
    expect(heard.card, 'what was said in the pause').to.equal(0);
    expect(heard.caller).to.be.greaterThan(500);
    expect(heard.agent).to.be.greaterThan(500);
    expect(heard.files).to.be.closeTo(recorded, SLACK_MS * parts);
  });

  it('paused by keys of the phone, stays so when the program is killed, until the keys again', async () => {
    const { from, caller, ann } = await talkWithAnn(lab);
    await recordingIs(from, true);
    await ann.press('*2');
    await isPaused(from);
    await lab.product.process.kill();
    await readCard(caller, ann);
    await lab.product.process.start();
    await isPaused(from);
    await readCard(caller, ann);
    await ann.press('*2');
    await recordingIs(from, true);
    await ann.endsWithin(600);
    await caller.hangUp();
    const story = await storyOf(lab, from, 25_000);
    expect((await sounds(story)).card, 'what was said in the pause').to.equal(0);
    const { talked, recorded, paused } = sums(story);
    expect(recorded + paused).to.be.closeTo(talked, SLACK_MS * 2);
    expect(story.events.filter(({ kind }) => kind === 'recording-paused')).to.have.length(1);
  });

  it('whoever hangs up in a pause leaves nothing of it', async () => {
    const { from, caller, ann } = await talkWithAnn(lab);
    await recordingIs(from, true);
    await ann.endsWithin(500);
    await ask('pause');
    await readCard(caller, ann);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.recordings.map(({ state }) => state)).to.deep.equal(['stored']);
    expect((await sounds(story)).card).to.equal(0);
    expect(sums(story).parts).to.equal(1);
  });

  it('on demand: only what was asked for, and the ledger says why', async () => {
    const queue = lab.company.queues.main;
    const set = async (recording: string, notice: string): Promise<void> => {
      await lab.product
        .database('queues')
        .where({ id: queue })
        .update({ recording, recording_notice: notice });
      await configured(lab);
    };
    await set('on-demand', 'default');
    try {
      const { from, caller, ann } = await talkWithAnn(lab);
      await caller.say(CARD_HZ);
      await ann.ear.waitForTone(CARD_HZ, 8_000);
      await caller.say(CALLER_HZ);
      await ann.ear.waitForTone(CALLER_HZ, 8_000);
      await ann.press('*1');
      await recordingIs(from, true);
      await ann.endsWithin(900);
      await ask('stop');
      await recordingIs(from, false);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      const heard = await sounds(story);
      expect(heard.card).to.equal(0);
      expect(heard.caller).to.be.greaterThan(300);
      expect(story.events.find(({ kind }) => kind === 'recording-decided')).to.deep.include({
        mode: 'on-demand',
        why: [{ by: 'queue', name: 'Main' }],
      });
    } finally {
      await set('always', 'default');
    }
  });

  it('told before it begins, with a key that goes on without it', async () => {
    const queue = lab.company.queues.main;
    const set = async (notice: string): Promise<void> => {
      await lab.product
        .database('queues')
        .where({ id: queue })
        .update({ recording_notice: notice });
      await configured(lab);
    };
    await set('choice');
    try {
      await makeAvailable(lab, 'ann');
      const rings = lab.carrier.ringsAt('2001', 8_000);
      const from = newCaller();
      const caller = await callIn(lab, 'queue', from);
      const ann = await rings;
      await ann.answer();
      await ann.listen();
      await ann.ear.waitForSound(5_000);
      await caller.press('9');
      await Promise.all([caller.say(CALLER_HZ), ann.say(CALLED_HZ)]);
      await Promise.all([
        caller.ear.waitForTone(CALLED_HZ, 8_000),
        ann.ear.waitForTone(CALLER_HZ, 8_000),
      ]);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      expect(story.recordings).to.have.length(0);
      expect(story.events.find(({ kind }) => kind === 'recording-told')).to.include({
        how: 'choice',
        answer: 'declined',
      });
    } finally {
      await set('default');
    }
  });

  it('is not there where the extension or the trunk says never, whatever the queue says', async () => {
    const { database } = lab.product;
    const said = [
      { by: 'extension', table: 'extensions', where: { number: '2001' }, at: 'recording_inbound' },
      { by: 'trunk', table: 'trunks', where: { id: lab.company.trunk }, at: 'recording' },
    ] as const;
    for (const { by, table, where, at } of said) {
      await database(table)
        .where(where)
        .update({ [at]: 'never' });
      await configured(lab);
      try {
        const { from, caller } = await talkWithAnn(lab);
        expect(await caller.endsWithin(500)).to.equal(false);
        await caller.hangUp();
        const story = await storyOf(lab, from);
        expect(story.recordings, by).to.have.length(0);
        expect(story.row.recorded_ms, by).to.equal(0);
        const decided = story.events.find(({ kind }) => kind === 'recording-decided');
        expect(JSON.stringify(decided), by).to.contain('"never"').and.to.contain(`"${by}"`);
      } finally {
        await database(table)
          .where(where)
          .update({ [at]: 'default' });
        await configured(lab);
      }
    }
    const { from, caller } = await talkWithAnn(lab);
    await recordingIs(from, true);
    await caller.hangUp();
    expect((await storyOf(lab, from)).recordings).to.have.length(1);
  });
});
