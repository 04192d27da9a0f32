import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { CarrierAri } from './carrier-ari.js';
import { Ear, EAR_RATE } from './ear.js';
import { makeTone } from './tones.js';

const STASIS_TIMEOUT_MS = 5_000;
/** Sound is handed over in pieces of this length, one ahead; Asterisk cuts it into packets and times them. */
const PIECE_MS = 1_000;

const mediaSchema = z.object({
  channelvars: z.object({ MEDIA_WEBSOCKET_CONNECTION_ID: z.string() }),
});

/**
 * Ear and mouth of one party: its channel on the carrier Asterisk is bridged with a channel whose sound goes over a web
 * socket to us. Not by `snoop` and `play`: a listener on a channel that plays a tone went deaf in every second call.
 */
export class Handset {
  readonly ear = new Ear();
  #speaking: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(
    private readonly ari: CarrierAri,
    private readonly channel: string,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.ear.take(data);
    });
    socket.on('close', () => {
      this.ear.breaks();
    });
    socket.on('error', () => {
      // The sound simply ends; whoever waits for more runs into its limit.
    });
  }

  /** The channel must be in the carrier's application. */
  static async open(ari: CarrierAri, channel: string): Promise<Handset> {
    const inStasis = stasisStart(ari, `${channel}-media`);
    const media = mediaSchema.parse(
      await ari.request('POST', '/channels/externalMedia', {
        query: {
          channelId: `${channel}-media`,
          app: ari.app,
          transport: 'websocket',
          encapsulation: 'none',
          connection_type: 'server',
          external_host: 'INCOMING',
          format: 'slin',
        },
      }),
    );
    const socket = ari.mediaSocket(media.channelvars.MEDIA_WEBSOCKET_CONNECTION_ID);
    const handset = new Handset(ari, channel, socket);
    await Promise.all([once(socket, 'open'), inStasis]);
    socket.send('START_MEDIA_BUFFERING');
    await ari.request('POST', `/bridges/${channel}-handset`, { query: { type: 'mixing' } });
    await ari.request('POST', `/bridges/${channel}-handset/addChannel`, {
      query: { channel: `${channel},${channel}-media` },
    });
    return handset;
  }

  /** Sends a tone until `hush`, another `say` or the end. */
  say(frequency: number): void {
    this.hush();
    // A whole number of periods, so that piece joins piece without a click.
    const piece = Buffer.from(makeTone(frequency, PIECE_MS, EAR_RATE).buffer);
    this.socket.send(piece);
    this.#speaking = setInterval(() => {
      this.socket.send(piece);
    }, PIECE_MS);
    this.socket.send(piece);
  }

  /** Falls silent at once. */
  hush(): void {
    if (this.#speaking === undefined) return;
    clearInterval(this.#speaking);
    this.#speaking = undefined;
    this.socket.send('FLUSH_MEDIA');
  }

  /** Puts the handset down; the party's channel stays. What was heard stays readable. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#speaking);
    this.ear.close();
    this.socket.close();
    await this.ari.requestIfThere('DELETE', `/channels/${this.channel}-media`);
    await this.ari.requestIfThere('DELETE', `/bridges/${this.channel}-handset`);
  }
}

function stasisStart(ari: CarrierAri, channel: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`carrier: ${channel} did not reach the application`));
    }, STASIS_TIMEOUT_MS);
    const stop = ari.listen((event) => {
      if (event.type !== 'StasisStart' || event.channel?.id !== channel) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}
