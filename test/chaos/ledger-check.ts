import { isFinal, type CallStory } from '../../src/demo/knex-call-story.js';
import { attemptsOf } from '../support/outbound-lab.js';
import { until } from '../support/until.js';
import type { Fault } from './faults.js';
import type { SceneCampaign } from './scene.js';
import type { ChaosSite } from './site.js';
import type { WatchedCall } from './watched-call.js';

/** After the last call is over, so long until the ledger must have everything: MariaDB may have just come back. */
const LEDGER_LIMIT_MS = 120_000;
/** By so much the ledger's talk, and a recording, may differ from what the outside saw of a talk. */
const TALK_TOLERANCE_MS = 1_500;

/** How many calls the ledger has not, or twice; and how many recordings are shorter than their talks. */
export interface LedgerFindings {
  ledgerLost: number;
  ledgerDoubled: number;
  recordingsLost: number;
  readonly remarks: string[];
}

/** Compares the ledger with the outside's own account of the same calls. */
export async function checkLedger(
  site: ChaosSite,
  calls: readonly WatchedCall[],
  fault: Fault,
): Promise<LedgerFindings> {
  const findings: LedgerFindings = {
    ...{ ledgerLost: 0, ledgerDoubled: 0, recordingsLost: 0, remarks: [] },
  };
  const deadline = Date.now() + LEDGER_LIMIT_MS;
  for (const call of calls) {
    const stories = await storiesOf(site, call, deadline);
    const [story] = stories;
    const remark = (text: string): void => {
      const seen = story?.events.map(({ kind, seq }) => `${String(seq)} ${kind}`).join(', ');
      findings.remarks.push(`${call.what} ${call.from}: ${text} (${seen ?? 'no call'})`);
    };
    if (stories.length > 1) {
      findings.ledgerDoubled += stories.length - 1;
      remark(`${String(stories.length)} calls`);
    }
    if (story === undefined || story.row.ended_at === null) {
      findings.ledgerLost += 1;
      remark('not in the ledger, or not over there');
      continue;
    }
    for (const text of doubledIn(story)) {
      findings.ledgerDoubled += 1;
      remark(text);
    }
    for (const text of missingIn(story, call, fault)) {
      findings.ledgerLost += 1;
      remark(text);
    }
    const lost = recordingLost(story, call, fault);
    if (lost !== undefined) {
      findings.recordingsLost += 1;
      remark(lost);
    }
  }
  return findings;
}

async function storiesOf(
  site: ChaosSite,
  call: WatchedCall,
  deadline: number,
): Promise<readonly CallStory[]> {
  let last: readonly CallStory[] = [];
  try {
    return await until('the call', Math.max(0, deadline - Date.now()), async () => {
      last = await site.stories.from(call.from, new Date(0));
      return last.length > 0 && last.every(isFinal) ? last : undefined;
    });
  } catch {
    // What is there is judged.
    return last;
  }
}

function doubledIn({ events }: CallStory): readonly string[] {
  const once = ['call-arrived', 'call-ended'] as const;
  const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
  const seqs = events.map(({ seq }) => seq);
  return [
    ...once.filter((kind) => count(kind) > 1).map((kind) => `${kind} twice`),
    ...(count('queue-left') > count('queue-entered') ? ['queue-left twice'] : []),
    ...(new Set(seqs).size === seqs.length ? [] : ['a sequence number twice']),
  ];
}

function missingIn(story: CallStory, call: WatchedCall, fault: Fault): readonly string[] {
  const { events, row } = story;
  const has = (kind: string): boolean => events.some((event) => event.kind === kind);
  const missing = ['call-arrived', 'call-ended'].filter((kind) => !has(kind));
  if (has('queue-entered') && !has('queue-left')) missing.push('queue-left');
  if (row.reason === '') missing.push('the reason of the end');
  const { talk } = call;
  if (talk === undefined || !call.hasTalked) return missing.map((kind) => `${kind} is missing`);
  if (!has('connected') || row.result !== 'answered')
    missing.push(`the talk (${String(row.result)})`);
  const talkedMs = (talk.until ?? Date.now()) - talk.from;
  if (row.talk_ms < talkedMs - TALK_TOLERANCE_MS && fault.endsCalls !== true)
    missing.push(`talk of ${String(talkedMs)} ms, in the ledger ${String(row.talk_ms)}:`);
  if (row.talk_ms > talkedMs + 2 * TALK_TOLERANCE_MS && fault.blinds !== true)
    missing.push(`talk of only ${String(talkedMs)} ms, in the ledger ${String(row.talk_ms)}:`);
  return missing.map((kind) => `${kind} is missing`);
}

function recordingLost(story: CallStory, call: WatchedCall, fault: Fault): string | undefined {
  const { talk } = call;
  if (talk === undefined || !call.isRecorded || !call.hasTalked) return undefined;
  // How soon a talk is recorded is not what is tried here: what was being recorded must not be lost.
  const startedAt = story.events.find(({ kind }) => kind === 'recording-started')?.at ?? talk.from;
  const talkedMs = (talk.until ?? Date.now()) - Math.max(talk.from, startedAt);
  const stored = story.recordings.filter(({ state }) => state === 'stored');
  const recordedMs = stored.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const problems = story.recordings.map(({ state, problem }) => `${state} ${problem}`).join(', ');
  // What Asterisk had not written when it was killed nobody has.
  const unwritten = fault.endsCalls === true ? TALK_TOLERANCE_MS : 0;
  const tolerance = TALK_TOLERANCE_MS + unwritten + (fault.deafMs ?? 0);
  if (recordedMs >= talkedMs - tolerance) return undefined;
  return `talked ${String(talkedMs)} ms, recorded ${String(recordedMs)} ms (${problems})`;
}

/** The campaign's attempts against what the carrier was asked to call. */
export async function checkCampaign(
  site: ChaosSite,
  { id, numbers }: SceneCampaign,
  carried: ReadonlyMap<string, number>,
): Promise<Pick<LedgerFindings, 'ledgerLost' | 'ledgerDoubled' | 'remarks'>> {
  const remarks: string[] = [];
  let last: Awaited<ReturnType<typeof attemptsOf>> = [];
  await until('each result', LEDGER_LIMIT_MS, async () => {
    last = await attemptsOf(site, id);
    const ended = last.filter(({ result }) => result !== '');
    return numbers.every((number) => ended.some((row) => row.number === number));
  }).catch(() => remarks.push('campaign: not every number has its result'));
  let lost = 0;
  let doubled = 0;
  for (const number of numbers) {
    const rows = last.filter((row) => row.number === number);
    const times = carried.get(number) ?? 0;
    if (rows.length < Math.max(1, times) || rows.some(({ result }) => result === '')) lost += 1;
    else if (times > 1 || rows.length > 1) doubled += 1;
    else continue;
    const seen = rows.map(({ result }) => result).join(', ');
    remarks.push(`campaign ${number}: called ${String(times)} times, attempts: ${seen}`);
  }
  return { ledgerLost: lost, ledgerDoubled: doubled, remarks };
}
