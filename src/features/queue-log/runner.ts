import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { OldCall } from '../../engines/reporting/queue-log/calls.js';
import { ledgerEvents, type OldNames } from '../../engines/reporting/queue-log/events.js';
import { LogCounter } from '../../engines/reporting/queue-log/summary.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { Scope } from '../../kernel/scope.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { csvLine } from '../../web/kit/index.js';
import {
  KEPT_MS,
  NOTHING_IMPORTED,
  type CheckedLog,
  type ImportResult,
  type LogImport,
  type NamedHere,
} from './import.js';
import type { LogFolder } from './log-files.js';
import { orderOf, readLog, type LogListener } from './log-reading.js';
import type { OldCallLedger, Progress, QueueLogWork } from './queue-log-store.js';

const LOOK_MS = 1_000;
const BEAT_MS = 500;
const TIDY_EVERY_MS = 3_600_000;
/** Calls of one transaction. */
const BATCH = 50;
/** Lines of the list of problems; more of them are counted, not listed. */
const LISTED_PROBLEMS = 100_000;
const SHOWN_TEXT = 300;

export interface RunnerParts {
  readonly work: QueueLogWork;
  readonly ledger: OldCallLedger;
  readonly folder: LogFolder;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Of the site. */
  readonly zone: string;
  readonly country: string;
}

/** It was cancelled, or somebody else works on it by now: there is nothing more to say about it. */
class NoLongerOurs extends Error {}
/** Why an import fails, as a key of the catalog. */
class CannotImport extends Error {}

