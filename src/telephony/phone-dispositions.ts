import type { AgentId } from '../kernel/ids.js';
import type { DispositionConfig } from './directory.js';

/** What became of a key that an agent dialled. */
export type PhoneChoice =
  | { readonly kind: 'chosen'; readonly disposition: DispositionConfig }
  /** No disposition of the call has the key; `offered` are those that have one, in the order of the tree. */
  | { readonly kind: 'unknown-key'; readonly offered: readonly DispositionConfig[] }
  /** There is no call to say anything of. */
  | { readonly kind: 'no-call' }
  /** It could not be kept. */
  | { readonly kind: 'failed' };

/** What agents say on their desk phones that calls came to. */
export interface PhoneDispositions {
  /** The disposition with this key for the agent's call of now, or of a moment ago. Kept when it says so. Never rejects. */
  choose(agent: AgentId, key: string): Promise<PhoneChoice>;
}
