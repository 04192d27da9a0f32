import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordingFolder } from '../../src/adapters/files/recording-folder.js';
import { KnexLedgerStore } from '../../src/adapters/ledger/knex-ledger-store.js';
import { soxRecordingEncoder } from '../../src/adapters/sound/sox-recording-encoder.js';
import { KnexSums } from '../../src/features/report-sums/index.js';
import { KnexRecordingStore } from '../../src/features/recordings/knex-recording-store.js';
import {
  openRecordingShelf,
  type RecordingFolder,
  type RecordingShelf,
} from '../../src/features/recordings/index.js';
import { recordingPath } from '../../src/features/recordings/recording.js';
import type { RecordingId } from '../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand } from '../../src/telephony/live.js';
import { makeFeatures } from '../../src/wiring/web-role.js';
import type { CallScript } from './call-events.js';
import { clearLedger } from './ledger-database.js';
import { toneWav } from './node-files.js';
import { TestSite } from './web.js';

/** Ids of the company of {@link CallsSite}, as the invented calls of `call-events` use them. */
export const COMPANY = {
  repairs: 1,
  billing: 2,
  mara: 2,
  theo: 3,
  phoneOfMara: 1,
  phoneOfTheo: 2,
} as const;

/**
 * The whole web app with a small company, on a MariaDB and a Redis of the suite's own. Calls are told to the real ledger
 * ({@link tell}), their sound is encoded and stored as the collector does ({@link keep}). Mara answers calls of Repairs,
 * Theo those of Billing; both can sign in, as can the users of {@link TestSite}.
 */
export class CallsSite {
  /** What the process that runs the calls was asked to do. */
  readonly commands: DeskCommand[] = [];
  answer: DeskAnswer = { ok: true };
  /** Answers instead of `answer` where it is set. */
  onCommand: ((command: DeskCommand) => Promise<DeskAnswer>) | undefined;
  site!: TestSite;

  static async start(): Promise<CallsSite> {
    const made = new CallsSite();
    const desk = {
      ask: (command: DeskCommand) => {
        made.commands.push(command);
        return made.onCommand?.(command) ?? Promise.resolve(made.answer);
      },
    };
    made.site = await TestSite.start((parts, users) =>
      makeFeatures(parts, users, parts.live, desk),
    );
    await addCompany(made.site);
    return made;
  }

  /** Where kept recordings lie. */
  get folder(): string {
    return join(this.site.parts.config.varDir, 'recordings');
  }

  /** Writes calls into the ledger, whole. */
  async tell(...calls: readonly CallScript[]): Promise<void> {
    await new KnexLedgerStore(this.site.parts.database).write(
      calls.flatMap((call) => call.events.map((event) => ({ kind: 'call-event', event }) as const)),
    );
  }

  /** Makes all sums of reports anew, also of rows that a test wrote by itself. */
  async sum(): Promise<void> {
    const { database, config } = this.site.parts;
    const sums = new KnexSums(database, config.timezone);
    await sums.markAll(Date.now());
    await sums.refresh(Date.now());
  }

  /** Numbers are masked for those who may not see them, while `work` runs. */
  async whileMasked(work: () => Promise<void>): Promise<void> {
    const { database, directory } = this.site.parts;
    const value = JSON.stringify({ version: 1, value: { isMasked: true } });
    await database('settings').insert({ name: 'number-privacy', value });
    try {
      await directory.refresh();
      await work();
    } finally {
      await database('settings').where({ name: 'number-privacy' }).del();
      await directory.refresh();
    }
  }

  /** Kept recordings as the program opens them, sealed or not. */
  get shelf(): RecordingShelf {
    return openRecordingShelf(this.site.parts);
  }

  /**
   * Stores a sound of `seconds` for what the call recorded: two sides, or one for a message. Not sealed, unless `folder` seals.
   * Resolves to the file on the disk.
   */
  async keep(
    id: RecordingId,
    seconds = 2,
    folder: RecordingFolder = recordingFolder(this.folder),
  ): Promise<string> {
    const store = new KnexRecordingStore(this.site.parts.database);
    const recording = await store.find(id);
    if (recording === undefined) throw new Error(`the ledger has no recording ${id}`);
    const sides = recording.kind === 'call' ? [400, 1_000] : [700];
    const path = recordingPath(id, recording.createdAt);
    await folder.withScratch(async (scratch) => {
      const sources = await Promise.all(
        sides.map(async (frequency, side) => {
          const file = join(scratch, `${String(side)}.wav`);
          await writeFile(file, await toneWav(frequency, seconds));
          return file;
        }),
      );
      const target = join(scratch, 'sound.flac');
      const sound = await soxRecordingEncoder.encode(sources, target);
      if (sound.kind !== 'encoded') throw new Error(sound.detail);
      const { durationMs, peaks } = sound;
      await store.markStored(id, {
        path,
        ...(await folder.keep(target, path)),
        durationMs,
        peaks,
        problem: '',
      });
    });
    return join(this.folder, path);
  }

  /** Forgets all calls and what the audit log says. */
  async clear(): Promise<void> {
    this.commands.length = 0;
    this.answer = { ok: true };
    this.onCommand = undefined;
    await this.site.parts.database('callbacks').del();
    await clearLedger(this.site.parts.database);
    await this.site.parts.database('audit_entries').del();
  }
}

async function addCompany(site: TestSite): Promise<void> {
  const { database } = site.parts;
  const hangUp = JSON.stringify({ kind: 'hangup' });
  await database('trunks').insert({
    id: 1,
    name: 'Carrier A',
    settings: JSON.stringify({ host: 'sip.carrier.example', port: 5060 }),
    password_sealed: '',
  });
  await database('dids').insert({
    id: 1,
    number: '+448005550110',
    name: 'Repairs line',
    target: hangUp,
  });
  await database('queues').insert([
    { id: COMPANY.repairs, name: 'Repairs', overflow: hangUp },
    { id: COMPANY.billing, name: 'Billing', overflow: hangUp },
  ]);
  for (const [login, name, id, phone, queue] of [
    ['mara', 'Mara Quill', COMPANY.mara, COMPANY.phoneOfMara, COMPANY.repairs],
    ['theo', 'Theo Lark', COMPANY.theo, COMPANY.phoneOfTheo, COMPANY.billing],
  ] as const) {
    const number = String(2000 + phone);
    await database('extensions').insert({ id: phone, number, name, secret_sealed: '' });
    const user_id = await site.addUser(login, 'agent', name);
    await database('agents').insert({
      ...{ id, user_id, name, number: String(2105 + id), extension_id: phone },
    });
    await database('queue_members').insert({ queue_id: queue, agent_id: id });
  }
}
