import type { ListResult } from '../../kernel/list.js';

/** A line of the audit log as it is shown. */
export interface AuditLine {
  readonly id: number;
  readonly at: Date;
  readonly userName: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly changes: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
  readonly address: string;
}

/** What the audit page asks for; the newest lines come first. '' and undefined do not narrow. */
export interface AuditQuery {
  readonly search: string;
  readonly kind: string;
  readonly objectId: string;
  /** From this instant on, and before the other. */
  readonly from: Date | undefined;
  readonly until: Date | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface AuditReports {
  list(query: AuditQuery): Promise<ListResult<AuditLine>>;
  /** Kinds of objects that occur. */
  kinds(): Promise<readonly string[]>;
}
