import type { ExtensionId } from '../kernel/ids.js';

/**
 * What a phone does by a code, asked from the page of whoever sits at it. But for the call-back its phone rings first, answers
 * by itself where it can, and then has dialled the code. Refused with `code-off` where the code is switched off.
 */
export type PhoneKeyCommand =
  /** Takes a call that rings at a colleague's phone. */
  | { readonly kind: 'phone-pick-up'; readonly extensionId: ExtensionId; readonly at: string }
  /** Speaks to a colleague's phone, or to those of a paging group. */
  | { readonly kind: 'phone-intercom'; readonly extensionId: ExtensionId; readonly number: string }
  | { readonly kind: 'phone-page'; readonly extensionId: ExtensionId; readonly number: string }
  /** Dials again what the phone dialled last. */
  | { readonly kind: 'phone-redial'; readonly extensionId: ExtensionId }
  /** Calls back when an extension is free; '': the one that the phone dialled last. One that is free is dialled at once. */
  | { readonly kind: 'busy-callback'; readonly extensionId: ExtensionId; readonly number: string };

/** Why it is not done, beside what holds for every call. */
export type PhoneKeyRefusal =
  'nothing-rings' | 'nothing-dialled' | 'no-extension-dialled' | 'code-off';
