import type { CarrierAri, CarrierEvent } from './carrier-ari.js';
import type { Ear } from './ear.js';
import { Handset } from './handset.js';

/** How a party's call ended: Q.850 cause, and the SIP status of the far end's refusal (0 where it was none). */
export interface Ending {
  readonly cause: number;
  readonly sipStatus: number;
}

type Progress = 'trying' | 'ringing' | 'early' | 'up' | 'ended';
const RANK: Record<Progress, number> = { trying: 0, ringing: 1, early: 1, up: 2, ended: 3 };

/** How long a key sounds and how long the pause after it is: what a person's thumb does, hurried. */
const KEY_MS = 100;
/** The argument with which a call that was placed here comes into the application, once both ends have answered. */
export const PLACED = 'placed';
const REFER_LIMIT_MS = 8_000;

/**
 * Somebody at a telephone beyond the pbx: a caller from outside, a called number, or one of the desk phones. One party is
 * one channel of the carrier Asterisk.
 */
export class Party {
  /** Keys that the far end sent to this party. */
  keysReceived = '';
  #progress: Progress = 'trying';
  #ending: Ending | undefined;
  #handset: Handset | undefined;
  #tone: string | undefined;
  readonly #waiters = new Set<() => void>();
  readonly #stopListening: () => void;

