/** A row of `audit_entries`. */
export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly user_name: string;
  readonly action: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly object_name: string;
  /** Text or value: drivers read JSON columns of MariaDB and of MySQL differently. */
  readonly changes: string | AuditChanges | null;
  readonly address: string;
}

type AuditChanges = Readonly<Record<string, readonly [from: unknown, to: unknown]>>;

/** What was changed, by field; empty where nothing is kept. */
export const changesOf = ({ changes }: Pick<AuditRow, 'changes'>): AuditChanges =>
  typeof changes === 'string' ? (JSON.parse(changes) as AuditChanges) : (changes ?? {});
