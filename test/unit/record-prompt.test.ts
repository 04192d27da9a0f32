import { expect } from 'chai';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { ChannelId, PromptId } from '../../src/kernel/ids.js';
import { SwitchboardBench } from '../support/switchboard-bench.js';

const TAKE = 'take-1';

async function start() {
  const bench = await new SwitchboardBench().start();
  bench.takes.set(TAKE, {
    id: TAKE,
    prompt: 7 as PromptId,
    language: 'en',
    extension: '2001',
    actor: SYSTEM_ACTOR,
  });
  return bench;
}

/** The phone is lifted; what is said before the tone is over. */
async function answer(bench: SwitchboardBench, take = TAKE) {
  const channel = bench.ari.arrive({
    callerNumber: '2001',
    endpoint: '2001',
    args: ['record-prompt', take],
  });
  await bench.advance(3_000);
  return channel;
}

/** Somebody speaks, and ends it with the hash key. */
async function speak(bench: SwitchboardBench, phone: ChannelId): Promise<void> {
  bench.ari.speak(phone, 3_000);
  await bench.advance(4_000);
  await bench.press(phone, '#');
}

const clean = (bench: SwitchboardBench): void => {
  expect(bench.ari.leftovers()).to.deep.equal([]);
  expect(bench.calls.size).to.equal(0);
  expect(bench.errors).to.deep.equal([]);
  expect([...bench.ari.stored.keys()]).to.deep.equal([]);
};

describe('Recording a prompt by phone', () => {
  it('records, plays back, keeps with 1, and leaves nothing on the node', async () => {
    const bench = await start();
    const phone = await answer(bench);
    await speak(bench, phone);
    expect(bench.takeNotes).to.deep.equal([`${TAKE} speaking`, `${TAKE} checking`]);
    expect(bench.ari.log.some((line) => /play.*recording:\w+-prompt/.test(line))).to.equal(true);
    await bench.press(phone, '1');
    await bench.advance(10_000);
    expect(bench.takeNotes.at(-1)).to.match(/^take-1 kept \d+$/);
    expect(bench.last('call-ended')).to.include({ result: 'contained', reason: 'prompt-recorded' });
    clean(bench);
  });

  it('records again with 2, and keeps the second', async () => {
    const bench = await start();
    const phone = await answer(bench);
    await speak(bench, phone);
    await bench.press(phone, '2');
    await bench.advance(3_000);
    await speak(bench, phone);
    await bench.press(phone, '1');
    await bench.advance(10_000);
    expect(bench.takeNotes.map((note) => note.split(' ')[1])).to.deep.equal([
      'speaking',
      'checking',
      'speaking',
      'checking',
      'kept',
    ]);
    clean(bench);
  });

  it('tells that somebody hung up while speaking, or without deciding', async () => {
    for (const isSpoken of [false, true]) {
      const bench = await start();
      const phone = await answer(bench);
      if (isSpoken) await speak(bench, phone);
      bench.ari.hangUpFarEnd(phone);
      await bench.advance(10_000);
      expect(bench.takeNotes.at(-1)).to.equal(`${TAKE} left`);
      clean(bench);
    }
  });

  it('asks again where nothing was said', async () => {
    const bench = await start();
    const phone = await answer(bench);
    await bench.press(phone, '#');
    await bench.advance(6_000);
    expect(bench.ari.log.some((line) => line.includes('recording-lost'))).to.equal(true);
    expect(bench.takeNotes).to.deep.equal([`${TAKE} speaking`, `${TAKE} speaking`]);
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(10_000);
    clean(bench);
  });

  it('gives up where nobody says what is to become of it', async () => {
    const bench = await start();
    const phone = await answer(bench);
    await speak(bench, phone);
    await bench.advance(120_000);
    expect(bench.takeNotes.at(-1)).to.equal(`${TAKE} left`);
    expect(bench.last('call-ended')).to.include({ reason: 'prompt-not-recorded' });
    clean(bench);
  });

  it('says that something went wrong where it cannot be saved, or is not known any more', async () => {
    const bench = await start();
    bench.keepsTakes = false;
    const phone = await answer(bench);
    await speak(bench, phone);
    await bench.press(phone, '1');
    await bench.advance(10_000);
    expect(bench.ari.log.some((line) => line.includes('service-problem'))).to.equal(true);
    clean(bench);
    await answer(bench, 'take-2');
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ reason: 'prompt-not-recorded' });
    clean(bench);
  });
});
