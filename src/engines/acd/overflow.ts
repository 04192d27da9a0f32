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
