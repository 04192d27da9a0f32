import { joinParts, type SidePart } from './join-parts.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { RecordingId } from '../../kernel/ids.js';
import { AriError, type StoredRecordings } from '../../telephony/ari/port.js';
import { BackOff } from './back-off.js';
import { recordingPath, type RecordingProblem } from './recording.js';
import type { EncodedSound, RecordingEncoder, RecordingFolder } from './recording-sound.js';
import type { RecordingOnNode, RecordingStore } from './recording-store.js';

/** Where the collector says what went wrong; lines with the field `alarm` are for a person. */
export interface CollectorLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface CollectorParts {
  readonly store: RecordingStore;
  readonly folder: RecordingFolder;
  readonly encoder: RecordingEncoder;
  /** Finished recordings of a node; undefined for a node that is not configured any more. */
  readonly nodeFiles: (node: string) => StoredRecordings | undefined;
  readonly clock: Clock;
  readonly log: CollectorLog;
}

/** What the collector did since it started. */
export interface CollectorCounters {
  readonly stored: number;
  readonly missing: number;
  /** Tries that will be repeated. */
  readonly failed: number;
}

const LOOK_EVERY_MS = 5_000;
const LIST_AT_MOST = 20;
/** A node closes a file within moments; when it still has none after so many looks, there is none. */
const GONE_AFTER_TRIES = 4;

/**
 * Brings recordings from the nodes: fetch, encode, read back, store, note it, and only then delete on the node. The list
 * of work is the table, so a restart anywhere goes on where it stood, and doing a step twice changes nothing.
 *
 *   waiting, on node ──> stored, on node ──> stored          (file safe here before the node's is deleted)
 *          └──────────> missing                              (the node has none: alarm)
 */
export class RecordingCollector {
  readonly #stop = new AbortController();
  readonly #nodes = new BackOff<string>(2_000, 60_000);
  readonly #recordings = new BackOff<RecordingId>(1_000, 300_000);
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #isWoken = false;
  #stored = 0;
  #missing = 0;
  #failed = 0;

