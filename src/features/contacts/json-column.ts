/** A JSON column: MariaDB gives text or, where its driver knows the type, the value. Both sides are ours, so the form is known. */
export const fromJson = <T>(column: unknown): T =>
  (typeof column === 'string' ? JSON.parse(column) : column) as T;
