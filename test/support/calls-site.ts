import { join } from 'node:path';
import { recordingFolder } from '../../src/adapters/files/recording-folder.js';
import { KnexLedgerStore } from '../../src/adapters/ledger/knex-ledger-store.js';
import { soxRecordingEncoder } from '../../src/adapters/sound/sox-recording-encoder.js';
import { makeCallsFeatures } from '../../src/features/calls/index.js';
import { KnexRecordingStore } from '../../src/features/recordings/knex-recording-store.js';
import { RecordingCollector } from '../../src/features/recordings/recording-collector.js';
import type { CallId, RecordingId } from '../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand, LiveCall } from '../../src/telephony/live.js';
import { abandonedCall, answeredCall, voicemailCall, type CallScript } from './call-events.js';
import { NodeFiles, toneWav } from './node-files.js';
import { eventually } from './private-process.js';
import { emptySnapshot, TestSite } from './web.js';

/** Row ids of the company that a calls site begins with. */
export const COMPANY = {
  mara: 2,
  nia: 9,
  theo: 3,
  repairs: 1,
  billing: 2,
  did: 1,
  trunk: 1,
  phone: 3,
};

/**
 * The web app with the pages of calls, recordings and voicemail, on servers of the suite's own. Calls come in as the ledger
 * writes them; sound comes from a node that the suite fills. The users `mara` and `theo` work as agents.
 */
export class CallsSite {
  readonly commands: DeskCommand[] = [];
  answer: DeskAnswer = { ok: true };
  readonly node = new NodeFiles();
  #seq = 0;

  private constructor(
    readonly site: TestSite,
    private readonly collector: RecordingCollector,
    private readonly sounds: readonly [caller: Buffer, other: Buffer],
  ) {}

  static async start(): Promise<CallsSite> {
    const made: { calls?: CallsSite } = {};
    const site = await TestSite.start((parts) =>
      makeCallsFeatures({
        database: parts.database,
        live: parts.live,
        clock: parts.clock,
        varDir: parts.config.varDir,
        country: parts.config.country,
        desk: {
          ask: (command) => {
            made.calls?.commands.push(command);
            return Promise.resolve(made.calls?.answer ?? { ok: true });
          },
        },
      }),
    );
    await addCompany(site);
    const sounds = [await toneWav(400, 20), await toneWav(1_000, 10, 10)] as const;
    const { config, database, clock, log } = site.parts;
    const collector = new RecordingCollector({
      store: new KnexRecordingStore(database),
      folder: recordingFolder(join(config.varDir, 'recordings')),
      encoder: soxRecordingEncoder,
      nodeFiles: () => made.calls?.node,
      clock,
      log,
    });
    const calls = new CallsSite(site, collector, sounds);
    made.calls = calls;
    collector.start();
    return calls;
  }

  /** Writes calls as the ledger does, all events of each. */
  async write(...scripts: readonly CallScript[]): Promise<void> {
    const store = new KnexLedgerStore(this.site.parts.database);
    const records = scripts.flatMap((script) =>
      script.events.map((event) => ({ kind: 'call-event', event }) as const),
    );
    for (let from = 0; from < records.length; from += 1_000)
      await store.write(records.slice(from, from + 1_000));
  }

  /** Brings the sound of calls that were written: tones of twenty seconds, or of one side for a message. */
  async record(...scripts: readonly CallScript[]): Promise<void> {
    const [caller, other] = this.sounds;
    for (const { recordingId } of scripts)
      this.node.files
        .set(`${recordingId}-caller`, caller)
        .set(`${recordingId}-other`, other)
        .set(`${recordingId}-voicemail`, caller);
    this.collector.wake();
    for (const script of scripts) await this.isStored(script.recordingId);
  }

