import type { CallEvent } from '../kernel/call-event.js';
import type { FlowId, FlowTrialId } from '../kernel/ids.js';

/** A test call of a flow's draft: a phone rings, and whoever answers is the caller. */
export interface FlowTrial {
  readonly id: FlowTrialId;
  readonly flow: FlowId;
  /** Number of the phone that rings. */
  readonly extension: string;
  /** The number that seems to have been called; '' for none. */
  readonly to: string;
  /** The number that seems to call; '' for that of the phone. */
  readonly from: string;
  readonly fromName: string;
  /** When it seems to be, in ms since the epoch, at the moment in which the phone is answered; absent for now. */
  readonly moment?: number;
  /** False where the call ends when the flow hands it over: nobody's phone rings. */
  readonly handsOver: boolean;
}

/** What a call keeps of the trial that it is. */
export interface TrialFacts {
  readonly id: FlowTrialId;
  /** What is added to the clock for what the caller hears of the time, in ms. */
  readonly shiftMs: number;
  readonly handsOver: boolean;
}

/** What is told of a trial, in order, while it goes on. */
export type TrialNews =
  | { readonly kind: 'ringing'; readonly flow: FlowId }
  | { readonly kind: 'unanswered' }
  /** A line of the call's ledger. */
  | { readonly kind: 'event'; readonly event: CallEvent }
  /** What the flow's variables hold now, secret ones covered. */
  | { readonly kind: 'variables'; readonly values: Readonly<Record<string, string>> };

/** The trials under way. */
export interface FlowTrials {
  find(id: FlowTrialId): Promise<FlowTrial | undefined>;
  /** Tells those who watch; never rejects. */
  note(id: FlowTrialId, news: TrialNews): void;
}

/** The version by which a call names the draft of a trial. */
export const versionOfTrial = (id: FlowTrialId): number => -Number(id);
