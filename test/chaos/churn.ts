import { setMaxListeners } from 'node:events';
import type { Pickup } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { CHAOS_DIDS } from './company.js';
import { note, type ChaosSite } from './site.js';
import { nextCaller, WatchedCall } from './watched-call.js';

/** A caller of the churn gives up waiting after this long. */
const PATIENCE_MS: readonly [number, number] = [2_000, 12_000];
const TALK_MS: readonly [number, number] = [500, 5_000];
const PICK_UP_MS: readonly [number, number] = [0, 1_500];
const PAUSE_MS: readonly [number, number] = [100, 1_200];
/** An answer that has not come by then does not come: the pbx is gone. */
const ANSWER_LIMIT_MS = 30_000;

/** Whoever picks up and hears nobody for so long hangs up. */
const HEARD_LIMIT_MS = 8_000;
const CALLER_HZ = 1_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Callers who come and go all the time, by a menu or straight into a queue, and agents who pick up, talk and hang up: so
 * that what a round does meets calls in the middle of arriving, being offered, being put through and leaving.
 */
export class Churn {
  readonly calls: WatchedCall[] = [];
  #running = true;
  /** The pbx was killed: whoever is on the line hangs up, as people do who hear nothing. */
  #broken = brokenLine();
  readonly #byCaller = new Map<string, WatchedCall>();
  readonly #undo: (() => void)[];
  readonly #loops: readonly Promise<void>[];

  constructor(
    private readonly site: ChaosSite,
    callers: number,
  ) {
    const { agents } = site.company.teams.churn;
    this.#undo = agents.map(({ phone }) => site.carrier.at(phone, this.#pickUp));
    this.#loops = Array.from({ length: callers }, () => this.#callAndCall());
  }

  /** No new calls; resolves when all are over. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
    for (const undo of this.#undo) undo();
  }

  /** Every call may end now, and does. */
  break(): void {
    for (const call of this.calls) call.release();
    this.#broken.abort();
    this.#broken = brokenLine();
  }

  readonly #pickUp: Pickup = (party: Party) =>
    this.#answerAndTalk(party).catch((error: unknown) => {
      // Most often the call was over in the middle of picking up.
      note(`  churn: ${error instanceof Error ? error.message : String(error)}`);
    });

  async #answerAndTalk(party: Party): Promise<void> {
    const { chance } = this.site;
    await party.ring();
    if (await party.endsWithin(chance.between(...PICK_UP_MS))) return;
    await party.answer();
    // The one whom the phone shows: whoever it is really put through to is told by the ledger.
    const call = this.#byCaller.get(party.shown.number);
    if (call === undefined || party.progress !== 'up') return;
    if (!(await this.#hears(party))) {
      // Nobody there: one who picked up while the program was away is rung again later.
      await party.hangUp();
      return;
    }
    call.isRecorded = true;
    call.talks(party, CALLER_HZ, 0);
    const talkMs = chance.between(...TALK_MS);
    const first = chance.is(0.5) ? 'called' : 'caller';
    await Promise.race([
      Promise.all([call.caller.endsWithin(talkMs), party.endsWithin(talkMs)]),
      aborted(this.#broken.signal),
    ]);
    await call.hangUp(first);
  }

  async #hears(party: Party): Promise<boolean> {
    await party.listen();
    const heard = party.ear.waitForTone(CALLER_HZ, HEARD_LIMIT_MS).then(
      () => true,
      () => false,
    );
    return Promise.race([heard, party.endsWithin(HEARD_LIMIT_MS).then(() => false)]);
  }

  async #callAndCall(): Promise<void> {
    while (this.#running) {
      try {
        await this.#call();
      } catch (error) {
        note(`  churn: ${error instanceof Error ? error.message : String(error)}`);
      }
      await pause(this.site.chance.between(...PAUSE_MS));
    }
  }

  /** The menu's key, after a while of listening. */
  async #choose(call: WatchedCall): Promise<void> {
    if (!call.isUp) return;
    await pause(this.site.chance.between(200, 2_500));
    await call.caller.press('1').catch(() => note(`  churn: ${call.from} is gone before the key`));
    await pause(400);
  }

  async #call(): Promise<void> {
    const { carrier, chance } = this.site;
    const from = nextCaller();
    const what = chance.is(0.5) ? 'menu' : 'churn';
    const call = new WatchedCall(what, from, await carrier.call({ to: CHAOS_DIDS[what], from }));
    this.calls.push(call);
    this.#byCaller.set(from, call);
    const { signal } = this.#broken;
    await Promise.race([
      call.caller.answered(ANSWER_LIMIT_MS).catch((error: unknown) => {
        // Told below, unless the pbx was killed.
        if (!call.mayEnd) throw error;
      }),
      aborted(signal),
    ]);
    if (what === 'menu') await this.#choose(call);
    if (call.isUp) await call.caller.say(CALLER_HZ);
    await Promise.race([call.caller.endsWithin(chance.between(...PATIENCE_MS)), aborted(signal)]);
    // In a talk the agent's side decides.
    if (call.talk === undefined) await call.hangUp('caller');
    else await call.caller.endsWithin(ANSWER_LIMIT_MS);
    await call.caller.hangUp();
    this.#byCaller.delete(from);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function brokenLine(): AbortController {
  const controller = new AbortController();
  // Every call of the churn listens.
  setMaxListeners(0, controller.signal);
  return controller;
}
