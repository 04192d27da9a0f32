import type { CallResult, Direction } from '../../kernel/call-event.js';
import type { AgentId, CallId, ExtensionId, QueueId } from '../../kernel/ids.js';
import type { AgentState } from '../../telephony/live.js';

/** What an agent can ask for from the page: the last part of `/workspace/commands/<name>`. */
export const WORKSPACE_COMMANDS = [
  'sign-in',
  'sign-out',
  'available',
  'not-ready',
  'finish',
  'extend',
  'hang-up',
  'dial',
  'redial',
  'call-back',
  'pick-up',
  'preview-call',
  'preview-skip',
  'preview-refuse',
  'preview-schedule',
  'hold',
  'resume',
  'consult',
  'transfer',
  'swap',
  'complete',
  'conference',
  'drop',
  'record-start',
  'record-stop',
  'record-pause',
  'record-resume',
] as const;
export type WorkspaceCommand = (typeof WORKSPACE_COMMANDS)[number];

/** Somebody, or something, that a call can be sent to, as the page lists it. */
export interface TransferChoice {
  readonly kind: 'extension' | 'queue' | 'flow' | 'number' | 'park';
  /** Of extension, queue and flow; the number itself where it is dialled. */
  readonly value: string;
  readonly name: string;
  /** The extension's number; '' elsewhere. */
  readonly number: string;
  /** A person or a number can be asked first. */
  readonly canBeAsked: boolean;
  readonly state:
    | { readonly kind: 'agent'; readonly state: AgentState; readonly reason: string }
    | { readonly kind: 'phone'; readonly is: 'free' | 'busy' | 'away' }
    | {
        readonly kind: 'queue';
        readonly isOpen: boolean;
        readonly free: number;
        readonly waiting: number;
        readonly longestSince: number | undefined;
      }
    | undefined;
}

export type ChoiceGroup = 'recent' | 'queues' | 'people' | 'flows' | 'groups' | 'number' | 'park';

/** The phone that an agent sits at by default, and how the agent is known. */
export interface AgentSeat {
  readonly id: AgentId;
  readonly name: string;
  /** Number of the agent's own extension; '' where none is set. */
  readonly extension: string;
  /** E.164: away from the desk; '' for none. */
  readonly outsidePhone: string;
}

/** A phone that an agent can sign in at. */
export interface Phone {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
}

/** Connected calls of one agent since midnight in the site's zone. */
export interface TodayFigures {
  readonly calls: number;
  /** Undefined where there was none. */
  readonly averageTalkMs: number | undefined;
}

/** A call of the past, or the present one, as lists on the page show it. */
export interface PastCall {
  readonly id: CallId;
  readonly startedAt: Date;
  readonly direction: Direction;
  readonly from: { readonly number: string; readonly name: string };
  readonly toNumber: string;
  readonly queueName: string;
  readonly agentId: AgentId | undefined;
  readonly agentName: string;
  /** Undefined while the call goes on. */
  readonly result: CallResult | undefined;
  readonly waitMs: number;
  readonly talkMs: number;
}

/** How a call came to an agent: from the ledger. */
export interface OfferStory {
  readonly queueId: QueueId;
  /** Place in line on entry. */
  readonly place: number;
  /** Undefined while the caller still waits. */
  readonly waitedMs: number | undefined;
  /** `<code>:<parameter>`, as the distribution gave them. */
  readonly reasons: readonly string[];
}

/** A callback that an agent is offered, or carries out. */
export interface CallbackStory {
  readonly askedAt: Date;
  /** Place in line on entry; undefined where the ledger does not tell. */
  readonly place: number | undefined;
  /** From entering the line until the agent answered, or until now. */
  readonly waitedMs: number;
  readonly queueName: string;
  /** Tries before this one. */
  readonly attempts: number;
  /** How the one before ended; '' for none. */
  readonly lastOutcome: string;
  readonly note: string;
}

/** What calls the other end of a call again; '' where that is nobody outside, or showed no number. */
export const numberToCall = ({
  direction,
  from,
  toNumber,
}: Pick<PastCall, 'direction' | 'from' | 'toNumber'>): string =>
  direction === 'outbound' ? toNumber : direction === 'inbound' ? from.number : '';
