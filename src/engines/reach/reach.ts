/** When a call goes on to another number instead of staying at its phone. */
export const FORWARD_REASONS = ['always', 'busy', 'no-answer', 'unregistered'] as const;
export type ForwardReason = (typeof FORWARD_REASONS)[number];

/** A phone that rings besides the extension's own. */
export interface FollowMeEntry {
  /** An extension, or E.164. */
  readonly number: string;
  readonly ringMs: number;
  /** Rings together with the one before it, the first with the own phone; else after it. */
  readonly isTogether: boolean;
}

/** What somebody set for the calls to an extension. */
export interface CallHandling {
  /** Nobody is rung: callers hear busy, or go where busy leads. */
  readonly doNotDisturb: boolean;
  /** Numbers as `normaliseNumber` gives them; '' is off. */
  readonly forwards: Readonly<Record<ForwardReason, string>>;
  /** A second call rings while the phone has one; else it is busy. */
  readonly callWaiting: boolean;
  /** Phones with the same one may take each other's ringing calls; '' is none. */
  readonly pickupGroup: string;
  /** Where calls ring besides the own phone. */
  readonly followMe: {
    readonly isOn: boolean;
    /** Outside phones take a call by a key, so that no mailbox of a mobile phone has it. */
    readonly confirms: boolean;
    readonly entries: readonly FollowMeEntry[];
  };
}

/** What an extension has that nobody has set anything for. */
export const PLAIN_HANDLING: CallHandling = {
  doNotDisturb: false,
  forwards: { always: '', busy: '', 'no-answer': '', unregistered: '' },
  callWaiting: true,
  pickupGroup: '',
  followMe: { isOn: false, confirms: true, entries: [] },
};

/** An extension's phone at the moment of the decision. */
export interface PhoneNow {
  readonly isRegistered: boolean;
  /** Calls that it has, ringing ones too. */
  readonly lines: number;
  /** Keeps its only line for something else: its agent has a queue's call, or it is the phone that calls. */
  readonly isTaken: boolean;
}

/** Why a call was sent on: the forward that was set, and whether busy meant do not disturb. */
export type HopReason = ForwardReason | 'do-not-disturb';

/** One hop of a call that was sent on. */
export interface Hop {
  /** Number of the extension that sent it on. */
  readonly from: string;
  readonly to: string;
  readonly reason: HopReason;
}

/** How ringing the phone ended. */
export type RingFailure = 'busy' | 'declined' | 'no-answer' | 'unreachable' | 'failed';

export interface ReachInput {
  readonly number: string;
  readonly handling: CallHandling;
  readonly phone: PhoneNow;
  /** How the call came here, oldest first. */
  readonly hops: readonly Hop[];
  /** Absent before the phone has rung. */
  readonly rang?: RingFailure;
}

/** A forward that was not followed. `loop`: its end has sent this call on already, or is the same phone. */
export interface RefusedHop extends Hop {
  readonly why: 'loop' | 'too-many';
}

/** Why nobody at the extension takes the call. */
export type NobodyWhy = 'do-not-disturb' | 'busy' | 'no-answer' | 'unreachable';

/** What to do with the call now. `refused`: forwards that would have come first. */
export type Reach = { readonly refused: readonly RefusedHop[] } & (
  | { readonly kind: 'ring' }
  | { readonly kind: 'forward'; readonly hop: Hop }
  | { readonly kind: 'nobody'; readonly why: NobodyWhy }
);

/** A phone shows two calls at most; a third one is busy everywhere. */
const MOST_LINES = 2;
/** A call that was sent on so often stays where it is: longer chains are mistakes, and each hop costs the caller time. */
export const MOST_HOPS = 8;

/**
 * Where a call to an extension goes now: before the phone has rung, or after ringing it was of no use. No call goes round:
 * an extension sends a call on once, and never back to one that has sent it on.
 */
export function decideReach(input: ReachInput): Reach {
  const { handling, number } = input;
  const state = stateNow(input);
  const refused: RefusedHop[] = [];
  for (const forward of forwardsFor(input, state)) {
    const to = handling.forwards[forward];
    if (to === '') continue;
    const isQuiet = forward === 'busy' && state === 'do-not-disturb';
    const hop: Hop = { from: number, to, reason: isQuiet ? state : forward };
    const why = refusal(input.hops, hop);
    if (why === undefined) return { kind: 'forward', hop, refused };
    refused.push({ ...hop, why });
  }
  return state === 'free' ? { kind: 'ring', refused } : { kind: 'nobody', why: state, refused };
}

function stateNow({ handling, phone, rang }: ReachInput): NobodyWhy | 'free' {
  if (rang === undefined) {
    if (handling.doNotDisturb) return 'do-not-disturb';
    // Others ring in its place.
    if (!phone.isRegistered) return followsMe(handling) ? 'free' : 'unreachable';
    const mostLines = handling.callWaiting ? MOST_LINES : 1;
    return phone.isTaken || phone.lines >= mostLines ? 'busy' : 'free';
  }
  switch (rang) {
    case 'busy':
    case 'declined':
      return 'busy';
    case 'no-answer':
      return 'no-answer';
    case 'unreachable':
    case 'failed':
      return 'unreachable';
  }
}

/** Calls ring at other phones, too. */
export const followsMe = ({ followMe }: CallHandling): boolean =>
  followMe.isOn && followMe.entries.length > 0;

const FORWARD_FOR: Readonly<Record<NobodyWhy, ForwardReason>> = {
  'do-not-disturb': 'busy',
  busy: 'busy',
  'no-answer': 'no-answer',
  unreachable: 'unregistered',
};

function forwardsFor({ rang }: ReachInput, state: NobodyWhy | 'free'): readonly ForwardReason[] {
  const now = state === 'free' ? [] : [FORWARD_FOR[state]];
  return rang === undefined ? ['always', ...now] : now;
}

function refusal(hops: readonly Hop[], { from, to }: Hop): RefusedHop['why'] | undefined {
  const hasSentOn = (number: string): boolean => hops.some((hop) => hop.from === number);
  if (to === from || hasSentOn(from) || hasSentOn(to)) return 'loop';
  return hops.length >= MOST_HOPS ? 'too-many' : undefined;
}

/**
 * The circle in which calls to `number` would go by `always` alone, as numbers from the first that comes twice back to it;
 * [] where there is none. `alwaysOf`: where an extension sends all calls, '' for nowhere.
 */
export function forwardCircle(
  number: string,
  alwaysOf: (number: string) => string,
): readonly string[] {
  const seen: string[] = [];
  for (let at = number; at !== ''; at = alwaysOf(at)) {
    const first = seen.indexOf(at);
    if (first >= 0) return [...seen.slice(first), at];
    seen.push(at);
  }
  return [];
}
