import type { Party } from '../../src/demo/party.js';
import type { CHAOS_DIDS } from './company.js';

/** Longer than any round: the end of a call is waited for without a limit of its own. */
const ROUND_LIMIT_MS = 600_000;
/** Both talked for less than this before something happened: the program need not have noticed that they did. */
const NOTICED_MS = 1_000;
/** Another run's numbers are others: a node may still have something to tell of those. */
let serial = Math.floor(Math.random() * 300_000);

/** A caller's number that no other call of this run has. */
export const nextCaller = (): string => `+442079${String(600_000 + serial++)}`;

/** What the outside knows of a talk: who, and from when to when both were connected, in ms since the epoch. */
export interface WatchedTalk {
  readonly called: Party;
  readonly callerHz: number;
  readonly calledHz: number;
  readonly from: number;
  until?: number;
}

/** One call as the outside sees it: the account that the ledger is compared with. */
export class WatchedCall {
  /** Somebody hung up, or the test's own Asterisk was killed: ending is no loss from now on. */
  mayEnd = false;
  endedAt: number | undefined;
  /** It ended, and nobody had hung up. */
  isDropped = false;
  talk: WatchedTalk | undefined;
  isRecorded = false;
  /** The program was away when it ended: nobody could see how long it was. */
  endedUnseen = false;

  constructor(
    readonly what: keyof typeof CHAOS_DIDS,
    readonly from: string,
    readonly caller: Party,
  ) {
    void caller.endsWithin(ROUND_LIMIT_MS).then((ended) => {
      if (ended) this.#over();
    });
  }

  /** Both are connected since now. */
  talks(called: Party, callerHz: number, calledHz: number, from = Date.now()): void {
    this.talk = { called, callerHz, calledHz, from };
    void called.endsWithin(ROUND_LIMIT_MS).then((ended) => {
      if (ended) this.#over();
    });
  }

  /** Whether they talked long enough that the ledger must know of it. */
  get hasTalked(): boolean {
    return this.talk !== undefined && (this.talk.until ?? Date.now()) - this.talk.from > NOTICED_MS;
  }

  get isUp(): boolean {
    return this.endedAt === undefined && this.caller.progress === 'up';
  }

  /** From now on it may end without being lost. */
  release(): void {
    this.mayEnd = true;
    if (this.talk !== undefined) this.talk.until ??= Date.now();
  }

  /** One of the two hangs up, and then whoever is left. */
  async hangUp(first: 'caller' | 'called', limitMs = 5_000): Promise<void> {
    this.release();
    const called = this.talk?.called;
    if (first === 'called' && called !== undefined) {
      await called.hangUp();
      await this.caller.endsWithin(limitMs);
    }
    await this.caller.hangUp();
    if (called === undefined) return;
    if (!(await called.endsWithin(limitMs))) await called.hangUp();
  }

  #over(): void {
    this.endedAt ??= Date.now();
    if (this.talk !== undefined) this.talk.until ??= this.endedAt;
    if (!this.mayEnd) this.isDropped = true;
    this.mayEnd = true;
  }
}
