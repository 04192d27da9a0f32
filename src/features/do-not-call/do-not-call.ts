import { z } from 'zod';
import type { Actor } from '../../kernel/actor.js';
import { textField } from '../../kernel/fields.js';
import type { CallId, CampaignId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';

/** How a number came to be left alone. */
export const DO_NOT_CALL_SOURCES = ['import', 'key', 'agent', 'page', 'api', 'caller'] as const;
export type DoNotCallSource = (typeof DO_NOT_CALL_SOURCES)[number];

/** A number that nobody calls: for one campaign, or (0) for any. */
export interface DoNotCallEntry {
  readonly id: number;
  readonly number: string;
  readonly campaignId: CampaignId | 0;
  readonly campaignName: string;
  readonly source: DoNotCallSource;
  readonly note: string;
  readonly userName: string;
  readonly callId: CallId | undefined;
  readonly at: Date;
}

export interface NewDoNotCall {
  readonly number: string;
  readonly campaignId: CampaignId | 0;
  readonly source: DoNotCallSource;
  readonly note: string;
}

export interface DoNotCallQuery {
  /** How numbers begin; empty for all. */
  readonly prefixes: readonly string[];
  readonly wholeOnly: boolean;
  readonly campaignId: CampaignId | 0 | undefined;
  readonly source: DoNotCallSource | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** More are not counted: the page says so. */
export const COUNT_AT_MOST = 10_000;

export interface DoNotCallPage {
  readonly rows: readonly DoNotCallEntry[];
  readonly total: number;
  readonly isMore: boolean;
}

/** Numbers that nobody calls. What is given an audit line keeps it in the same transaction. */
export interface DoNotCallStore {
  list(query: DoNotCallQuery): Promise<DoNotCallPage>;
  find(id: number): Promise<DoNotCallEntry | undefined>;
  /** False where the number is there already. */
  add(
    entry: NewDoNotCall,
    actor: Actor,
    record: (audit: AuditLog, id: number) => Promise<void>,
  ): Promise<boolean>;
  remove(id: number, record: (audit: AuditLog) => Promise<void>): Promise<void>;
  campaigns(): Promise<readonly { readonly id: CampaignId; readonly name: string }[]>;
}

export const NOTE_MAX = 200;

/** The form. */
export const doNotCallSchema = z.object({
  number: textField({ max: 60 }),
  campaignId: z.coerce.number().int().min(0).default(0),
  note: textField({ max: NOTE_MAX }),
});
