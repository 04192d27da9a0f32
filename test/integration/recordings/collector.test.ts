import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recordingFolder } from '../../../src/adapters/files/recording-folder.js';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { soxRecordingEncoder } from '../../../src/adapters/sound/sox-recording-encoder.js';
import { KnexRecordingStore } from '../../../src/features/recordings/knex-recording-store.js';
import { RecordingCollector } from '../../../src/features/recordings/recording-collector.js';
import type { RecordingFolder } from '../../../src/features/recordings/recording-sound.js';
import type { RecordingStore } from '../../../src/features/recordings/recording-store.js';
import { KeysLost } from '../../../src/features/recordings/sealing-keys.js';
import type { CallEvent } from '../../../src/kernel/call-event.js';
import { VirtualClock } from '../../../src/kernel/clock.js';
import type { RecordingId } from '../../../src/kernel/ids.js';
import { answeredCall, voicemailCall } from '../../support/call-events.js';
import { clearLedger } from '../../support/ledger-database.js';
import { NodeFiles, toneWav } from '../../support/node-files.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';
import { eventually } from '../../support/private-process.js';
import { TWO_KEYS } from '../../support/two-keys.js';

const run = promisify(execFile);

interface Line {
  readonly alarm?: string;
  readonly problem?: string;
}

