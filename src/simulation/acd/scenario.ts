import type { core } from 'zod';
import type { ReadText } from '../distributions.js';
import { lineOfPath, pathText, type JsonPath } from '../json-lines.js';
import { ScenarioError } from './problems.js';
import { scenarioFile, type ScenarioFile } from './scenario-file.js';

/** A scenario with the place where each of its fields stands. */
export interface Scenario {
  readonly file: ScenarioFile;
  /** `day.json:12: queues[0].strategy` for messages; without file and line for what no file says. */
  readonly where: (path: JsonPath) => string;
  /** Reads files that the scenario names, from where the scenario is. */
  readonly readText: ReadText;
}

/** Problems past this one are not listed. */
const MAX_PROBLEMS = 20;

/** Reads a scenario file. @throws {ScenarioError} naming file, line and field of what is wrong. */
export function parseScenario(text: string, fileName: string, readText: ReadText): Scenario {
  const json = parseJson(text, fileName);
  const where = (path: JsonPath): string =>
    `${fileName}:${String(lineOfPath(text, path))}${path.length === 0 ? '' : `: ${pathText(path)}`}`;
  const parsed = scenarioFile.safeParse(json, { reportInput: true });
  if (parsed.success) return { file: parsed.data, where, readText };
  const lines = parsed.error.issues.flatMap(innermost).map((issue) => {
    const path =
      issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return `${where(path)}: ${messageOf(issue)}`;
  });
  throw new ScenarioError(shortened(lines));
}

/** A scenario that options describe, without a file. */
export function plainScenario(readText: ReadText): Scenario {
  const file = scenarioFile.parse({ queues: [{ name: 'Queue' }] });
  return { file, where: pathText, readText };
}

const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= MAX_PROBLEMS
    ? lines
    : [...lines.slice(0, MAX_PROBLEMS), `and ${String(lines.length - MAX_PROBLEMS)} more`];

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    // Text that ends too early has no position: the last line is meant.
    const end = position === undefined ? text.length : Number(position);
    const line = text.slice(0, end).split('\n').length;
    throw new ScenarioError([`${fileName}:${String(line)}: is not valid JSON: ${message}`]);
  }
}

/** Where one of several forms would do, the problems of the form that was meant. */
function innermost(issue: core.$ZodIssue): readonly core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deepest = issue.errors
    .flat()
    .filter((inner) => inner.code !== 'invalid_type' || inner.path.length > 0);
  if (deepest.length === 0) return [issue];
  return deepest.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function messageOf(issue: core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'there is no such field';
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_union') return 'is of the wrong kind';
  const { message } = issue;
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
