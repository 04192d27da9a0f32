import type { Target } from './directory.js';

/** What can be an operator: somebody who answers. */
export type OperatorTarget = Extract<
  Target,
  { readonly kind: 'extension' | 'ring-group' | 'queue' }
>;

/** Who helps callers that know nobody: one place for the whole site. */
export interface Operator {
  /** Dialled from desk phones, 1 to 8 digits; '' for none. */
  readonly number: string;
  /** Where calls for the operator go; absent where nobody has said. */
  readonly target?: OperatorTarget;
}

/** As phones are used to it. */
export const DEFAULT_OPERATOR: Operator = { number: '0' };
