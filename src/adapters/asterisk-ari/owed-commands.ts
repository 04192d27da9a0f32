import { AriError } from '../../telephony/ari/port.js';

const AGAIN_AFTER_MS = 1_000;

/**
 * What a node was to end (a channel, a bridge) while it could not be told: whoever asked has gone on as if it were done, so
 * that it is asked again until the node has answered. Else a phone would stay on the line with nobody.
 */
export class OwedCommands {
  readonly #owed = new Map<string, () => Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** `isUp`: whether asking has any point now. */
  constructor(private readonly isUp: () => boolean) {}

  /** Sends it; where the node does not answer, that is told, and it is sent again later. `key`: what it ends. */
  async send(key: string, command: () => Promise<void>): Promise<void> {
    try {
      await command();
      this.#owed.delete(key);
    } catch (error) {
      if (isUnanswered(error)) {
        this.#owed.set(key, command);
        this.#schedule();
      } else this.#owed.delete(key);
      throw error;
    }
  }

  /** It is wanted again: a room's bridge has the same name each time. */
  forget(key: string): void {
    this.#owed.delete(key);
  }

  /** How many are owed. */
  get size(): number {
    return this.#owed.size;
  }

  /** What is owed is the next process's matter: it ends what belongs to no call. */
  close(): void {
    clearTimeout(this.#timer);
    this.#owed.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#owed.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#sendAgain();
    }, AGAIN_AFTER_MS);
    this.#timer.unref();
  }

  async #sendAgain(): Promise<void> {
    if (this.isUp())
      for (const [key, command] of [...this.#owed])
        try {
          await command();
          this.#owed.delete(key);
        } catch (error) {
          // The node has answered: it is gone, or cannot be ended.
          if (!isUnanswered(error)) this.#owed.delete(key);
        }
    this.#timer = undefined;
    this.#schedule();
  }
}

const isUnanswered = (error: unknown): boolean =>
  error instanceof AriError && (error.failure === 'unavailable' || error.failure === 'timeout');
