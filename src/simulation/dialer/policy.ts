import type { LineEnd } from '../../engines/dialer/laws.js';

/** What decides in a simulation how many calls are started: our engine, or what it is compared with. Instants in ms. */
export interface Policy {
  readonly name: string;
  /** How often it is asked. */
  readonly everyMs: number;
  /** It is also asked at once when a call was answered. */
  readonly asksOnAnswer: boolean;
  agentIdle(agent: number, at: number): void;
  agentTalking(agent: number, at: number): void;
  agentWrapsUp(agent: number, at: number): void;
  agentGone(agent: number): void;
  /** `score`: how much more often than others the number answers, where that is known. */
  lineStarted(id: string, at: number, score?: number): void;
  /** It was answered, and it is not known yet by whom. */
  lineDetecting(id: string): void;
  lineEnded(id: string, end: LineEnd, at: number): void;
  connected(id: string, at: number): void;
  lost(id: string, why: 'abandoned' | 'hung-up', at: number): void;
  decide(
    at: number,
    room: number,
    scoreOf?: (place: number) => number,
  ): { readonly start: number; readonly giveUp: readonly string[] };
}
