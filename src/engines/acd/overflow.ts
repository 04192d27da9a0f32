/** How a queue sends callers elsewhere instead of letting them wait. 0 is without limit. */
export interface OverflowRule {
  /** Callers in line at most. */
  readonly maxLength: number;
  /** Callers in line for each signed-in agent at most. */
  readonly maxPerAgent: number;
  readonly leavesWhenEmpty: boolean;
  /** Those still in line when the queue closes are sent on too; else they are served. */
  readonly clearsAtClosing: boolean;
}

/** What counts for the decision. `others`: in line besides this caller. */
export interface LineMoment {
  readonly others: number;
  readonly signedIn: number;
  readonly isOpen: boolean;
  /** The caller comes just now; else it has waited already. */
  readonly isNew: boolean;
}

export type OverflowReason =
  'queue-closed' | 'line-full' | 'nobody-signed-in' | 'too-many-per-agent';

/** What a queue may have a target of its own for: it is closed, nobody is signed in, the line is full, the wait is over. */
export const OVERFLOW_CASES = ['closed', 'empty', 'full', 'late'] as const;
export type OverflowCase = (typeof OVERFLOW_CASES)[number];

const CASES: ReadonlyMap<string, OverflowCase> = new Map<OverflowReason | 'max-wait', OverflowCase>(
  [
    ['queue-closed', 'closed'],
    ['nobody-signed-in', 'empty'],
    ['line-full', 'full'],
    ['too-many-per-agent', 'full'],
    ['max-wait', 'late'],
  ],
);

/** Targets for some of the cases. */
export type OverflowTargets<Target> = Readonly<Partial<Record<OverflowCase, Target>>>;

/** Where a queue sends callers on: what is not named for a case goes the general way. */
export interface OverflowWays<Target> {
  readonly overflow: Target;
  readonly overflowFor?: OverflowTargets<Target>;
}

/** Where a caller goes who leaves for a reason; a supervisor's "send on" and an archived queue go the general way. */
export function overflowFor<Target>(
  { overflow, overflowFor: own }: OverflowWays<Target>,
  reason: string,
): Target {
  const case_ = CASES.get(reason);
  return (case_ && own?.[case_]) ?? overflow;
}

/** Everywhere that callers may be sent on to. */
export const overflowTargets = <Target>({
  overflow,
  overflowFor: own = {},
}: OverflowWays<Target>): readonly Target[] => [
  overflow,
  ...OVERFLOW_CASES.flatMap((one) => own[one] ?? []),
];

/** Why a caller is sent on instead of waiting; undefined where the caller may wait. */
export function overflowReason(
  rule: OverflowRule,
  { others, signedIn, isOpen, isNew }: LineMoment,
): OverflowReason | undefined {
  if (!isOpen && (isNew || rule.clearsAtClosing)) return 'queue-closed';
  if (rule.leavesWhenEmpty && signedIn === 0) return 'nobody-signed-in';
  if (!isNew) return undefined;
  if (rule.maxLength > 0 && others >= rule.maxLength) return 'line-full';
  if (rule.maxPerAgent > 0 && others >= rule.maxPerAgent * signedIn) return 'too-many-per-agent';
  return undefined;
}
