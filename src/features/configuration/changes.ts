/** Old and new values by field, as an audit entry keeps them. */
export type Changes = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/** What an audit entry shows instead of a secret. */
export const SECRET_CHANGED: readonly [string, string] = ['', 'changed'];

/**
 * The fields in which two descriptions differ. Descriptions are flat and hold what people read (names, not ids);
 * `before` undefined describes something new, whose empty fields are left out.
 */
export function changesBetween(
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>>,
): Changes {
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const [field, value] of Object.entries(after)) {
    const old = before?.[field] ?? '';
    if (JSON.stringify(old) !== JSON.stringify(value)) changes[field] = [old, value];
  }
  return changes;
}
