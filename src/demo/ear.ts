import {
  carriesTone,
  loudness,
  pureTones,
  soundSpans,
  toneShare,
  toneSpans,
  type Span,
} from './tones.js';

/** Samples a second of everything that an ear hears. */
export const EAR_RATE = 8000;

const SAMPLES_PER_MS = EAR_RATE / 1000;
/** Later than this behind its predecessor, a packet begins after a silence instead of joining on. */
const LATE_MS = 100;
/** The stretch that is judged while listening. */
const GLANCE_MS = 100;
const QUIET_RMS = 150;
/** How often it is looked whether this process itself stands still, and for how long that explains late packets. */
const BEAT_MS = 20;
const STALL_COUNTS_MS = 200;

/** How long this process stood still lately, in ms: what arrived meanwhile was there in time, and is only read late. */
class Heart {
  #beatAt = performance.now();
  #stalledMs = 0;
  #stalledAt = -Infinity;

  constructor() {
    setInterval(() => {
      const now = performance.now();
      const lateMs = now - this.#beatAt - BEAT_MS;
      this.#beatAt = now;
      if (lateMs < BEAT_MS && now - this.#stalledAt < STALL_COUNTS_MS) return;
      this.#stalledMs = Math.max(0, lateMs);
      this.#stalledAt = now;
    }, BEAT_MS).unref();
  }

  get stalledMs(): number {
    return Math.max(this.#stalledMs, performance.now() - this.#beatAt - BEAT_MS);
  }
}
let heart: Heart | undefined;

/**
 * What somebody at a telephone hears, as it arrives, on a time line that counts from the ear's opening; where nothing
 * arrives there is silence. 16-bit samples, 8 kHz.
 */
export class Ear {
  readonly openedAt = Date.now();
  #samples = new Int16Array(EAR_RATE * 30);
  #length = 0;
  #closed = false;
  #broken = '';
  readonly #waiters = new Set<() => void>();
  readonly #heart = (heart ??= new Heart());

  /** Takes a packet of little-endian samples that has just arrived. */
  take(data: Buffer): void {
    const arrivedAt = Date.now();
    const count = Math.floor(data.length / 2);
    const lateMs = arrivedAt - this.openedAt - this.#length / SAMPLES_PER_MS;
    if (lateMs > LATE_MS + this.#heart.stalledMs) this.#fillTo(arrivedAt - count / SAMPLES_PER_MS);
    this.#reserve(this.#length + count);
    for (let i = 0; i < count; i++) this.#samples[this.#length++] = data.readInt16LE(i * 2);
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Everything heard until now. */
  samples(): Int16Array {
    this.#fillTo(Date.now());
    return this.#samples.slice(0, this.#length);
  }

  /** Milliseconds listened until now: where in the samples this moment is. */
  now(): number {
    return Date.now() - this.openedAt;
  }

  /** Where any sound was, counted from `fromMs`. */
  sounds(fromMs = 0): Span[] {
    return soundSpans(this.samples().subarray(fromMs * SAMPLES_PER_MS), EAR_RATE);
  }

  /** Where a tone was, counted from `fromMs`. */
  tones(frequency: number, fromMs = 0): Span[] {
    return toneSpans(this.samples().subarray(fromMs * SAMPLES_PER_MS), EAR_RATE, frequency);
  }

  /** Resolves as soon as the tone is there. Rejects after `limitMs`, saying what was heard instead. */
  waitForTone(frequency: number, limitMs: number): Promise<void> {
    let most = 0;
    return this.#wait(
      () => `a tone of ${String(frequency)} Hz (at most ${(most * 100).toFixed(0)} % of the sound)`,
      limitMs,
      (glance) => {
        most = Math.max(most, toneShare(glance, EAR_RATE, frequency));
        return carriesTone(glance, EAR_RATE, frequency);
      },
    );
  }

  /** Resolves as soon as anything is heard. */
  waitForSound(limitMs: number): Promise<void> {
    return this.#wait(
      () => 'a sound',
      limitMs,
      (glance) => loudness(glance) >= QUIET_RMS,
    );
  }

  /** Resolves as soon as nothing was heard for `quietMs`. */
  waitForSilence(quietMs: number, limitMs: number): Promise<void> {
    const begin = this.now();
    return this.#wait(
      () => `${String(quietMs)} ms of silence`,
      limitMs,
      () => {
        const from = this.#length - quietMs * SAMPLES_PER_MS;
        return (
          from >= begin * SAMPLES_PER_MS &&
          loudness(this.#samples.subarray(from, this.#length)) < QUIET_RMS
        );
      },
    );
  }

  /** Listens on until an instant of the ear's own time line. */
  async waitUntil(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - this.now())));
  }

  /** What was heard, in words, for a failure's message. */
  describe(): string {
    const text = (list: Span[]): string =>
      list.map((span) => `${String(span.startMs)}-${String(span.endMs)}`).join(' ') || 'never';
    const samples = this.samples();
    const tones = pureTones(samples, EAR_RATE).map(
      ({ frequency, startMs, endMs }) =>
        `${String(frequency)} Hz at ${String(startMs)}-${String(endMs)}`,
    );
    return `sound at ms ${text(this.sounds())}; tones: ${tones.join(', ') || 'none'}; listened ${String(this.now())} ms${this.#broken}`;
  }

  /** Nothing comes any more, and nobody has put the handset down. */
  breaks(): void {
    if (this.#closed) return;
    this.#broken = `; the line to the ear broke at ${String(this.now())} ms`;
    this.close();
  }

  /** The call is over: the time line ends here. What was heard stays readable. */
  close(): void {
    this.#fillTo(Date.now());
    this.#closed = true;
  }

  /** Silence up to an instant. */
  #fillTo(at: number): void {
    if (this.#closed) return;
    const length = Math.floor((at - this.openedAt) * SAMPLES_PER_MS);
    if (length <= this.#length) return;
    this.#reserve(length);
    this.#length = length;
  }

  #reserve(length: number): void {
    if (length <= this.#samples.length) return;
    const larger = new Int16Array(Math.max(length, this.#samples.length * 2));
    larger.set(this.#samples.subarray(0, this.#length));
    this.#samples = larger;
  }

  #wait(
    what: () => string,
    limitMs: number,
    holds: (glance: Int16Array) => boolean,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        this.#fillTo(Date.now() - LATE_MS - this.#heart.stalledMs);
        const from = Math.max(0, this.#length - GLANCE_MS * SAMPLES_PER_MS);
        if (!holds(this.#samples.subarray(from, this.#length))) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(
          new Error(`${what()} was not heard within ${String(limitMs)} ms; ${this.describe()}`),
        );
      }, limitMs);
      // Silence brings no packets, so that it is also looked for by the clock.
      const ticker = setInterval(check, GLANCE_MS);
      const end = (): void => {
        clearTimeout(timer);
        clearInterval(ticker);
        this.#waiters.delete(check);
      };
      this.#waiters.add(check);
      check();
    });
  }
}
