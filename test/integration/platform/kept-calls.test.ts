import { expect } from 'chai';
import { WebSocket } from 'ws';
import { keptPid, platformUp, setting, type Platform } from '../../support/platform.js';
import { until } from '../../support/until.js';

/** Longer than a caller is kept by the test instance, its announcement, and its silence after that. */
const WHOLE_STORY_MS = 90_000;

type Json = Record<string, unknown>;

/** A node's ARI, as bare as it comes: this suite tests the dialplan, not our adapter. */
class Ari {
  constructor(
    readonly url: string,
    private readonly user: string,
    private readonly password: string,
  ) {}

  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/ari/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  put(type: string, id: string, fields: Record<string, string>): Promise<unknown> {
    const list = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }));
    return this.request('PUT', `asterisk/config/dynamic/res_pjsip/${type}/${id}`, { fields: list });
  }

  remove(type: string, id: string): Promise<unknown> {
    return this.request('DELETE', `asterisk/config/dynamic/res_pjsip/${type}/${id}`);
  }

  async channels(): Promise<readonly unknown[]> {
    return (await this.request('GET', 'channels')) as readonly unknown[];
  }

  /** Connects as the program would; what enters Stasis is pushed to `starts`. */
  connect(app: string, starts: Start[]): Promise<WebSocket> {
    const key = `${this.user}:${this.password}`;
    const socket = new WebSocket(
      `${this.url.replace('http', 'ws')}/ari/events?app=${app}&api_key=${key}`,
    );
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString('utf8')) as Json;
      if (event['type'] !== 'StasisStart') return;
      const channel = event['channel'] as Json;
      starts.push({ id: String(channel['id']), args: event['args'] as string[] });
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }
}

interface Start {
  readonly id: string;
  readonly args: readonly string[];
}

