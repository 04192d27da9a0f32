import type { CallLog } from '../../telephony/calls/services.js';
import type { SecretBox } from '../configuration/index.js';
import type { StoredKeys } from './knex-webhook-keys.js';
import type { SigningKeys } from './webhook.js';

/** A renewal that another process saved is known after this. */
const KNOWN_MS = 10_000;

/** The keys at a moment: a next one whose time has come is the key. `firstKey` counts before the first renewal. */
export function keysAt(
  { sealed, next }: StoredKeys,
  now: number,
  { secrets, firstKey }: { readonly secrets: SecretBox; readonly firstKey: string },
): SigningKeys {
  if (next !== undefined && next.at <= now) return { key: secrets.open(next.sealed) };
  const key = sealed === '' ? firstKey : secrets.open(sealed);
  return next === undefined
    ? { key }
    : { key, next: { key: secrets.open(next.sealed), at: next.at } };
}

export interface KeyReaderParts {
  readonly store: { read(): Promise<StoredKeys> };
  readonly secrets: SecretBox;
  readonly firstKey: string;
  readonly now: () => number;
  readonly log: Pick<CallLog, 'warn'>;
}

/** Gives the keys of this moment to whoever sends. While the database is away those that were known last count. */
export function keyReader(parts: KeyReaderParts): () => Promise<SigningKeys> {
  let known: { readonly stored: StoredKeys; readonly until: number } | undefined;
  return async () => {
    const now = parts.now();
    if (known === undefined || known.until <= now) {
      try {
        known = { stored: await parts.store.read(), until: now + KNOWN_MS };
      } catch (error) {
        // Without the right key nothing is sent: what waits is sent when it can be signed.
        if (known === undefined) throw error;
        parts.log.warn(
          { err: error },
          'the key of webhooks could not be read; the last one counts',
        );
      }
    }
    return keysAt(known.stored, now, parts);
  };
}
