const TEXT_AND_LAST = 0x81;
/** Lengths above need two more bytes, and above the other eight. */
const ONE_BYTE = 125;
const TWO_BYTES = 0xffff;

/**
 * A text as one whole frame of a WebSocket from a server: not masked, not compressed (RFC 6455, 5.2). Made once for all who get the
 * same text: of what sending to a thousand sockets costs, framing for each of them is two thirds.
 */
export function textFrame(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const { length } = body;
  const extra = length <= ONE_BYTE ? 0 : length <= TWO_BYTES ? 2 : 8;
  const head = Buffer.alloc(2 + extra);
  head.writeUInt8(TEXT_AND_LAST, 0);
  head.writeUInt8(extra === 0 ? length : extra === 2 ? ONE_BYTE + 1 : ONE_BYTE + 2, 1);
  if (extra === 2) head.writeUInt16BE(length, 2);
  if (extra === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, body]);
}
