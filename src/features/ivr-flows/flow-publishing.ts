import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import { flowDefinitionSchema, type FlowDefinition } from '../../engines/ivr/flow.js';
import type { FlowProblem } from '../../engines/ivr/problems.js';
import { isPublishable, validateFlow } from '../../engines/ivr/validation.js';
import { about } from './flow-audit.js';
import { diffFlows } from './flow-diff.js';
import { knowledgeOf, type Choice } from './flow-reports.js';
import type { FlowWriter } from './flow-store.js';
import { runTests, type TestRun } from './flow-tests/run-tests.js';

/** Publishing ended with a version, or with what is wrong. */
export type PublishResult =
  | { readonly kind: 'published'; readonly version: number }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly problems: readonly FlowProblem[] }
  | { readonly kind: 'tests-failed'; readonly failed: readonly FailedTest[] };

/** A test that fails, and the flow whose test it is. */
export interface FailedTest extends TestRun {
  readonly flow: Choice;
}

/**
 * Tests that these steps fail, as things stand within the transaction: those of the flow, and those of published flows that
 * enter it. `zone`: the site's.
 */
export async function failedTests(
  { reports, tests }: FlowWriter,
  flow: Choice & { readonly definition: FlowDefinition },
  zone: string,
): Promise<readonly FailedTest[]> {
  const instead = { id: flow.id as FlowId, definition: flow.definition };
  const choices = await reports.choices();
  const failed: FailedTest[] = [];
  for (const { id, name, definition } of [flow, ...(await reports.flowsThatEnter(instead.id))]) {
    const own = id as FlowId;
    const about = { id: own, definition, choices, reports, zone, instead };
    for (const run of await runTests(await tests.list(own), about))
      if (!run.result.passed) failed.push({ ...run, flow: { id, name } });
  }
  return failed;
}

/** Checks against what is there now, and keeps it there until the version is stored. */
export async function publishSteps(
  writer: FlowWriter,
  actor: Actor,
  id: FlowId,
  flow: { readonly name: string; readonly definition: FlowDefinition; readonly note?: string },
  before?: FlowDefinition,
): Promise<PublishResult> {
  const choices = await writer.reports.choices();
  const languages = await writer.reports.languagesOf(id);
  const subFlows = await writer.reports.subFlowsOf(flow.definition);
  const problems = validateFlow(
    flow.definition,
    knowledgeOf(choices, { self: id, languages, subFlows }),
  );
  if (!isPublishable(problems)) return { kind: 'refused', problems };
  const definition = flowDefinitionSchema.parse(flow.definition);
  const number = await writer.addVersion(id, definition, {
    by: actor.userId,
    note: flow.note ?? '',
  });
  const { added, changed, removed } = diffFlows(before, definition);
  await writer.audit.record(actor, {
    ...about('flow.publish', id, flow.name),
    changes: {
      version: ['', number],
      ...(added.length === 0 ? {} : { added: ['', added.join(', ')] }),
      ...(changed.length === 0 ? {} : { changed: ['', changed.join(', ')] }),
      ...(removed.length === 0 ? {} : { removed: [removed.join(', '), ''] }),
    },
  });
  return { kind: 'published', version: number };
}

/** The refusal of steps that somebody wanted to publish at once. */
export const notPublishable = (problems: readonly FlowProblem[]): AppError =>
  new AppError(
    'invalid-fields',
    `the flow has errors: ${problems.map((found) => `${found.step} ${found.message}`).join(', ')}`,
    problems
      .filter((found) => found.level === 'error')
      .map(({ step, message, params }) => ({ field: step, message, params })),
  );
