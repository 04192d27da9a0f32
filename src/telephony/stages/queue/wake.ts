import type { AgentId } from '../../../kernel/ids.js';
import type { LineNews } from '../../calls/acd-runner.js';
import type { DialOutcome } from '../../calls/leg.js';

/** Whatever happens to a waiting caller: from the line, from the phones that ring, from clocks and keys. */
export type Wake =
  | LineNews
  /** A phone that was rung has answered, or will not; `outcome` is absent where we stopped ringing it ourselves. */
  | { readonly kind: 'rang'; readonly agent: AgentId; readonly outcome: DialOutcome | undefined }
  | { readonly kind: 'callback-wanted'; readonly number: string };
