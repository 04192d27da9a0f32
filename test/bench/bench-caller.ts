import { isTone, RtpLine, type RtpClock } from '../support/rtp.js';

/** What the benchmark's prompt sounds like, and what a caller says once it was put through. */
export const PROMPT_HZ = 450;
export const CALLER_HZ = 1000;

/** A caller listens this long before pressing a key, as somebody does who knows the menu. */
const LISTEN_PACKETS = 20;
/** Own voice, echoed by the agent's phone, for this many packets: both hear each other. */
const ECHO_PACKETS = 10;

type Phase = 'calling' | 'greeting' | 'pressing' | 'queue' | 'talking';

/**
 * One caller's ear, mouth and thumb. SIP is SIPp's; here is the sound: waits for the greeting, presses 1 into it, takes what
 * follows, speaks, and knows that it was put through when its own tone comes back. All instants in ms since the epoch.
 */
export class BenchCaller {
  greetingAt: number | undefined;
  keyAt: number | undefined;
  effectAt: number | undefined;
  /** The own voice came back: both hear each other. */
  throughAt: number | undefined;
  #phase: Phase = 'calling';
  #count = 0;

  private constructor(
    readonly number: string,
    readonly line: RtpLine,
  ) {}

  static async open(number: string, clock: RtpClock): Promise<BenchCaller> {
    const holder: { caller?: BenchCaller } = {};
    const line = await RtpLine.open((samples, at) => holder.caller?.hear(samples, at));
    holder.caller = new BenchCaller(number, line);
    clock.add(line);
    return holder.caller;
  }

  /** Greeted, served by the menu, put through, heard. */
  get isComplete(): boolean {
    return this.#phase === 'talking' && this.#count >= ECHO_PACKETS;
  }

  /** How far it came, for a failure's message. */
  get phase(): string {
    return this.#phase;
  }

  private hear(samples: Int16Array, at: number): void {
    switch (this.#phase) {
      case 'calling':
        this.greetingAt ??= at;
        // A welcome may come before the menu; keys count in the menu only.
        if (isTone(samples, PROMPT_HZ)) this.#enter('greeting');
        return;
      case 'greeting':
        if (++this.#count < LISTEN_PACKETS) return;
        this.#enter('pressing');
        void this.line.press('1').then((keyAt) => {
          this.keyAt = keyAt;
        });
        return;
      case 'pressing':
        if (this.keyAt === undefined || isTone(samples, PROMPT_HZ)) return;
        this.effectAt = at;
        this.line.say(CALLER_HZ);
        this.#enter('queue');
        return;
      case 'queue':
        if (!isTone(samples, CALLER_HZ)) return;
        this.throughAt = at;
        this.#enter('talking');
        return;
      case 'talking':
        if (isTone(samples, CALLER_HZ)) this.#count += 1;
        return;
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#count = 0;
  }
}
