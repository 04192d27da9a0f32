import type { CallHandling, ForwardReason } from '../engines/reach/reach.js';
import type { ExtensionId } from '../kernel/ids.js';

/** What one key sequence on a phone changes. */
export type HandlingChange = Partial<Pick<CallHandling, 'doNotDisturb' | 'callWaiting'>> & {
  readonly forwards?: Readonly<Partial<Record<ForwardReason, string>>>;
  readonly followMe?: { readonly isOn: boolean };
};

/** What phones change of how calls to them are handled. */
export interface PhoneSettings {
  /** True once it is kept, and calls from then on see it; false where it cannot be kept now. Never rejects. */
  change(extension: ExtensionId, change: HandlingChange): Promise<boolean>;
}