describe('collecting recordings', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let database: Database;
  let store: KnexRecordingStore;
  let varDir: string;
  let node: NodeFiles;
  let clock: VirtualClock;
  let lines: Line[];
  const collectors: RecordingCollector[] = [];
  let caller: Buffer;
  let other: Buffer;

  before(async () => {
    mariadb = await PrivateMariadb.start();
    database = mariadb.open();
    store = new KnexRecordingStore(database);
    [caller, other] = await Promise.all([toneWav(400, 1), toneWav(1_000, 1, 1)]);
  });
  after(async () => {
    await database.destroy();
    await mariadb.remove();
  });
  beforeEach(async () => {
    await clearLedger(database);
    varDir = await mkdtemp(join(tmpdir(), 'cordboard-recordings-'));
    node = new NodeFiles();
    clock = new VirtualClock(Date.UTC(2026, 10, 24));
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(collectors.splice(0).map((collector) => collector.stop()));
    await rm(varDir, { recursive: true, force: true });
  });

  const start = (
    parts: { readonly store?: RecordingStore; readonly folder?: RecordingFolder } = {},
  ): RecordingCollector => {
    const note = (fields: object): void => {
      lines.push(fields);
    };
    const collector = new RecordingCollector({
      store,
      folder: recordingFolder(varDir),
      encoder: soxRecordingEncoder,
      nodeFiles: (name) => (name === 'pbx-1' ? node : undefined),
      clock,
      log: { warn: note, error: note },
      ...parts,
    });
    collector.start();
    collectors.push(collector);
    return collector;
  };
  const write = async (events: readonly CallEvent[]): Promise<void> => {
    await new KnexLedgerStore(database).write(
      events.map((event) => ({ kind: 'call-event', event })),
    );
  };
  /** An ended call with its two files on the node. */
  const recordedCall = async (
    files: { readonly caller?: Buffer | undefined; readonly other?: Buffer | undefined } = {
      caller,
      other,
    },
  ): Promise<RecordingId> => {
    const call = answeredCall();
    await write(call.events);
    if (files.caller) node.files.set(`${call.recordingId}-caller`, files.caller);
    if (files.other) node.files.set(`${call.recordingId}-other`, files.other);
    return call.recordingId;
  };
  const row = async (id: RecordingId): Promise<Record<string, unknown>> =>
    (await database('recordings').where({ id }).first('*')) as Record<string, unknown>;
  /** Lets the collector look again and again until its row is as wanted. */
  const becomes = (id: RecordingId, wanted: Record<string, unknown>): Promise<void> =>
    eventually(`${id} ${JSON.stringify(wanted)}`, async () => {
      await clock.advance(5_000);
      const found = await row(id);
      return Object.entries(wanted).every(([name, value]) => found[name] === value);
    });

  it('stores both sides in one file of two channels, then clears the node', async () => {
    const id = await recordedCall();
    start();
    await becomes(id, { state: 'stored', on_node: 0 });
    expect(await row(id)).to.include({ problem: '', duration_ms: 2_000 });
    const recording = await store.find(id);
    const path = join(varDir, recording?.path ?? '');
    expect(recording?.path).to.match(/^2026\/11\/24\/[0-9A-Z]{26}\.flac$/);
    expect((await run('soxi', ['-c', path])).stdout.trim()).to.equal('2');
    const facts = recording && (await recordingFolder(varDir).facts(recording));
    expect(facts).to.deep.equal({ sha256: recording?.sha256, bytes: recording?.bytes });
    const { stdout } = await run('sha256sum', [path]);
    expect(stdout.split(' ')[0]).to.equal(recording?.sha256);
    expect(node.files.size).to.equal(0);
    expect((await readdir(varDir)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
  });

  it('has the caller on the left: the waveform shows who spoke when', async () => {
    const id = await recordedCall();
    start();
    await becomes(id, { state: 'stored' });
    const [left = [], right = []] = (await store.peaks(id)) ?? [];
    expect([left.length, right.length]).to.deep.equal([200, 200]);
    expect(Math.min(...left.slice(5, 95))).to.be.greaterThan(40);
    expect(Math.max(...left.slice(105))).to.equal(0);
    expect(Math.max(...right.slice(0, 95))).to.equal(0);
    expect(Math.min(...right.slice(105, 195))).to.be.greaterThan(40);
  });

  it('never gives more points than a waveform has place for', async () => {
    const id = await recordedCall({ caller: await toneWav(300, 61), other });
    start();
    await becomes(id, { state: 'stored' });
    const [left = []] = (await store.peaks(id)) ?? [];
    expect(left.length).to.be.within(1_000, 1_600);
  });

  it('stores a message in one channel and measures its length', async () => {
    const call = voicemailCall();
    await write(call.events);
    node.files.set(`${call.recordingId}-voicemail`, caller);
    start();
    await becomes(call.recordingId, { state: 'stored', on_node: 0, duration_ms: 1_000 });
    expect(await store.peaks(call.recordingId)).to.have.length(1);
  });

  it('is woken by the ledger instead of waiting for the next look', async () => {
    const collector = start();
    const id = await recordedCall();
    collector.wake();
    await eventually('stored', async () => (await row(id))['state'] === 'stored');
  });

  it('deletes nothing on the node before the row says stored', async () => {
    const id = await recordedCall();
    let isDown = true;
    const failing: RecordingStore = Object.assign(Object.create(store) as KnexRecordingStore, {
      markStored: (...args: Parameters<RecordingStore['markStored']>) =>
        isDown ? Promise.reject(new Error('database away')) : store.markStored(...args),
    });
    start({ store: failing });
    await eventually('a first try', async () => {
      await clock.advance(5_000);
      return lines.length > 0;
    });
    expect(node.asked.some((question) => question.startsWith('remove'))).to.equal(false);
    expect(node.files.size).to.equal(2);
    isDown = false;
    await becomes(id, { state: 'stored', on_node: 0 });
    expect(node.files.size).to.equal(0);
  });

  it('waits while the node is away, and asks it rarely', async () => {
    const ids = [await recordedCall(), await recordedCall(), await recordedCall()];
    node.isAway = true;
    start();
    for (let n = 0; n < 24; n++) await clock.advance(5_000);
    await eventually('asked', () => node.asked.length > 0);
    // Two minutes away: about seven looks, two files each, for one recording at a time.
    expect(node.asked.length).to.be.at.most(16);
    node.isAway = false;
    for (const id of ids) await becomes(id, { state: 'stored', on_node: 0 });
  });

  it('says missing, with an alarm, when the node has no file', async () => {
    const id = await recordedCall({});
    start();
    await becomes(id, { state: 'missing', problem: 'gone', on_node: 0 });
    expect(lines.filter((line) => line.alarm === 'recording-missing')).to.have.length(1);
  });

  it('does not give up on a file that comes a moment late', async () => {
    const id = await recordedCall({});
    start();
    await eventually('asked', () => node.asked.length >= 2);
    node.files.set(`${id}-caller`, caller).set(`${id}-other`, other);
    await becomes(id, { state: 'stored', problem: '' });
  });

  it('keeps the side that is there, in its own channel', async () => {
    const id = await recordedCall({ other });
    start();
    await becomes(id, { state: 'stored', problem: 'caller-missing', on_node: 0 });
    const [left = [], right = []] = (await store.peaks(id)) ?? [];
    expect(Math.max(...left)).to.equal(0);
    expect(Math.max(...right)).to.be.greaterThan(40);
    expect(lines.some((line) => line.problem === 'caller-missing')).to.equal(true);
  });

  it('reads a file whose header a crash of the node left wrong', async () => {
    const broken = Buffer.from(caller);
    broken.writeUInt32LE(0, 4);
    broken.writeUInt32LE(0, 40);
    const id = await recordedCall({ caller: broken, other });
    start();
    await becomes(id, { state: 'stored', duration_ms: 2_000 });
  });

  it('leaves what is no sound file on the node, and says so', async () => {
    const noise = Buffer.from('this is not a wav file, whatever its name says');
    const id = await recordedCall({ caller: noise, other: noise });
    start();
    await becomes(id, { state: 'missing', problem: 'damaged', on_node: 0 });
    expect(node.files.size).to.equal(2);
  });

  it('says empty where nothing was recorded', async () => {
    const empty = caller.subarray(0, 44);
    const id = await recordedCall({ caller: empty, other: empty });
    start();
    await becomes(id, { state: 'missing', problem: 'empty', on_node: 0 });
  });

  it('goes on after a restart between storing and clearing the node', async () => {
    const id = await recordedCall();
    const dying: RecordingStore = Object.assign(Object.create(store) as KnexRecordingStore, {
      markOffNode: () => Promise.reject(new Error('killed here')),
    });
    const first = start({ store: dying });
    await becomes(id, { state: 'stored', on_node: 1 });
    await first.stop();
    const before = await row(id);
    start();
    await becomes(id, { on_node: 0 });
    expect({ ...(await row(id)), on_node: 1 }).to.deep.equal(before);
  });

  it('leaves on the node what cannot be sealed for want of a key, and seals it when the key is back', async () => {
    const id = await recordedCall();
    const [key] = TWO_KEYS;
    let isLost = true;
    const sealing = {
      key: () => (isLost ? Promise.reject(new KeysLost('no key is there')) : Promise.resolve(key)),
      find: () => Promise.resolve(key.key),
    };
    start({ folder: recordingFolder(varDir, sealing) });
    await eventually('a first try', async () => {
      await clock.advance(5_000);
      return lines.length > 0;
    });
    expect(node.files.size).to.equal(2);
    expect(await row(id)).to.include({ state: 'waiting', path: '' });
    isLost = false;
    await becomes(id, { state: 'stored', on_node: 0, key_id: key.id });
    expect(node.files.size).to.equal(0);
    const recording = await store.find(id);
    const kept = await readFile(join(varDir, recording?.path ?? ''));
    expect(kept.subarray(0, 8).toString()).to.equal('CBSEALED');
    expect((await readdir(varDir)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
  });

  it('two collectors side by side do no harm', async () => {
    const ids = [];
    for (let n = 0; n < 4; n++) ids.push(await recordedCall());
    start();
    start();
    for (const id of ids) {
      await becomes(id, { state: 'stored', on_node: 0, problem: '' });
      const recording = await store.find(id);
      const facts = recording && (await recordingFolder(varDir).facts(recording));
      expect(facts?.sha256).to.equal(recording?.sha256);
    }
  });

  it('events that arrive later leave a stored recording as it is', async () => {
    const call = answeredCall();
    node.files.set(`${call.recordingId}-caller`, caller);
    node.files.set(`${call.recordingId}-other`, other);
    await write(call.events.slice(0, -1));
    start();
    await becomes(call.recordingId, { state: 'stored', on_node: 0 });
    const before = await row(call.recordingId);
    await write(call.events.slice(-1));
    expect(await row(call.recordingId)).to.deep.equal(before);
  });
});