describe('the pbx node while the program is away', function () {
  this.timeout(WHOLE_STORY_MS);

  let platform: Platform;
  let pbx: Ari;
  let carrier: Ari;
  let app: string;
  const sockets: WebSocket[] = [];

  before(async () => {
    platform = platformUp('test');
    const of = (name: string): string => setting(platform, name);
    pbx = new Ari(of('CB_ARI_URL'), of('CB_ARI_USER'), of('CB_ARI_PASSWORD'));
    carrier = new Ari(
      of('CB_CARRIER_ARI_URL'),
      of('CB_CARRIER_ARI_USER'),
      of('CB_CARRIER_ARI_PASSWORD'),
    );
    app = of('CB_ARI_APP');
    const address = `127.0.0.1:${of('CB_CARRIER_SIP_PORT')}`;
    await pbx.put('aor', 'kept-test', { contact: `sip:${address}` });
    await pbx.put('endpoint', 'kept-test', {
      aors: 'kept-test',
      context: 'from-trunk',
      allow: '!all,alaw',
      direct_media: 'no',
      trust_id_inbound: 'yes',
    });
    await pbx.put('identify', 'kept-test', { endpoint: 'kept-test', match: address });
  });

  after(async () => {
    await pbx.remove('identify', 'kept-test');
    await pbx.remove('endpoint', 'kept-test');
    await pbx.remove('aor', 'kept-test');
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const channel of await carrier.channels())
      await carrier.request('DELETE', `channels/${String((channel as Json)['id'])}`);
    await until('no channel left', 5000, async () => (await pbx.channels()).length === 0);
  });

  const connect = async (starts: Start[]): Promise<void> => {
    sockets.push(await pbx.connect(app, starts));
  };

  const call = async (number: string, variables: Record<string, string> = {}): Promise<string> => {
    const channel = (await carrier.request('POST', 'channels', {
      endpoint: `PJSIP/${number}@pbx`,
      context: 'caller',
      extension: 's',
      priority: 1,
      callerId: '"王 | 小明, \\"x\\"" <+442071234567>',
      variables,
    })) as Json;
    await until('the call on the pbx', 5000, async () => (await pbx.channels()).length === 1);
    return String(channel['id']);
  };

  /** Has the notes handed over, acknowledges each, and gives those for a number. */
  const notesFor = async (number: string): Promise<readonly (readonly string[])[]> => {
    const starts: Start[] = [];
    await connect(starts);
    const reader = (await pbx.request('POST', 'channels', {
      endpoint: 'Local/idle@fallback-notes/n',
      context: 'fallback-notes',
      extension: 'read',
      priority: 1,
    })) as Json;
    const found: (readonly string[])[] = [];
    const gone = async (): Promise<boolean> => {
      for (const { id, args } of starts.splice(0)) {
        if (args[0] !== 'fallback-note') continue;
        const note = decodeURIComponent(args[2] ?? '').split('|');
        if (note[2] === number) found.push(note);
        await pbx.request('POST', `channels/${id}/continue`);
      }
      const left = await pbx.channels();
      return left.every((channel) => (channel as Json)['id'] !== reader['id']);
    };
    await until('the end of the notes', 5000, gone);
    return found;
  };

  it('keeps a caller and hands the call over, with the seconds kept, when the program is back', async () => {
    await call('+442079460101');
    await until('the note', 5000, async () => {
      // The caller is answered, hence hears music instead of a busy tone.
      const [channel] = await pbx.channels();
      return (channel as Json)['state'] === 'Up';
    });
    const starts: Start[] = [];
    await connect(starts);
    const start = await until('the call', 5000, () => starts[0]);
    expect(start.args.slice(0, 2)).to.deep.equal(['trunk', '+442079460101']);
    expect(Number(start.args[2])).to.be.within(1, 6);
    await pbx.request('DELETE', `channels/${start.id}`);
    await until('its end', 5000, async () => (await pbx.channels()).length === 0);
    expect(await notesFor('+442079460101')).to.deep.equal([]);
  });

  it('forgets the note of a kept call that the program worked on, whoever hangs up', async () => {
    const caller = await call('+442079460105');
    await until('the caller to be kept', 5000, async () => {
      const [channel] = await pbx.channels();
      return (channel as Json)['state'] === 'Up';
    });
    const starts: Start[] = [];
    await connect(starts);
    const { id } = await until('the call', 5000, () => starts[0]);
    await pbx.request('POST', `channels/${id}/variable?variable=CB_CALL&value=x`);
    await pbx.request('POST', `channels/${id}/play?media=sound:demo-congrats`);
    await carrier.request('DELETE', `channels/${caller}`);
    await until('its end', 5000, async () => (await pbx.channels()).length === 0);
    expect(await notesFor('+442079460105')).to.deep.equal([]);
  });

  it('notes who hung up while being kept, and tells it once', async () => {
    const caller = await call('+442079460102');
    await carrier.request('DELETE', `channels/${caller}`);
    await until('its end', 5000, async () => (await pbx.channels()).length === 0);
    const [note, ...others] = await notesFor('+442079460102');
    expect(others).to.deep.equal([]);
    expect(note?.[1]).to.equal('+442071234567');
    expect(note?.[3]).to.match(/^王 +小明, /);
    expect(note?.[4]).to.equal('abandoned');
    expect(note?.slice(6)).to.deep.equal(['', 'trunk', 'kept-test']);
    expect(await notesFor('+442079460102')).to.deep.equal([]);
  });

  it('takes a message when the program stays away', async () => {
    // Talks through the announcement and a few seconds into the message.
    await call('+442079460103', { CALLER_SECONDS: '40' });
    await until('its end', 80_000, async () => (await pbx.channels()).length === 0);
    const [note] = await notesFor('+442079460103');
    expect(note?.[4]).to.equal('message');
    const recording = encodeURIComponent(note?.[6] ?? '');
    expect(await pbx.request('GET', `recordings/stored/${recording}`)).to.have.property(
      'format',
      'wav',
    );
  });

  it('does not keep a call that the program sent on', async () => {
    const starts: Start[] = [];
    await connect(starts);
    await call('+442079460104');
    const start = await until('the call', 5000, () => starts[0]);
    await pbx.request('POST', `channels/${start.id}/continue`);
    await until('its end', 5000, async () => (await pbx.channels()).length === 0);
    expect(await notesFor('+442079460104')).to.deep.equal([]);
  });

  it('is started again when it dies, with what was pushed to it', async () => {
    process.kill(keptPid(platform, 'asterisk-pbx'), 'SIGKILL');
    await until('Asterisk', 30_000, () => pbx.request('GET', 'asterisk/ping'));
    const fields = await pbx.request('GET', 'asterisk/config/dynamic/res_pjsip/endpoint/kept-test');
    expect(fields).to.deep.include({ attribute: 'context', value: 'from-trunk' });
  });
});
