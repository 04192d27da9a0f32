import type { AuditLog } from '../audit/audit.js';
import type { DeskPhoneId, ExtensionId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { DeskPhoneDraft, DeskPhoneSort, PhoneSecrets, StoredDeskPhone } from './desk-phone.js';

/** What became of a phone's question: it got the file, was switched off, or asked for what there is not. */
export type FetchOutcome = 'sent' | 'switched-off' | 'not-found';

/** A phone asked for a file. */
export interface PhoneFetch {
  readonly at: Date;
  readonly address: string;
  /** What it called itself (`User-Agent`). */
  readonly program: string;
  readonly file: string;
  readonly outcome: FetchOutcome;
}

/** An extension that can be on a phone. */
export interface LineOption {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
}

/** New phones come with their secrets; the form does not change them. */
export type NewDeskPhone = DeskPhoneDraft &
  Partial<PhoneSecrets> & { readonly secretHash?: string };

/** Desk phones. */
export interface DeskPhoneStore extends VersionedStore<
  DeskPhoneId,
  NewDeskPhone,
  StoredDeskPhone,
  DeskPhoneSort
> {
  /** In use, by the SHA-256 of the secret in its address. */
  bySecret(hash: string): Promise<StoredDeskPhone | undefined>;
  /** All or none, with what `record` writes to the audit log. Throws `invalid-fields`. */
  insertAll(
    drafts: readonly NewDeskPhone[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void>;
  /** Which of these addresses are taken, by archived phones too. */
  taken(macs: readonly string[]): Promise<ReadonlySet<string>>;
  /** Extensions in use, by number. */
  extensions(): Promise<readonly LineOption[]>;
  /** Sealed passwords of extensions in use. */
  passwords(ids: readonly ExtensionId[]): Promise<ReadonlyMap<ExtensionId, string>>;
  /** `hash`: of the own file, where that was sent. Keeps the last of each phone. */
  noteFetch(id: DeskPhoneId, fetch: PhoneFetch, hash?: string): Promise<void>;
  /** Newest first. */
  fetches(id: DeskPhoneId): Promise<readonly PhoneFetch[]>;
}
