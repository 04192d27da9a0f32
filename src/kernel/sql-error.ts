/** The name of the error as MariaDB and MySQL give it, `''` where it is none of theirs. */
export const sqlCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** True where the data cannot be stored, now or later: classes 22 and 23 of SQLSTATE. Outage, deadlock or a full disk may pass. */
export function isRefused(error: unknown): boolean {
  const state = (error as { readonly sqlState?: unknown } | undefined)?.sqlState;
  return typeof state === 'string' && /^2[23]/.test(state);
}

/** True where a unique column had the value already. */
export const isDuplicate = (error: unknown): boolean => sqlCode(error) === 'ER_DUP_ENTRY';
