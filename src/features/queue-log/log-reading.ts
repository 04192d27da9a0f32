import {
  CallCollector,
  type OldCall,
  type UnfinishedCall,
} from '../../engines/reporting/queue-log/calls.js';
import { QueueLogReader, type LineProblem } from '../../engines/reporting/queue-log/lines.js';
import type { Clock } from '../../kernel/clock.js';
import type { LogFolder } from './log-files.js';
import { readLines } from './log-files.js';
import type { LogImport } from './import.js';

/** Where something stands: the number of the file and of the line in it, from 0 and 1. */
export interface LinePlace {
  readonly file: number;
  readonly line: number;
}

/** What comes out of the files of an import. */
export interface LogListener {
  /** A line that was understood. */
  line(at: number): void;
  problem(place: LinePlace, problem: LineProblem | UnfinishedCall['why'], text: string): void;
  unfinished(place: LinePlace, call: UnfinishedCall): void;
  call(call: OldCall): void;
  /** Between lines, when some calls may have come: writes them, notes progress. Rejects to stop. */
  pause(bytesDone: number): Promise<void>;
}

export interface LogReading {
  readonly folder: LogFolder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const PAUSE_LINES = 500;
/** The program may share its thread with calls: after so much work it rests as long. */
const WORK_MS = 10;
/** Lines of a file that may stand before the first one that can be read. */
const LOOKED_AT_LINES = 1_000;
/** Places are kept as one number: file and line. */
const FILE_STEP = 1_000_000_000_000;

/** Reads all files of an import as one log. */
export async function readLog(
  job: LogImport,
  { folder, clock, signal }: LogReading,
  listener: LogListener,
): Promise<void> {
  const placeOf = (n: number): LinePlace => ({
    file: Math.floor(n / FILE_STEP),
    line: n % FILE_STEP,
  });
  const collector = new CallCollector({
    finished: (call) => {
      listener.call(call);
    },
    unfinished: (call) => {
      listener.unfinished(placeOf(call.n), call);
    },
  });
  let bytesBefore = 0;
  let worksSince = clock.now();
  for (const [file, { bytes }] of job.files.entries()) {
    const reader = new QueueLogReader(job.zone, clock.now());
    let n = 0;
    for await (const { lines, bytesRead } of readLines(folder.log(job.id, file))) {
      for (const text of lines) {
        n++;
        takeLine(collector, reader.read(text), { file, line: n }, text, listener);
        if (n % PAUSE_LINES !== 0) continue;
        await listener.pause(bytesBefore + bytesRead);
        const workedMs = clock.now() - worksSince;
        if (workedMs < WORK_MS) continue;
        await clock.sleep(Math.min(workedMs, 10 * WORK_MS), signal);
        worksSince = clock.now();
      }
    }
    bytesBefore += bytes;
    await listener.pause(bytesBefore);
  }
  collector.end();
  await listener.pause(bytesBefore);
}

function takeLine(
  collector: CallCollector,
  read: ReturnType<QueueLogReader['read']>,
  place: LinePlace,
  text: string,
  listener: LogListener,
): void {
  if (read === undefined) return;
  if ('problem' in read) {
    listener.problem(place, read.problem, text);
    return;
  }
  const taken = collector.take(read.line, place.file * FILE_STEP + place.line);
  if (taken === 'taken') listener.line(read.line.at);
  else listener.problem(place, taken, text);
}

/** Where each file belongs in the order of time; files without a time stay where they are, at the end. */
export async function orderOf(job: LogImport, reading: LogReading): Promise<readonly number[]> {
  const begins: { readonly n: number; readonly at: number }[] = [];
  for (const [n] of job.files.entries())
    begins.push({ n, at: (await firstTime(job, n, reading)) ?? Number.MAX_SAFE_INTEGER });
  return begins.sort((a, b) => a.at - b.at || a.n - b.n).map(({ n }) => n);
}

async function firstTime(
  job: LogImport,
  n: number,
  { folder, clock }: LogReading,
): Promise<number | undefined> {
  const reader = new QueueLogReader(job.zone, clock.now());
  let looked = 0;
  for await (const { lines } of readLines(folder.log(job.id, n)))
    for (const text of lines) {
      const read = reader.read(text);
      if (read !== undefined && 'line' in read) return read.line.at;
      looked++;
      if (looked >= LOOKED_AT_LINES) return undefined;
    }
  return undefined;
}
