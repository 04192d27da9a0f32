import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { makeTone, toneShare } from '../../src/demo/tones.js';

/** Sound over RTP as a caller of the benchmark sends and hears it: G.711 A-law (type 8), keys by RFC 4733 (type 101). */
const RATE = 8000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (RATE * PACKET_MS) / 1000;
const ALAW = 8;
const EVENTS = 101;
const HEADER_BYTES = 12;
/** A key sounds this long; its end is sent three times, as RFC 4733 wants. */
const KEY_PACKETS = 5;
const END_PACKETS = 3;

/** One sample in A-law (ITU-T G.711). */
export function encodeAlaw(sample: number): number {
  const sign = sample >= 0 ? 0xd5 : 0x55;
  const magnitude = Math.min(Math.abs(sample), 32767);
  if (magnitude < 256) return (magnitude >> 4) ^ sign;
  const exponent = 24 - Math.clz32(magnitude);
  return ((exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) ^ sign;
}

const DECODED = Int16Array.from({ length: 256 }, (_, code) => {
  const plain = code ^ 0x55;
  const exponent = (plain & 0x70) >> 4;
  const mantissa = ((plain & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return plain & 0x80 ? magnitude : -magnitude;
});

/** Samples of an A-law payload. */
export const decodeAlaw = (payload: Uint8Array): Int16Array =>
  Int16Array.from(payload, (code) => DECODED[code] ?? 0);

interface Key {
  readonly code: number;
  readonly done: (at: number) => void;
  /** Packets so far. */
  sent: number;
}

/** What the line's owner does when a packet of sound arrives; `at` in ms, fractions count. */
export type Hearing = (samples: Int16Array, at: number) => void;

/**
 * One telephone line: a UDP port that Asterisk sends to. It begins to send, to where packets come from, when the first one
 * arrives: an answered call whose other side says something. All lines of a process share one clock.
 */
export class RtpLine {
  #peer: RemoteInfo | undefined;
  #sequence = 0;
  #timestamp = 0;
  readonly #ssrc = Math.floor(Math.random() * 0xffffffff);
  #payload: Buffer | undefined;
  #key: Key | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly hear: Hearing,
  ) {
    socket.on('message', (packet, from) => {
      const at = performance.timeOrigin + performance.now();
      this.#peer = from;
      if (packet.length <= HEADER_BYTES || (packet.readUInt8(1) & 0x7f) !== ALAW) return;
      this.hear(decodeAlaw(packet.subarray(HEADER_BYTES)), at);
    });
  }

  /** Port 0 takes any free one; see `port`. */
  static async open(hear: Hearing, port = 0): Promise<RtpLine> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, '127.0.0.1', resolve);
    });
    return new RtpLine(socket, hear);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** Sends a tone from now on. Multiples of 50 Hz only: each packet is the same. */
  say(frequency: number): void {
    this.#payload = Buffer.from(makeTone(frequency, PACKET_MS, RATE).map(encodeAlaw));
  }

  /** Presses a key. Resolves with the instant at which its first end packet left. */
  press(key: string): Promise<number> {
    const code = '0123456789*#'.indexOf(key);
    return new Promise((done) => {
      this.#key = { code, sent: 0, done };
    });
  }

  /** Forgets the peer, so that the line can serve another call. */
  reset(): void {
    this.#peer = undefined;
    this.#payload = undefined;
    this.#key = undefined;
  }

  close(): void {
    this.socket.close();
  }

  /** Sends what is due now: called every 20 ms by {@link RtpClock}. */
  tick(): void {
    if (this.#peer === undefined) return;
    const key = this.#key;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (key !== undefined) this.#sendKey(key);
    else if (this.#payload !== undefined) this.#send(ALAW, false, this.#timestamp, this.#payload);
    if (this.#key === undefined) this.#timestamp = (this.#timestamp + PACKET_SAMPLES) >>> 0;
  }

  #sendKey(key: Key): void {
    const isEnd = key.sent >= KEY_PACKETS;
    const samples = Math.min(key.sent + 1, KEY_PACKETS) * PACKET_SAMPLES;
    const body = Buffer.from([key.code, (isEnd ? 0x80 : 0) | 10, samples >> 8, samples & 0xff]);
    this.#send(EVENTS, key.sent === 0, this.#timestamp, body);
    key.sent += 1;
    if (key.sent === KEY_PACKETS + 1) key.done(performance.timeOrigin + performance.now());
    if (key.sent < KEY_PACKETS + END_PACKETS) return;
    this.#key = undefined;
    this.#timestamp = (this.#timestamp + KEY_PACKETS * PACKET_SAMPLES) >>> 0;
  }

  #send(type: number, isFirst: boolean, timestamp: number, body: Buffer): void {
    if (this.#peer === undefined) return;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(0x80, 0);
    header.writeUInt8((isFirst ? 0x80 : 0) | type, 1);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(timestamp, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.socket.send(Buffer.concat([header, body]), this.#peer.port, this.#peer.address);
  }
}

/** Sends for many lines every 20 ms. */
export class RtpClock {
  readonly #lines = new Set<RtpLine>();
  readonly #timer = setInterval(() => {
    for (const line of this.#lines) line.tick();
  }, PACKET_MS);

  add(line: RtpLine): void {
    this.#lines.add(line);
  }
  remove(line: RtpLine): void {
    this.#lines.delete(line);
  }
  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Whether a packet is the tone: most of its energy lies there. */
export const isTone = (samples: Int16Array, frequency: number): boolean =>
  toneShare(samples, RATE, frequency) > 0.7;
