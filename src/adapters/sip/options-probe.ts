import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { SipProbe } from '../../telephony/sip-watch.js';

/** An answer later than this is none. UDP may lose one: it is sent again meanwhile (RFC 3261 §17.1.2.2, T1 and on). */
const LIMIT_MS = 3_000;
const SEND_AFTER_MS = [0, 500, 1_500];

/** Addresses that mean every interface of this machine: it is reached on loopback. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Sends SIP OPTIONS over UDP. Whatever the answer says, also that nobody knows us, tells that SIP is alive. */
export class OptionsProbe implements SipProbe {
  readonly #host: string;

  constructor(
    host: string,
    private readonly port: number,
  ) {
    this.#host = EVERYWHERE[host] ?? host;
  }

  async ask(): Promise<number | undefined> {
    const socket = createSocket(isIPv6(this.#host) ? 'udp6' : 'udp4');
    try {
      // A connected socket hears of closed ports, and has an address of its own to tell.
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(this.port, this.#host, () => resolve());
      });
      return await this.#exchange(socket);
    } catch {
      // No route, or the port is closed: the same as silence.
      return undefined;
    } finally {
      socket.close();
    }
  }

  #exchange(socket: Socket): Promise<number | undefined> {
    const callId = randomBytes(12).toString('hex');
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const timers = SEND_AFTER_MS.map((ms) =>
        setTimeout(() => {
          socket.send(this.#request(callId, socket), (error) => {
            if (error instanceof Error) settle(() => reject(error));
          });
        }, ms),
      );
      const settle = (how: () => void): void => {
        for (const timer of timers) clearTimeout(timer);
        how();
      };
      timers.push(setTimeout(() => settle(() => resolve(undefined)), LIMIT_MS));
      socket.on('error', (error) => settle(() => reject(error)));
      socket.on('message', (data) => {
        const text = data.toString('latin1');
        if (!text.startsWith('SIP/2.0 ') || !text.includes(callId)) return;
        settle(() => resolve(Math.round(performance.now() - startedAt)));
      });
    });
  }

  /** Small, and with nothing that names this machine: `rport` brings the answer back to where it came from (RFC 3581). */
  #request(callId: string, socket: Socket): string {
    const host = isIPv6(this.#host) ? `[${this.#host}]` : this.#host;
    const { address, port } = socket.address();
    const own = `${isIPv6(address) ? `[${address}]` : address}:${String(port)}`;
    return [
      `OPTIONS sip:${host}:${String(this.port)} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${callId};rport`,
      'Max-Forwards: 1',
      `From: <sip:watch@${own}>;tag=${callId.slice(0, 8)}`,
      `To: <sip:${host}>`,
      `Call-ID: ${callId}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
  }
}
