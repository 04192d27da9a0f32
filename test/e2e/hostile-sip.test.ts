import { expect } from 'chai';
import { readHealth } from '../../src/adapters/redis/health.js';
import { HOSTILE_TEXTS } from '../support/hostile.js';
import { callIn, newCaller, pbxAddress, storyOf, useLab } from '../support/lab.js';
import { TONES } from '../support/lab-company.js';
import { malformedMessages, sendAll, strangersCalls } from '../support/malformed-sip.js';

/** What no header can carry: it is tried in raw messages. */
const NOT_IN_A_HEADER = ['\r', '\n', '\0', '\ud800'];
const NAMES = [...HOSTILE_TEXTS, `${'<b>'.repeat(600)}x`, '\u0007'.repeat(30), '"\\"\\\\'].filter(
  (name) =>
    name.trim() !== '' &&
    name.length <= 2_000 &&
    !NOT_IN_A_HEADER.some((character) => name.includes(character)),
);
const FLOOD_KEYS = '1234567890*#'.repeat(5);
/** A key and the pause behind it; the carrier hangs up when it has sent them all. */
const KEY_MS = 200;
const STRANGERS = 1_000;

describe('a telephone line that means harm', function () {
  this.timeout(120_000);
  const lab = useLab();

  /** A caller like any other is greeted, and in the ledger. */
  const serves = async (): Promise<void> => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.ear.waitForTone(TONES.menu.en, 8_000);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.from_number).to.equal(from);
  };

  it('may send what is no SIP', async () => {
    const before = lab.product.process.pid;
    for (let round = 0; round < 20; round++) await sendAll(malformedMessages(), pbxAddress(lab));
    await serves();
    expect(lab.product.process.pid).to.equal(before);
  });

  it('may call a thousand times at once from where nobody of ours is', async () => {
    await sendAll(strangersCalls(STRANGERS), pbxAddress(lab));
    await serves();
    const health = (await readHealth(lab.product.redis, ['calls'])).get('calls');
    expect(health?.['calls']).to.equal(0);
  });

  it('may bring names of any kind, which are shown short and without control characters', async () => {
    for (const name of NAMES) {
      const from = newCaller();
      const caller = await callIn(lab, 'menu', from, name);
      await caller.hangUp();
      const { row } = await storyOf(lab, from);
      expect(row.from_name.length, name).to.be.lessThan(121);
      expect(row.from_name, name).to.not.match(/\p{Cc}/u);
    }
  });

  it('may press keys without end', async () => {
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.press(FLOOD_KEYS);
    await caller.ear.waitUntil(caller.ear.now() + FLOOD_KEYS.length * KEY_MS + 500);
    await caller.hangUp();
    await storyOf(lab, from);
    await serves();
  });
});
