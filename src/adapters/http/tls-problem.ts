import { codeOf } from './guarded-request.js';

/** What was wrong with the encryption, by Node's codes (OpenSSL's verification errors, and its own check of names). */
const PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
};

/** Codes of a handshake that failed otherwise: the server speaks no TLS, or none of ours. */
const HANDSHAKE = /^(?:EPROTO|ERR_SSL_|ERR_TLS_|CERT_|INVALID_)/;

/** Names in a certificate that a person reads; more are cut off. */
const NAMES_TOLD = 200;

/**
 * `self-signed`, `other-name:DNS:shop.example` ...: what is wrong with a server's certificate, with what helps to mend it behind
 * a colon; `handshake:<code>` for what has no words. Undefined where the error is none of encryption.
 */
export function tlsProblemOf(error: unknown): string | undefined {
  const code = codeOf(error);
  const known = PROBLEMS[code];
  if (known === 'other-name') return `${known}:${namesIn(error)}`;
  if (known !== undefined) return known;
  return HANDSHAKE.test(code) ? `handshake:${code}` : undefined;
}

/** The names that the certificate is for. */
function namesIn(error: unknown): string {
  const cert = (error as { readonly cert?: { readonly subjectaltname?: string } }).cert;
  return (cert?.subjectaltname ?? '').slice(0, NAMES_TOLD);
}
