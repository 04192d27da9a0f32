import {
  CallCollector,
  type OldCall,
  type UnfinishedCall,
} from '../../src/engines/reporting/queue-log/calls.js';
import type { OldNames } from '../../src/engines/reporting/queue-log/events.js';
import { QueueLogReader, type LineProblem } from '../../src/engines/reporting/queue-log/lines.js';
import type { AgentId, QueueId } from '../../src/kernel/ids.js';

export const LOG_START_S = 1_700_000_000;

export interface ReadLog {
  readonly calls: readonly OldCall[];
  readonly unfinished: readonly UnfinishedCall[];
  readonly problems: readonly { readonly n: number; readonly problem: LineProblem }[];
}

/** What a log says, read as the import reads it. */
export function readLog(
  text: string,
  { zone = 'Etc/UTC', now = Date.UTC(2026, 10, 26) } = {},
): ReadLog {
  const calls: OldCall[] = [];
  const unfinished: UnfinishedCall[] = [];
  const problems: { n: number; problem: LineProblem }[] = [];
  const collector = new CallCollector({
    finished: (call) => calls.push(call),
    unfinished: (call) => unfinished.push(call),
  });
  const reader = new QueueLogReader(zone, now);
  text.split('\n').forEach((row, index) => {
    const n = index + 1;
    const read = reader.read(row);
    if (read === undefined) return;
    if ('problem' in read) {
      problems.push({ n, problem: read.problem });
      return;
    }
    const taken = collector.take(read.line, n);
    if (taken !== 'taken') problems.push({ n, problem: taken });
  });
  collector.end();
  return { calls, unfinished, problems };
}

/** Each name has an id of its own, by its first letters. */
export const NAMES: OldNames = {
  queue: (name) => ({ id: (name.codePointAt(0) ?? 0) as QueueId, name }),
  agent: (name) => ({ id: Number(/\d+/.exec(name)?.[0] ?? 1) as AgentId, name }),
  number: (text) => text,
};

/** How a caller of the generated logs fares in one queue. Times in seconds. */
export interface MadeVisit {
  readonly queue: string;
  readonly waits: number;
  readonly missed: number;
  readonly end:
    | 'COMPLETEAGENT'
    | 'COMPLETECALLER'
    | 'BLINDTRANSFER'
    | 'ATTENDEDTRANSFER'
    | 'ABANDON'
    | 'EXITWITHTIMEOUT'
    | 'EXITWITHKEY'
    | 'EXITEMPTY';
  readonly talks: number;
  readonly agent: string;
}

const TALKED = new Set(['COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER']);
export const isTalked = ({ end }: MadeVisit): boolean => TALKED.has(end);

/** The lines of a call that begins `at`, with their times, as Asterisk writes them. */
export function linesOf(
  uniqueId: string,
  at: number,
  visits: readonly MadeVisit[],
): readonly { readonly at: number; readonly text: string }[] {
  const lines: { at: number; text: string }[] = [];
  let now = at;
  for (const { queue, waits, missed, end, talks, agent } of visits) {
    const write = (who: string, event: string, ...data: (string | number)[]): void => {
      lines.push({ at: now, text: [now, uniqueId, queue, who, event, ...data].join('|') });
    };
    write('NONE', 'ENTERQUEUE', '', '02079460123', 1);
    for (let n = 0; n < missed; n++) write(`PJSIP/${String(2000 + n)}`, 'RINGNOANSWER', 1_000);
    now += waits;
    if (TALKED.has(end)) {
      write(agent, 'CONNECT', waits, `${String(now)}.9`, Math.min(waits, 3));
      now += talks;
      if (end === 'BLINDTRANSFER') write(agent, end, '3001', 'from-internal', waits, talks, 1);
      else if (end === 'ATTENDEDTRANSFER') write(agent, end, 'BRIDGE', 'b-1', waits, talks, 1);
      else write(agent, end, waits, talks, 1);
    } else if (end === 'EXITWITHKEY') write('NONE', end, 1, 1, 1, waits);
    else write('NONE', end, 1, 1, waits);
  }
  return lines;
}