  constructor(
    private readonly ari: CarrierAri,
    /** Channel id on the carrier. */
    readonly id: string,
    /** Own number: the phone's, or the caller's. */
    readonly number: string,
    /** The caller's number and name as the pbx sent them; empty for calls that this party placed. */
    readonly shown: { readonly number: string; readonly name: string } = { number: '', name: '' },
  ) {
    this.#stopListening = ari.listen((event) => {
      this.#take(event);
    });
  }

  get progress(): Progress {
    return this.#progress;
  }
  get ending(): Ending | undefined {
    return this.#ending;
  }
  /** What this party hears. Throws before `listen`. */
  get ear(): Ear {
    if (this.#handset === undefined) throw new Error(`${this.number} does not listen`);
    return this.#handset.ear;
  }

  /** Resolves when both ends have answered. Rejects when the call ends instead, or after the limit. */
  async answered(limitMs: number): Promise<void> {
    await this.#until(limitMs, 'an answer', () => this.#progress === 'up' || this.#ended());
    if (this.#ended())
      throw new Error(
        `${this.number}: ended with cause ${String(this.#ending?.cause)}, SIP ${String(this.#ending?.sipStatus)}, instead of being answered`,
      );
  }

  /** Resolves when the far end rings. Rejects when the call ends or is answered without, or after the limit. */
  async rang(limitMs: number): Promise<void> {
    await this.#until(limitMs, 'ringing', () => this.#progress !== 'trying');
  }

  /** Resolves when the call is over for this party. */
  async ended(limitMs: number): Promise<Ending> {
    await this.#until(limitMs, 'the end of the call', () => this.#ended());
    return this.#ending ?? { cause: 0, sipStatus: 0 };
  }

  /** Whether the call is over within this time. */
  endsWithin(limitMs: number): Promise<boolean> {
    return this.#within(limitMs, () => this.#ended());
  }

  /** Resolves when the far end has sent these keys. */
  receivedKeys(keys: string, limitMs: number): Promise<void> {
    return this.#until(limitMs, `the keys ${keys}`, () => this.keysReceived.includes(keys));
  }

  /** Tells the far end that it rings here. */
  async ring(): Promise<void> {
    await this.ari.requestIfThere('POST', `/channels/${this.id}/ring`);
    this.#advance('ringing');
  }

  /** Picks up. Nothing happens where the caller has left meanwhile. */
  async answer(): Promise<void> {
    if (await this.ari.requestIfThere('POST', `/channels/${this.id}/answer`)) this.#advance('up');
  }

  /** Takes the handset to the ear: what arrives from now on is heard. The call must be answered. */
  async listen(): Promise<Ear> {
    this.#handset ??= await Handset.open(this.ari, this.id);
    return this.#handset.ear;
  }

  /** Sends a tone until `hush`, another `say` or the end. Somebody who does not listen may speak as well. */
  async say(frequency: number): Promise<void> {
    if (this.#handset !== undefined) {
      this.#handset.say(frequency);
      return;
    }
    await this.hush();
    this.#tone = `${this.id}-tone-${String(Date.now())}`;
    await this.ari.requestIfThere('POST', `/channels/${this.id}/play/${this.#tone}`, {
      query: { media: `tone:${String(frequency)}` },
    });
  }

  /** Falls silent. */
  async hush(): Promise<void> {
    this.#handset?.hush();
    const playback = this.#tone;
    this.#tone = undefined;
    if (playback !== undefined) await this.ari.requestIfThere('DELETE', `/playbacks/${playback}`);
  }

  /** Presses keys (RFC 4733). Resolves when the carrier accepted them; a tone that was being sent stops. */
  async press(keys: string): Promise<void> {
    await this.hush();
    await this.ari.request('POST', `/channels/${this.id}/dtmf`, {
      query: { dtmf: keys, duration: String(KEY_MS), between: String(KEY_MS) },
    });
  }

  /** Presses the hold key of a desk phone, and presses it again. */
  async hold(): Promise<void> {
    await this.ari.request('POST', `/channels/${this.id}/hold`);
  }
  async resume(): Promise<void> {
    await this.ari.request('DELETE', `/channels/${this.id}/hold`);
  }

  /**
   * Asks the pbx to transfer this call (SIP REFER), as a desk phone's transfer key does: to a SIP address, or to whom this
   * phone's other call is with. Resolves with what the pbx said, and leaves the handset beside the phone: nothing is heard
   * from now on.
   */
  async refer(to: string | { readonly address: string; readonly other: Party }): Promise<string> {
    const target =
      typeof to === 'string'
        ? to
        : `${to.address}?Replaces=${encodeURIComponent(await to.other.#dialog())}`;
    const said = new Promise<string>((resolve, reject) => {
      const stop = this.ari.listen((event) => {
        if (event.type !== 'StasisStart' || event.channel?.id !== this.id) return;
        clearTimeout(timer);
        stop();
        resolve(event.args[1] ?? '');
      });
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${this.number}: the pbx did not answer a REFER`));
      }, REFER_LIMIT_MS);
    });
    await this.ari.request('POST', `/channels/${this.id}/variable`, {
      query: { variable: 'REFER_TO', value: target },
    });
    await this.ari.request('POST', `/channels/${this.id}/continue`, {
      query: { context: 'refer', extension: 's', priority: '1' },
    });
    return said;
  }

  /** The dialog of this call, as somebody writes it who wants to replace it (RFC 3891): tags as the pbx sees them. */
  async #dialog(): Promise<string> {
    const read = async (what: string): Promise<string> => {
      const answer = await this.ari.request('GET', `/channels/${this.id}/variable`, {
        query: { variable: `CHANNEL(pjsip,${what})` },
      });
      return String((answer as { readonly value: unknown }).value);
    };
    const [id, local, remote] = [
      await read('call-id'),
      await read('local_tag'),
      await read('remote_tag'),
    ];
    return `${id};to-tag=${remote};from-tag=${local}`;
  }

  /** Hangs up, or refuses a ringing call: cause 17 is busy (486), 21 declined (403), 16 normal. */
  async hangUp(cause = 16): Promise<void> {
    await this.ari.requestIfThere('DELETE', `/channels/${this.id}`, {
      query: { reason_code: String(cause) },
    });
    await this.#handset?.close();
  }

  #ended(): boolean {
    return this.#progress === 'ended';
  }

  #advance(progress: Progress): void {
    if (RANK[progress] < RANK[this.#progress]) return;
    this.#progress = progress;
    for (const waiter of [...this.#waiters]) waiter();
  }

  #take(event: CarrierEvent): void {
    const id = event.channel?.id ?? event.peer?.id;
    if (id !== this.id && event.peer?.id !== this.id) return;
    switch (event.type) {
      case 'Dial':
        if (event.dialstatus === 'RINGING') this.#advance('ringing');
        if (event.dialstatus === 'PROGRESS') this.#advance('early');
        break;
      case 'StasisStart':
        // Somewhat later than the answer, and not before can it be told to do anything.
        if (event.args[0] === PLACED) this.#advance('up');
        break;
      case 'ChannelDtmfReceived':
        this.keysReceived += event.digit;
        for (const waiter of [...this.#waiters]) waiter();
        break;
      case 'ChannelDestroyed':
        this.#ending = { cause: event.cause, sipStatus: event.tech_cause };
        this.#stopListening();
        void this.#handset?.close();
        this.#advance('ended');
        break;
      default:
    }
  }

  async #until(limitMs: number, what: string, holds: () => boolean): Promise<void> {
    if (await this.#within(limitMs, holds)) return;
    throw new Error(
      `${this.number}: ${what} did not come within ${String(limitMs)} ms (${this.#progress})`,
    );
  }

  #within(limitMs: number, holds: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (outcome: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve(outcome);
      };
      const check = (): void => {
        if (holds()) settle(true);
      };
      const timer = setTimeout(settle, limitMs, false);
      this.#waiters.add(check);
      check();
    });
  }
}
