import type { DispositionId } from '../../kernel/ids.js';
import { readAnswer, type ReadAnswer } from './answers.js';
import { pageOf, questionsOf, type Script, type ScriptPage } from './script.js';

/**
 * Where an agent stands in a script. Plain data, kept on the server at each step, so that reloading the page or another
 * process changes nothing. `trail`: keys of the pages on the way, the present one last; empty in a script without pages.
 */
export interface ScriptRun {
  readonly trail: readonly string[];
  /** As kept, by question. Going back keeps them. */
  readonly answers: Readonly<Record<string, string>>;
  /** The script is over; with what the call came to, where it said so. */
  readonly end?: { readonly disposition?: DispositionId };
}

/** A script that goes round is left here: nobody reads a hundred pages to one customer. */
export const MAX_TRAIL = 100;

/** What was typed into the page's fields, by question. */
export type Typed = Readonly<Record<string, string>>;

export type RunProblem =
  Exclude<ReadAnswer, { ok: true }>['why'] | 'no-way' | 'over' | 'too-long-a-way';

/** The next state, or what is wrong: of a field where `question` is given. */
export type RunResult =
  | { readonly ok: true; readonly run: ScriptRun }
  | {
      readonly ok: false;
      readonly problems: readonly { readonly question?: string; readonly why: RunProblem }[];
    };

/** The state before anything was said. */
export const beginScript = (script: Script): ScriptRun => ({
  trail: script.pages.slice(0, 1).map(({ key }) => key),
  answers: {},
});

/** The page that the agent sees; undefined where the script has none, or is over. */
export const pageAt = (script: Script, run: ScriptRun): ScriptPage | undefined =>
  run.end === undefined ? pageOf(script, run.trail.at(-1) ?? '') : undefined;

/**
 * Keeps what fits of what was typed, without leaving the page. Needed ones may still be empty; what does not fit is left as
 * it was and said.
 */
export function keepAnswers(script: Script, run: ScriptRun, typed: Typed): RunResult {
  const page = pageAt(script, run);
  if (page === undefined) return refuse('over');
  const { answers, problems } = readTyped(page, run, typed);
  const wrong = problems.filter(({ why }) => why !== 'needed');
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, run: { ...run, answers } };
}

/** Takes a way out of the page (by its place, from 0) with what was typed; nothing is left half-answered. */
export function takeWay(script: Script, run: ScriptRun, way: number, typed: Typed): RunResult {
  const page = pageAt(script, run);
  if (page === undefined) return refuse('over');
  const to = page.ways[way]?.to;
  if (to === undefined) return refuse('no-way');
  const { answers, problems } = readTyped(page, run, typed);
  if (problems.length > 0) return { ok: false, problems };
  switch (to.kind) {
    case 'page':
      if (pageOf(script, to.page) === undefined) return refuse('no-way');
      if (run.trail.length >= MAX_TRAIL) return refuse('too-long-a-way');
      return { ok: true, run: { ...run, answers, trail: [...run.trail, to.page] } };
    case 'disposition':
      return { ok: true, run: { ...run, answers, end: { disposition: to.disposition } } };
    case 'end':
      return { ok: true, run: { ...run, answers, end: {} } };
  }
}

/** The page before, or the last page again where the script was over. At the first page nothing changes. */
export function goBack(run: ScriptRun): ScriptRun {
  const { end, ...open } = run;
  if (end !== undefined) return open;
  return run.trail.length > 1 ? { ...open, trail: run.trail.slice(0, -1) } : open;
}

/** A kept state that fits the script: pages and questions that are gone are left out. */
export function fitRun(script: Script, run: ScriptRun): ScriptRun {
  const known = questionsOf(script);
  const trail = run.trail.filter((key) => pageOf(script, key) !== undefined).slice(-MAX_TRAIL);
  const fits = trail.length > 0 ? trail : beginScript(script).trail;
  const answers = Object.fromEntries(Object.entries(run.answers).filter(([key]) => known.has(key)));
  return { ...run, trail: fits, answers };
}

const refuse = (why: RunProblem): RunResult => ({ ok: false, problems: [{ why }] });

/** Fields that were not sent keep what they had. */
function readTyped(page: ScriptPage, run: ScriptRun, typed: Typed) {
  const answers = new Map(Object.entries(run.answers));
  const problems: { readonly question: string; readonly why: RunProblem }[] = [];
  for (const question of page.questions) {
    const { key } = question;
    const sent = Object.hasOwn(typed, key) ? typed[key] : undefined;
    const read = readAnswer(question, sent ?? answers.get(key) ?? '');
    if (!read.ok) problems.push({ question: key, why: read.why });
    else if (read.value === '') answers.delete(key);
    else answers.set(key, read.value);
  }
  return { answers: Object.fromEntries(answers), problems };
}
