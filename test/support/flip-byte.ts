/** Changes one byte in place, so that it is another one for certain. `flip`: 1 to 255. */
export function flipByte(buffer: Buffer, at: number, flip = 1): void {
  buffer.writeUInt8(buffer.readUInt8(at) ^ flip, at);
}
