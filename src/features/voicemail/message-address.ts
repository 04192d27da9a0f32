import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordingId } from '../../kernel/ids.js';

/** How long a node may fetch the sound of a message after it was told the address. */
export const ADDRESS_MS = 3_600_000;

const sign = (key: string, said: string): string =>
  createHmac('sha256', key).update(said).digest('hex').slice(0, 32);

/** Key of the addresses, from the installation's own. */
export const messageKeyOf = (secretKey: Buffer): string =>
  createHmac('sha256', secretKey).update('addresses of messages').digest('base64url');

/** `<id>-<until>-<signature>.wav`: nobody signs in to fetch it, so it cannot be guessed and does not last. */
export function messageFile(key: string, id: RecordingId, until: number): string {
  const said = `${id}-${until.toString(36)}`;
  return `${said}-${sign(key, said)}.wav`;
}

/** The message that such an address gives out now; undefined for any other text. */
export function messageOfFile(key: string, file: string, now: number): RecordingId | undefined {
  const [, id = '', until = '', signature = ''] =
    /^([0-9A-HJKMNP-TV-Z]{26})-([0-9a-z]{1,12})-([0-9a-f]{32})\.wav$/.exec(file) ?? [];
  if (id === '' || Number.parseInt(until, 36) < now) return undefined;
  const right = Buffer.from(sign(key, `${id}-${until}`));
  return timingSafeEqual(right, Buffer.from(signature)) ? (id as RecordingId) : undefined;
}
