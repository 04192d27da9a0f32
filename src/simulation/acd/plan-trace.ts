import type { TraceCall } from './plan.js';
import type { Planning } from './planning.js';
import { timeOfDayMs, type TraceRow } from './scenario-file.js';
import { parseTrace } from './trace.js';
import type { JsonPath } from '../json-lines.js';

const SECOND_MS = 1000;

/** The calls of the trace in the order of time; undefined where there is none. What is wrong is refused. */
export function planTrace(planning: Planning): readonly TraceCall[] | undefined {
  const { trace } = planning.file;
  if (trace === undefined) return undefined;
  const calls =
    typeof trace === 'string'
      ? parseTrace(planning.scenario.readText(trace), trace).map(({ row, place }) =>
          traceCall(planning, row, ['trace'], place),
        )
      : trace.map((row, index) => traceCall(planning, row, ['trace', index]));
  if (calls.length === 0) planning.refuse(['trace'], 'holds no call');
  // Calls of one moment come in the order of the rows.
  return calls.sort((a, b) => a.atMs - b.atMs);
}

function traceCall(planning: Planning, row: TraceRow, path: JsonPath, place?: string): TraceCall {
  const ms = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : seconds * SECOND_MS;
  return {
    atMs: Math.round(typeof row.at === 'number' ? row.at * SECOND_MS : timeOfDayMs(row.at)),
    queue: planning.queue(row.queue, [...path, 'queue'], place) ?? 0,
    number: row.number,
    priority: row.priority,
    handlingMs: ms(row.handlingSeconds),
    patienceMs: ms(row.patienceSeconds),
    requirements:
      row.requirements === undefined
        ? undefined
        : planning.requirements(row.requirements, [...path, 'requirements'], place),
  };
}
