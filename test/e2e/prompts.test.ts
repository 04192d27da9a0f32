import { expect } from 'chai';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { makeTakeMemory } from '../../src/adapters/redis/take-memory.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import { useLab, watchStored } from '../support/lab.js';

/** The tone before somebody speaks. */
const BEEP_HZ = 1000;
const VOICE_HZ = 600;

describe('a prompt recorded by phone', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('rings the phone, is heard again, and is the new sound when it is kept', async () => {
    const { product, carrier, company } = lab;
    const stored = await watchStored(lab);
    const memory = makeTakeMemory(product.redis, makeLogger('silent'));
    const take = { id: 'take-e2e', prompt: company.prompts.goodbye, language: 'en' as const };
    await memory.put({ ...take, extension: '2003', actor: SYSTEM_ACTOR });
    const rings = carrier.ringsAt('2003', 10_000);
    await product.order({ kind: 'record-prompt', take: take.id, title: 'Goodbye' });
    const phone = await rings;
    expect(phone.shown.name).to.equal('Goodbye');
    await phone.answer();
    const ear = await phone.listen();
    // As real phones do, it sends sound all the time: Asterisk ends a recording where none comes.
    await phone.say(VOICE_HZ);
    await ear.waitForTone(BEEP_HZ, 15_000);
    expect(await phone.endsWithin(2_000)).to.equal(false);
    await phone.hush();
    await phone.press('#');
    await ear.waitForTone(VOICE_HZ, 8_000);
    expect((await memory.find(take.id))?.status.state).to.equal('checking');
    await phone.press('1');
    await phone.ended(15_000);
    expect((await memory.find(take.id))?.status.state).to.equal('kept');
    const row = await product
      .database('prompt_files')
      .where({ prompt_id: take.prompt, language: 'en' })
      .first<{ source: string; duration_ms: number }>('source', 'duration_ms');
    expect(row.source).to.equal('phone');
    expect(row.duration_ms).to.be.within(1_000, 6_000);
    await product.isIdle();
    expect(await stored()).to.deep.equal([]);
  });
});
