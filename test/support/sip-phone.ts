import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, type Sound } from '../../src/demo/tones.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** An account on the pbx, as somebody types it into a phone. */
export interface PhoneAccount {
  readonly number: string;
  readonly password: string;
  /** `127.0.0.1:5060` */
  readonly server: string;
  /** Watches for new messages. Only where that is tried: such a baresip may never end when it is told to, and stays registered. */
  readonly hasMessageLamp?: boolean;
}

interface PhoneEvent {
  readonly event?: boolean;
  readonly type?: string;
  readonly peeruri?: string;
  readonly peerdisplayname?: string;
  readonly param?: string;
}

/** What the phone sends into every call. baresip's own tone source plays this unless told otherwise. */
export const SIP_PHONE_HZ = 440;

const OUTPUT = 'output.log';

/**
 * A SIP phone program that neither the carrier Asterisk nor this repository has anything to do with: baresip, without a
 * sound card. It sends a tone, keeps what it hears, and is worked over its control port.
 */
export class SipPhone {
  readonly #events: PhoneEvent[] = [];
  #pending = Buffer.alloc(0);
  #token = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly control: Socket,
    private readonly folder: string,
  ) {
    control.on('data', (data: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, data]);
      this.#read();
    });
  }

  /** Starts the program; see `registered`. `autoAnswer` picks every call up at once; `expiresS`: it registers for so long. */
  static async start(account: PhoneAccount, autoAnswer = false, expiresS = 60): Promise<SipPhone> {
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-phone-'));
    const [sipPort, controlPort] = [await freePort(), await freePort()];
    await writeFile(join(folder, 'config'), configuration(folder, sipPort, controlPort));
    await writeFile(
      join(folder, 'accounts'),
      `<sip:${account.number}@${account.server};transport=udp>;auth_user=${account.number}` +
        `;auth_pass=${account.password};regint=${String(expiresS)}` +
        `;mwi=${account.hasMessageLamp === true ? 'yes' : 'no'};answermode=${autoAnswer ? 'auto' : 'manual'}\n`,
    );
    await writeFile(join(folder, 'contacts'), '');
    const output = openSync(join(folder, OUTPUT), 'w');
    const child = spawn('baresip', ['-4', '-f', folder], { stdio: ['ignore', output, output] });
    await once(child, 'spawn');
    try {
      const control = await until(
        'the control port of baresip',
        10_000,
        () => connect(controlPort),
        () => readFile(join(folder, OUTPUT), 'utf8'),
      );
      return new SipPhone(child, control, folder);
    } catch (error) {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Resolves when the pbx has taken its registration. */
  async registered(limitMs = 10_000): Promise<void> {
    await this.#said(/200 OK .*\[1 binding\]/, limitMs);
  }

  /**
   * Resolves when the lamp has been told how things stand. On a busy machine calls that came while baresip still subscribed
   * never rang.
   */
  async lampLives(limitMs = 10_000): Promise<void> {
    await this.#said(/-+ MWI for /, limitMs);
  }

  /** Resolves when the pbx has refused its registration. */
  async refused(limitMs = 10_000): Promise<void> {
    await this.#said(/reg: .*: 40[13] /, limitMs);
  }

  /** The first event of a type since the start or the last `forget`. */
  event(type: string, limitMs: number): Promise<PhoneEvent> {
    return until(
      `${type} at the SIP phone`,
      limitMs,
      () => this.#events.find((event) => event.type === type),
      () => this.#events.map((event) => event.type),
    );
  }

  /** Resolves when the lamp shows so many new and old messages, as the pbx said it last. */
  async lampShows(fresh: number, old: number, limitMs: number): Promise<void> {
    const said = (): string =>
      this.#events.findLast((event) => /MWI/.test(event.type ?? ''))?.param ?? '';
    await until(
      `the message lamp of the SIP phone: ${String(fresh)}/${String(old)}`,
      limitMs,
      () => {
        const counts = /Voice-Message:\s*(\d+)\/(\d+)/i.exec(said()) ?? ['', '0', '0'];
        const isLit = /Messages-Waiting:\s*yes/i.test(said());
        return (
          said() !== '' &&
          Number(counts[1]) === fresh &&
          Number(counts[2]) === old &&
          isLit === fresh > 0
        );
      },
      () => said() || this.#events.map((event) => event.type),
    );
  }

  forget(): void {
    this.#events.length = 0;
  }

  dial(number: string): void {
    this.#command('dial', number);
  }
  accept(): void {
    this.#command('accept');
  }
  hangUp(): void {
    this.#command('hangup');
  }
  /** As somebody does who sees that the call is up: its sound flows a little earlier, and baresip ignores the key until then. */
  async hold(): Promise<void> {
    await this.event('CALL_ESTABLISHED', 5_000);
    this.#command('hold');
  }
  resume(): void {
    this.#command('resume');
  }
  /** Sends the present call on without asking (REFER). */
  transfer(number: string): void {
    this.#command('transfer', number);
  }
  /** Presses keys in the present call. */
  press(keys: string): void {
    for (const key of keys) this.#command('sndcode', key);
  }

  /** What it heard in its last call that is over. */
  async heard(): Promise<Sound> {
    const files = (await readdir(this.folder)).filter((name) => name.endsWith('-dec.wav')).sort();
    const last = files.at(-1);
    if (last === undefined) throw new Error('the SIP phone has heard nothing yet');
    return readWav(await readFile(join(this.folder, last)));
  }

  /** Its power is gone: nobody is told anything. */
  async vanish(): Promise<void> {
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
    this.control.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends the program; its registration is taken back. */
  async stop(): Promise<void> {
    const exit = once(this.process, 'exit');
    this.#command('quit');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
    await exit;
    clearTimeout(timer);
    this.control.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** It registers before anybody can ask for events: its output tells. */
  async #said(pattern: RegExp, limitMs: number): Promise<void> {
    let output = '';
    await until(
      `${pattern.source} of the SIP phone`,
      limitMs,
      async () => {
        output = await readFile(join(this.folder, OUTPUT), 'utf8');
        return pattern.test(output);
      },
      () => output.slice(-300),
    );
  }

  #command(command: string, params?: string): void {
    const text = JSON.stringify({ command, params, token: String(++this.#token) });
    this.control.write(`${String(Buffer.byteLength(text))}:${text},`);
  }

  /** Netstrings: `<length>:<json>,` */
  #read(): void {
    for (;;) {
      const colon = this.#pending.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#pending.subarray(0, colon).toString('latin1'));
      const end = colon + 1 + length;
      if (this.#pending.length < end + 1) return;
      const text = this.#pending.subarray(colon + 1, end).toString('utf8');
      this.#pending = this.#pending.subarray(end + 1);
      const message = JSON.parse(text) as PhoneEvent;
      if (message.event === true) this.#events.push(message);
    }
  }
}

function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      socket.on('error', () => {
        // The program ended; whoever waits for an event of it runs into its limit.
      });
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function configuration(folder: string, sipPort: number, controlPort: number): string {
  return [
    `sip_listen 127.0.0.1:${String(sipPort)}`,
    `module_path ${moduleFolder()}`,
    ...['g711.so', 'ausine.so', 'aubridge.so', 'sndfile.so', 'uuid.so'].map(
      (name) => `module ${name}`,
    ),
    'module_tmp account.so',
    ...['contact.so', 'menu.so', 'mwi.so', 'ctrl_tcp.so'].map((name) => `module_app ${name}`),
    `ctrl_tcp_listen 127.0.0.1:${String(controlPort)}`,
    `audio_source ausine,${String(SIP_PHONE_HZ)}`,
    // Nothing plays the sound; sndfile keeps what was decoded.
    'audio_player aubridge,nowhere',
    `snd_path ${folder}`,
    'ausrc_srate 48000',
    'ausrc_channels 2',
    'auplay_srate 8000',
    'auplay_channels 1',
    'net_interface 127.0.0.1',
    'rtp_ports 30000-30100',
    '',
  ].join('\n');
}

function moduleFolder(): string {
  const lib = '/usr/lib';
  const found = ['', ...readdirSync(lib)]
    .map((part) => join(lib, part, 'baresip', 'modules'))
    .find((folder) => existsSync(folder));
  if (found === undefined) throw new Error('baresip has no modules below /usr/lib');
  return found;
}