/** Checks and runs what waits, one after the other, until the scope ends. */
export function runImports(server: Scope, parts: RunnerParts): void {
  server.fork('queue log imports', async (scope) => {
    let tidyAt = 0;
    for (;;) {
      try {
        while (await runNext(parts, scope.signal));
        if (parts.clock.now() >= tidyAt) {
          await tidy(parts);
          tidyAt = parts.clock.now() + TIDY_EVERY_MS;
        }
      } catch (error) {
        if (scope.cancelled) return;
        parts.log.warn({ err: error }, 'imports of old logs wait: the database cannot be reached');
      }
      await parts.clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

/** Works on the oldest import that waits; false where none does. */
export async function runNext(parts: RunnerParts, signal: AbortSignal): Promise<boolean> {
  const { work, clock, log } = parts;
  const job = await work.claim(new Date(clock.now()));
  if (job === undefined) return false;
  try {
    if (job.state === 'checking') await check(job, parts, signal);
    else await run(job, parts, signal);
  } catch (error) {
    // The scope ends: the import is left as it is, and shows by itself that nobody works on it.
    if (signal.aborted) throw error;
    if (error instanceof NoLongerOurs) return true;
    log.warn({ err: error, import: job.id }, 'import of an old log failed');
    const problem = error instanceof CannotImport ? error.message : 'queue-log.problem.broke';
    await work.end(job, 'failed', { problem });
  }
  return true;
}

async function tidy({ work, folder, clock }: RunnerParts): Promise<void> {
  for (const id of await work.forgetOld(new Date(clock.now() - KEPT_MS))) await folder.remove(id);
}

/** Notes progress now and then, and that somebody is alive. */
class Beats {
  #lastAt = 0;

  constructor(
    private readonly job: LogImport,
    private readonly parts: RunnerParts,
  ) {}

  async beat(progress: Progress): Promise<void> {
    const now = this.parts.clock.now();
    if (now - this.#lastAt < BEAT_MS) return;
    this.#lastAt = now;
    if (!(await this.parts.work.beat(this.job, new Date(now), progress))) throw new NoLongerOurs();
  }
}

async function check(given: LogImport, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  const { work, folder, clock } = parts;
  const order = await orderOf(given, { ...parts, signal });
  await folder.arrange(given.id, order);
  const files = order.flatMap((from) => given.files[from] ?? []);
  const job: LogImport = { ...given, files };
  if (!(await work.beat(job, new Date(clock.now()), { files }))) throw new NoLongerOurs();
  const beats = new Beats(job, parts);
  const counter = new LogCounter();
  const before = siteDayOf(clock.now(), parts.zone).startAt;
  const problems = new ProblemList(folder.problems(job.id), job);
  const listener: LogListener = {
    line: (at) => {
      counter.lines++;
      counter.line(at);
    },
    problem: (place, problem, text) => {
      counter.lines++;
      counter.problems++;
      problems.add(place, problem, text);
    },
    unfinished: (place, { why, uniqueId, lastAt }) => {
      // Somebody may talk there still.
      if (lastAt >= before) {
        counter.ofToday++;
        return;
      }
      counter.unfinished++;
      problems.add(place, why, uniqueId);
    },
    call: (call) => {
      if (call.endedAt >= before) counter.ofToday++;
      else counter.call(call);
    },
    pause: async (bytesDone) => {
      if (counter.hasTooManyNames) throw new CannotImport('queue-log.problem.too-many-names');
      await problems.written();
      await beats.beat({ bytesDone });
    },
  };
  try {
    await readLog(job, { ...parts, signal }, listener);
  } finally {
    await problems.close();
  }
  const summary: CheckedLog = { ...counter.summary, before };
  await work.end(job, 'checked', { summary, bytesDone: job.bytesTotal });
}

/** What is wrong, as a file. What the disk does not take at once is waited for. */
class ProblemList {
  readonly #stream: WriteStream;
  #count = 0;

  constructor(
    path: string,
    private readonly job: LogImport,
  ) {
    this.#stream = createWriteStream(path, { mode: 0o600 });
    this.#stream.write(csvLine(['file', 'line', 'problem', 'text']));
  }

  add(
    place: { readonly file: number; readonly line: number },
    problem: string,
    text: string,
  ): void {
    this.#count++;
    if (this.#count > LISTED_PROBLEMS) return;
    const name = this.job.files[place.file]?.name ?? '';
    this.#stream.write(csvLine([name, place.line, problem, text.trim().slice(0, SHOWN_TEXT)]));
  }

  async written(): Promise<void> {
    if (!this.#stream.writableNeedDrain) return;
    await new Promise<void>((resolve, reject) => {
      this.#stream.once('drain', resolve).once('error', reject);
    });
  }

  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}

async function run(job: LogImport, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  const { work, folder } = parts;
  const { names, summary } = job;
  if (names === undefined || summary === undefined) throw new Error('nothing was chosen');
  const here = namesOf(names, parts.country);
  const beats = new Beats(job, parts);
  let result = NOTHING_IMPORTED;
  let waiting: OldCall[] = [];
  const listener: LogListener = {
    line: () => undefined,
    problem: () => undefined,
    unfinished: () => undefined,
    call: (call) => {
      if (call.endedAt < summary.before) waiting.push(call);
    },
    pause: async (bytesDone) => {
      while (waiting.length > 0) {
        const batch = waiting.slice(0, BATCH);
        result = added(result, await writeCalls(batch, here, parts, signal));
        waiting = waiting.slice(BATCH);
        await beats.beat({ result });
      }
      await beats.beat({ bytesDone, result });
    },
  };
  await readLog(job, { ...parts, signal }, listener);
  if (!(await work.end(job, 'done', { result, bytesDone: job.bytesTotal })))
    throw new NoLongerOurs();
  await folder.removeLogs(job.id, job.files.length);
}

const added = (a: ImportResult, b: ImportResult): ImportResult => ({
  imported: a.imported + b.imported,
  replaced: a.replaced + b.replaced,
  already: a.already + b.already,
});

function namesOf({ queues, agents }: NonNullable<LogImport['names']>, country: string): OldNames {
  const finder = <Named extends NamedHere<number>>(named: Readonly<Record<string, Named>>) => {
    const known = new Map(Object.entries(named));
    return (name: string): Named => {
      const found = known.get(name);
      if (found === undefined) throw new CannotImport('queue-log.problem.changed');
      return found;
    };
  };
  return {
    queue: finder(queues),
    agent: finder(agents),
    number: (text) => normaliseNumber(text, country),
  };
}

/** Writes calls that are not there, or were told otherwise before; a less complete story replaces none. */
async function writeCalls(
  calls: readonly OldCall[],
  names: OldNames,
  { ledger, clock }: RunnerParts,
  signal: AbortSignal,
): Promise<ImportResult> {
  const told = calls.map((call) => ledgerEvents(call, names));
  const idOf = (events: readonly CallEvent[]) => events.flatMap(({ callId }) => callId).slice(0, 1);
  const known = await ledger.known(told.flatMap(idOf));
  const fresh: (readonly CallEvent[])[] = [];
  const changed: (readonly CallEvent[])[] = [];
  for (const events of told) {
    const [id] = idOf(events);
    const stored = id && known.get(id);
    if (stored === undefined) fresh.push(events);
    else if (stored.size <= events.length && !events.every((event) => stored.has(event.id)))
      changed.push(events);
  }
  if (changed.length > 0) await ledger.forget(changed.flatMap(idOf));
  const events = [...fresh, ...changed].flat();
  if (events.length > 0) await writeOrTryAgain(events, ledger, clock, signal);
  return {
    ...{ imported: fresh.length, replaced: changed.length },
    already: calls.length - fresh.length - changed.length,
  };
}

const TRIES = 5;
const RETRY_MS = 500;

/** Another writer may have had a lock, or the database may have been away for a moment; writing again changes nothing. */
async function writeOrTryAgain(
  events: readonly CallEvent[],
  ledger: OldCallLedger,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      await ledger.write(events);
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await clock.sleep(RETRY_MS, signal);
    }
}
