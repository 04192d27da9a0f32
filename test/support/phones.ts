import type { CallStory } from '../../src/demo/knex-call-story.js';
import type { Party } from '../../src/demo/party.js';
import type { Lab } from './lab.js';
import { until } from './until.js';

/** The last call that a desk phone made since a moment, over and in the ledger. All calls of a phone have one number. */
export async function storyOfPhone(lab: Lab, phone: string, since: Date): Promise<CallStory> {
  await lab.product.isIdle();
  return until(`the ledger's call of ${phone}`, 15_000, async () => {
    const story = (await lab.stories.from(phone, since)).at(-1);
    return story?.row.ended_at ? story : undefined;
  });
}

/** Dials a code at a desk phone, presses keys when it has begun to speak, and hears it out. */
export async function dialCode(
  lab: Lab,
  phone: string,
  digits: string,
  keys?: string,
): Promise<void> {
  const party = await lab.carrier.dial(phone, digits);
  await party.answered(5_000);
  await party.listen();
  await party.ear.waitForSound(5_000);
  if (keys !== undefined) await party.press(keys);
  await party.ended(20_000);
}

/** Calls one desk phone from another and lets it ring at a third: the ringing party. */
export async function ringsInstead(
  lab: Lab,
  from: string,
  to: string,
  at: string,
): Promise<{ readonly caller: Party; readonly called: Party }> {
  const rings = lab.carrier.ringsAt(at, 8_000);
  const caller = await lab.carrier.dial(from, to);
  return { caller, called: await rings };
}

/** An extension without a phone. */
const NOBODY = '2101';

/** Waits until the program works by all that was configured before: the next thing that is set is seen on the pages. */
export async function configured(lab: Lab): Promise<void> {
  const id = lab.company.extensions.get(NOBODY);
  if (id === undefined) throw new Error(`no ${NOBODY}`);
  for (const doNotDisturb of [true, false]) {
    await lab.configuration.phoneSettings.change(id, { doNotDisturb });
    await lab.product.nowHas('what was configured', 5_000, (now) =>
      now.extensions.some((one) => one.id === id && (one.doNotDisturb ?? false) === doNotDisturb),
    );
  }
}

/** Somebody outside picks up, and takes the call by a key when asked to; then the caller is answered. */
export async function takeByKey(caller: Party, called: Party): Promise<void> {
  await called.answer();
  await called.listen();
  await called.ear.waitForSound(5_000);
  await called.press('1');
  await caller.answered(5_000);
  await caller.listen();
}