  /** Some hundred calls of all kinds over the last days, the newest just now. */
  async writeMany(count: number): Promise<readonly CallScript[]> {
    const scripts = Array.from({ length: count }, (_, n) => {
      const startedAt = Date.now() - n * 37 * 60_000 - 600_000;
      if (n % 5 === 1)
        return abandonedCall(startedAt, `+4420794601${String(n % 90).padStart(2, '0')}`);
      if (n % 9 === 2) return voicemailCall(startedAt, n % 2 === 0 ? COMPANY.phone : undefined);
      const names = ['Ada Finch', '陈女士', 'P. Lind', 'Gill & Tarn Ltd', '', 'Ola Brandt'];
      return answeredCall({
        startedAt,
        from: `+4420794601${String(n % 100).padStart(2, '0')}`,
        fromName: names[n % names.length] ?? '',
        agentId: n % 3 === 0 ? COMPANY.theo : COMPANY.mara,
        agentName: n % 3 === 0 ? 'Theo Lark' : 'Mara Quill',
        queueId: n % 4 === 0 ? COMPANY.billing : COMPANY.repairs,
        queueName: n % 4 === 0 ? 'Billing' : 'Repairs',
        recorded: n % 7 !== 0,
      });
    });
    await this.write(...scripts);
    return scripts;
  }

  /** Publishes which calls go on. */
  show(calls: readonly LiveCall[]): void {
    this.site.parts.live.publish({ ...emptySnapshot(++this.#seq), calls });
  }

  async isStored(id: RecordingId): Promise<void> {
    const { database } = this.site.parts;
    await eventually(`recording ${id} stored`, async () => {
      const row = await database('recordings')
        .where({ id })
        .first<{ state: string } | undefined>('state');
      return row?.state === 'stored';
    });
  }

  async stop(): Promise<void> {
    await this.collector.stop();
    await this.site.stop();
  }
}

async function addCompany(site: TestSite): Promise<void> {
  const { database } = site.parts;
  const sealed = { secret_sealed: 'x' };
  await database('extensions').insert([
    { id: 1, number: '2107', name: 'Mara Quill', ...sealed },
    { id: 2, number: '2104', name: 'Theo Lark', ...sealed },
    { id: COMPANY.phone, number: '2199', name: 'Workshop', ...sealed },
  ]);
  const queue = { overflow: JSON.stringify({ kind: 'hangup' }) };
  await database('queues').insert([
    { id: COMPANY.repairs, name: 'Repairs', ...queue },
    { id: COMPANY.billing, name: 'Billing', ...queue },
  ]);
  const users = [
    await site.addUser('mara', 'agent', 'Mara Quill'),
    await site.addUser('theo', 'agent', 'Theo Lark'),
  ];
  await database('agents').insert([
    { id: COMPANY.mara, user_id: users[0], name: 'Mara Quill', number: '2107', extension_id: 1 },
    { id: COMPANY.theo, user_id: users[1], name: 'Theo Lark', number: '2104', extension_id: 2 },
    { id: COMPANY.nia, name: 'Nia Corbin', number: '2109' },
  ]);
  await database('queue_members').insert([
    { queue_id: COMPANY.repairs, agent_id: COMPANY.mara },
    { queue_id: COMPANY.billing, agent_id: COMPANY.theo },
  ]);
  await database('dids').insert({
    id: COMPANY.did,
    number: '+448005550110',
    name: 'Service line',
    target: JSON.stringify({ kind: 'queue', id: COMPANY.repairs }),
  });
  await database('trunks').insert({
    id: COMPANY.trunk,
    name: 'Carrier A',
    settings: '{}',
    password_sealed: 'x',
  });
}

/** A call that goes on, as the live values have it. */
export const liveCall = (id: CallId, changes: Partial<LiveCall> = {}): LiveCall => ({
  id,
  direction: 'inbound',
  from: '+442079460123',
  fromName: 'Ada Finch',
  to: '+448005550110',
  stage: 'queue',
  path: [],
  language: 'en',
  startedAt: Date.now() - 60_000,
  stageSince: Date.now() - 40_000,
  recording: false,
  ...changes,
});
