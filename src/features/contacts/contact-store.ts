import type { ContactId, UserId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { VersionedStore } from '../configuration/index.js';
import type { ContactDraft, StoredContact } from './contact.js';

type WriteLine = (audit: AuditLog) => Promise<void>;

/** People with what stands beside their data. What is given an audit line keeps it in the same transaction. */
export interface ContactBesides extends VersionedStore<
  ContactId,
  ContactDraft,
  StoredContact,
  'name'
> {
  addRemark(id: ContactId, user: UserId | undefined, text: string): Promise<void>;
  addConsent(
    id: ContactId,
    kind: 'given' | 'withdrawn',
    source: string,
    record: WriteLine,
  ): Promise<void>;
  revive(id: ContactId, number: string, record: WriteLine): Promise<void>;
  /** Only the audit line. */
  note(record: WriteLine): Promise<void>;
}
