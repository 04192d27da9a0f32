import type { Clock } from '../kernel/clock.js';
import type { Scope } from '../kernel/scope.js';
import type { CallLog } from './calls/services.js';

/** Asks a node's SIP stack whether it is alive. */
export interface SipProbe {
  /** Milliseconds until any answer came; undefined where none came in time. Never rejects. */
  ask(): Promise<number | undefined>;
}

/** How a node's SIP is. Instants and durations in ms. */
export interface SipState {
  /** undefined until it was asked for the first time. */
  readonly isAnswering: boolean | undefined;
  /** How long the last answer took; undefined where none came. */
  readonly answeredInMs: number | undefined;
  /** Since when no answer has come; undefined while they come. */
  readonly silentSince: number | undefined;
}

/** How often it is asked. */
const EVERY_MS = 10_000;
/** So many questions in a row without an answer are an alarm: one may be lost on the way. */
const SILENT_QUESTIONS = 3;
/** While answers are missing it is asked sooner. */
const AGAIN_MS = 2_000;

/**
 * A transfer that phone and program carry out together can lock Asterisk's SIP stack for ever while everything else of it
 * goes on (asterisk/asterisk issue 2166): ARI answers, calls in progress are heard, and no call comes in. Only asking by SIP
 * itself tells. The alarm is logged once, and when it is over.
 */
export class SipWatch {
  #state: SipState = { isAnswering: undefined, answeredInMs: undefined, silentSince: undefined };

  constructor(
    scope: Scope,
    private readonly deps: {
      readonly probe: SipProbe;
      readonly clock: Clock;
      readonly log: CallLog;
      readonly node: string;
    },
  ) {
    scope.fork('sip watch', async (s) => {
      let silent = 0;
      for (;;) {
        const ms = await deps.probe.ask();
        if (s.cancelled) return;
        silent = ms === undefined ? silent + 1 : 0;
        this.#note(ms, silent);
        const isWaiting = silent > 0 && silent < SILENT_QUESTIONS;
        await deps.clock.sleep(isWaiting ? AGAIN_MS : EVERY_MS, s.signal);
      }
    });
  }

  get state(): SipState {
    return this.#state;
  }

  #note(answeredInMs: number | undefined, silent: number): void {
    const { clock, log, node } = this.deps;
    const was = this.#state.isAnswering;
    const silentSince =
      answeredInMs === undefined ? (this.#state.silentSince ?? clock.now()) : undefined;
    // Before the alarm it counts as it did.
    const isAnswering =
      answeredInMs !== undefined ? true : silent >= SILENT_QUESTIONS ? false : was;
    this.#state = { isAnswering, answeredInMs, silentSince };
    if (isAnswering === false && was !== false)
      log.error({ node, silentSince }, 'Asterisk does not answer SIP any more');
    if (isAnswering === true && was === false) log.info({ node }, 'Asterisk answers SIP again');
  }
}
