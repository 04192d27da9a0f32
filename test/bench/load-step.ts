import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { encodeAlaw, RtpClock } from '../support/rtp.js';
import { LOGS, Sipp, type SippOptions } from '../support/sipp.js';
import { makeTone } from '../../src/demo/tones.js';
import { BenchCaller, CALLER_HZ } from './bench-caller.js';
import { note, type BenchSite, type Phones } from './bench-site.js';
import { percentiles, type Percentiles } from './figures.js';
import { perCall, readUsage, type LoadSide, type Usage } from './load-side.js';
import { readNotes, type SippNote } from './ready-times.js';

/** Of so many callers, one is heard by this process, which knows when both hear each other; the others are SIPp's. */
const HEARD_OF = 10;
/** Calls of the first seconds fill the machine and do not count for times; failures count from the first one on. */
const RAMP_MS = 4_000;
/** How long before the next step everything rests. */
const REST_MS = 1_500;
/** SIPp's rates are whole numbers of calls in a period. */
const PERIOD_MS = 10_000;
const VOICE_RATE = 8_000;

/** What one step at one rate has shown. */
export interface Step {
  readonly side: LoadSide['name'];
  readonly callsPerSecond: number;
  readonly calls: number;
  readonly failed: number;
  /** From the INVITE to the answer, and from the key to the INVITE at the agent's phone, together: what a caller waits for us. */
  readonly setUpMs: Percentiles;
  readonly answerMs: Percentiles;
  readonly keyToPhoneMs: Percentiles;
  /** From the agent's answer until caller and agent hear each other, of one caller in ten. */
  readonly throughMs: Percentiles;
  /** At most at once. */
  readonly talks: number;
  readonly perCall: Usage;
}

/** Numbers of callers, each once: a note belongs to one call. */
let nextCaller = 1_000_000;
const newNumber = (): string => `0207${String(nextCaller++)}`;

/** Calls come evenly at this rate for so long; resolves when nothing is left of them. */
export async function runStep(
  site: BenchSite,
  phones: Phones,
  side: LoadSide,
  { callsPerSecond, seconds }: { readonly callsPerSecond: number; readonly seconds: number },
): Promise<Step> {
  const total = Math.max(2, Math.round(callsPerSecond * seconds));
  const heard = Math.max(1, Math.round(total / HEARD_OF));
  const clock = new RtpClock();
  const listeners: BenchCaller[] = [];
  for (let index = 0; index < heard; index++)
    listeners.push(await BenchCaller.open(newNumber(), clock));
  const logFrom = (await readFile(phones.logFile, 'utf8')).length;
  await sleep(REST_MS);
  const before = await readUsage(site);
  const beganAt = Date.now();
  const [quiet, loud] = await Promise.all([
    call(site, 'load-caller', total - heard, seconds, () => [newNumber(), side.did]),
    call(site, 'caller', heard, seconds, (index) => {
      const listener = listeners[index];
      return [listener?.number ?? '', '', String(listener?.line.port ?? 0), side.did];
    }),
  ]);
  const accounted = await side.finished();
  // The program publishes its counts once a second.
  await sleep(REST_MS);
  const after = await readUsage(site);
  clock.stop();
  for (const { line } of listeners) line.close();
  if (quiet.failed + loud.failed > 0) note(`${quiet.errors}${loud.errors}`.slice(0, 1_200));
  const phoneNotes = readNotes((await readFile(phones.logFile, 'utf8')).slice(logFrom));
  const incomplete = listeners.filter((one) => !one.isComplete).length;
  const step = {
    side: side.name,
    callsPerSecond,
    calls: total,
    failed: Math.max(quiet.failed + Math.max(loud.failed, incomplete), total - accounted),
    ...times(quiet.notes, phoneNotes, beganAt + RAMP_MS),
    throughMs: percentiles(throughTimes(listeners, phoneNotes)),
    talks: mostAtOnce(phoneNotes),
    perCall: perCall(before, after, total),
  };
  note(JSON.stringify(step));
  return step;
}

interface Called {
  readonly failed: number;
  readonly errors: string;
  readonly notes: readonly SippNote[];
}

/** One SIPp that calls evenly over the step. */
async function call(
  { callerPort, otherPort, pbx }: BenchSite,
  scenario: 'load-caller' | 'caller',
  calls: number,
  seconds: number,
  fields: (index: number) => readonly string[],
): Promise<Called> {
  if (calls === 0) return { failed: 0, errors: '', notes: [] };
  const options: SippOptions = {
    scenario,
    port: scenario === 'caller' ? otherPort : callerPort,
    remote: pbx,
    calls,
    callsPerSecond: Math.max(1, Math.round((calls * PERIOD_MS) / (seconds * 1000))),
    fields: Array.from({ length: calls }, (_, index) => fields(index)),
    more: ['-rp', String(PERIOD_MS), '-l', String(calls), '-aa', ...LOGS],
    files: { 'voice.alaw': VOICE },
  };
  const sipp = await Sipp.start(options);
  const { errors, notes: text } = await sipp.ended();
  const notes = readNotes(text);
  return { failed: calls - notes.filter(({ what }) => what === 'over').length, errors, notes };
}

/** A second of what callers say. */
const VOICE = Buffer.from(makeTone(CALLER_HZ, 1_000, VOICE_RATE).map(encodeAlaw));

/** The same caller, however the number is written. */
const digitsOf = (number: string): string => number.slice(-9);

function times(
  callers: readonly SippNote[],
  phones: readonly SippNote[],
  from: number,
): Pick<Step, 'setUpMs' | 'answerMs' | 'keyToPhoneMs'> {
  const at = (what: string, notes: readonly SippNote[], key: (note: SippNote) => string) =>
    new Map(notes.filter((one) => one.what === what).map((one) => [digitsOf(key(one)), one.at]));
  const answered = at('answered', callers, ({ number }) => number);
  const pressed = at('pressed', callers, ({ number }) => number);
  const rang = at('called', phones, ({ other }) => other);
  const answers: number[] = [];
  const keys: number[] = [];
  const both: number[] = [];
  for (const { what, number, at: calledAt } of callers) {
    const key = digitsOf(number);
    const [answeredAt, pressedAt, rangAt] = [answered.get(key), pressed.get(key), rang.get(key)];
    if (what !== 'called' || calledAt < from) continue;
    if (answeredAt === undefined || pressedAt === undefined || rangAt === undefined) continue;
    answers.push(answeredAt - calledAt);
    keys.push(rangAt - pressedAt);
    both.push(answeredAt - calledAt + rangAt - pressedAt);
  }
  return {
    setUpMs: percentiles(both),
    answerMs: percentiles(answers),
    keyToPhoneMs: percentiles(keys),
  };
}

function throughTimes(
  listeners: readonly BenchCaller[],
  phones: readonly SippNote[],
): readonly number[] {
  const pickedUp = new Map(
    phones.filter(({ what }) => what === 'picked-up').map((one) => [digitsOf(one.other), one.at]),
  );
  return listeners.flatMap(({ number, throughAt }) => {
    const answeredAt = pickedUp.get(digitsOf(number));
    return throughAt === undefined || answeredAt === undefined ? [] : [throughAt - answeredAt];
  });
}

/** Phones that were in a talk at the same moment, at most. */
function mostAtOnce(phones: readonly SippNote[]): number {
  let now = 0;
  let most = 0;
  for (const { what } of [...phones].sort((a, b) => a.at - b.at)) {
    if (what === 'picked-up') now += 1;
    if (what === 'hung-up') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}