  constructor(private readonly parts: CollectorParts) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Says that there may be something new; without it the collector looks every few seconds. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Finishes the recording in work. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('collector stopped'));
    this.#wake();
    await this.#running;
  }

  counters(): CollectorCounters {
    return { stored: this.#stored, missing: this.#missing, failed: this.#failed };
  }

  async #run(): Promise<void> {
    const { clock, log } = this.parts;
    while (!this.#isStopped()) {
      this.#isWoken = false;
      try {
        const due = await this.parts.store.onNodes({
          limit: LIST_AT_MOST,
          exceptIds: this.#recordings.resting(clock.now()),
          exceptNodes: this.#nodes.resting(clock.now()),
        });
        for (const recording of due) {
          if (this.#isStopped()) return;
          await this.#collect(recording);
        }
        if (due.length === LIST_AT_MOST) continue;
      } catch (error) {
        log.warn({ err: error }, 'recordings wait');
      }
      await this.#rest();
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #rest(): Promise<void> {
    if (this.#isWoken || this.#isStopped()) return;
    const rest = new AbortController();
    this.#wake = () => {
      rest.abort(new Error('woken'));
    };
    try {
      await this.parts.clock.sleep(LOOK_EVERY_MS, rest.signal);
    } catch (error) {
      if (!rest.signal.aborted) throw error;
    }
  }

  async #collect(recording: RecordingOnNode): Promise<void> {
    const { log, clock } = this.parts;
    const { id, node } = recording;
    // A node that went away a moment ago is not asked for the rest of the list.
    if (this.#nodes.resting(clock.now()).includes(node)) return;
    try {
      const files = this.parts.nodeFiles(node);
      if (files === undefined) throw new AriError('unavailable', 'recordings', 0, 'unknown node');
      const isOver = recording.state !== 'waiting' || (await this.#fetch(recording, files));
      if (!isOver) return;
      await this.#clear(recording, files);
      this.#nodes.succeeded(node);
      this.#recordings.succeeded(id);
    } catch (error) {
      this.#failed++;
      const isNodeAway =
        error instanceof AriError &&
        (error.failure === 'unavailable' || error.failure === 'timeout');
      const tries = isNodeAway
        ? this.#nodes.failed(node, clock.now())
        : this.#recordings.failed(id, clock.now());
      log.warn(
        { err: error, recording: id, node, tries },
        'recording not brought in, trying again',
      );
    }
  }

  /** True when the node's files are needed no more. */
  async #fetch(recording: RecordingOnNode, files: StoredRecordings): Promise<boolean> {
    const found = await Promise.all(
      recording.nodeFiles.map(async (name) => ({ name, wav: await fetchOrNothing(files, name) })),
    );
    const isWhole = found.every(({ wav }) => wav !== undefined);
    const sides = sidesOf(found);
    if (!isWhole && !this.#hasWaitedEnough(recording.id)) return false;
    if (sides.every((side) => side === undefined)) return this.#miss(recording, 'gone', '');
    return this.parts.folder.withScratch(async (scratch) => {
      const sources = await Promise.all(
        sides.map(async (side, at) => {
          if (side === undefined) return undefined;
          const path = join(scratch, `${String(at)}.wav`);
          await writeFile(path, side);
          return path;
        }),
      );
      const target = join(scratch, 'merged.flac');
      return this.#keep(
        recording,
        sources,
        target,
        await this.parts.encoder.encode(sources, target),
      );
    });
  }

  #hasWaitedEnough(id: RecordingId): boolean {
    return this.#recordings.failed(id, this.parts.clock.now()) >= GONE_AFTER_TRIES;
  }

  async #keep(
    recording: RecordingOnNode,
    sources: readonly (string | undefined)[],
    target: string,
    sound: EncodedSound,
  ): Promise<boolean> {
    const { id, createdAt } = recording;
    switch (sound.kind) {
      case 'failed':
        throw new Error(sound.detail);
      case 'empty':
        return this.#miss(recording, 'empty', sound.detail);
      case 'damaged':
        await this.#miss(recording, 'damaged', sound.detail);
        // What nobody could read stays where it is, for a person to look at.
        await this.parts.store.markOffNode(id);
        return false;
      case 'encoded': {
        const path = recordingPath(id, createdAt);
        const facts = await this.parts.folder.keep(target, path);
        const problem = problemOf(sources);
        const { durationMs, peaks } = sound;
        const isOurs = await this.parts.store.markStored(id, {
          path,
          ...facts,
          durationMs,
          peaks,
          problem,
        });
        if (isOurs) this.#stored++;
        if (problem !== '') this.#alarm(recording, problem, '');
        return true;
      }
    }
  }

  async #miss(
    recording: RecordingOnNode,
    problem: RecordingProblem,
    detail: string,
  ): Promise<boolean> {
    if (await this.parts.store.markMissing(recording.id, problem)) {
      this.#missing++;
      this.#alarm(recording, problem, detail);
    }
    return true;
  }

  #alarm({ id, callId, node, nodeFiles }: RecordingOnNode, problem: string, detail: string): void {
    this.parts.log.error(
      { alarm: 'recording-missing', recording: id, call: callId, node, nodeFiles, problem, detail },
      'recording missing',
    );
  }

  async #clear(recording: RecordingOnNode, files: StoredRecordings): Promise<void> {
    for (const name of recording.nodeFiles) {
      try {
        await files.remove(name);
      } catch (error) {
        if (!(error instanceof AriError && error.failure === 'gone')) throw error;
      }
    }
    await this.parts.store.markOffNode(recording.id);
  }
}

/** Parts come in pairs, one of each side. */
const sidesOf = (parts: readonly SidePart[]): readonly (Buffer | undefined)[] =>
  parts.length <= SIDES
    ? parts.map(({ wav }) => wav)
    : Array.from({ length: SIDES }, (_, side) =>
        joinParts(parts.filter((_part, at) => at % SIDES === side)),
      );
const SIDES = 2;

async function fetchOrNothing(files: StoredRecordings, name: string): Promise<Buffer | undefined> {
  try {
    return await files.fetch(name);
  } catch (error) {
    if (error instanceof AriError && error.failure === 'gone') return undefined;
    throw error;
  }
}

function problemOf(sources: readonly (string | undefined)[]): RecordingProblem | '' {
  const missing = sources.indexOf(undefined);
  if (missing === -1) return '';
  return missing === 0 ? 'caller-missing' : 'other-missing';
}
