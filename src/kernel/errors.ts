/** Every refusal that a user or a caller of the API can meet. One table: the web layer maps it to status and text. */
export const ERROR_CODES = {
  'not-found': 404,
  'not-signed-in': 401,
  'not-allowed': 403,
  'invalid-fields': 422,
  conflict: 409,
  'too-many-tries': 429,
  'pbx-unavailable': 503,
  'database-unavailable': 503,
  'calls-unavailable': 503,
  'sound-broken': 500,
  'sound-locked': 500,
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong with one field: a message key of the catalog and its parameters. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** A refusal: expected, shown to the user, never logged as a bug. */
export class AppError extends Error {
  override readonly name = 'AppError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly problems: readonly FieldProblem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  get status(): number {
    return ERROR_CODES[this.code];
  }
}
