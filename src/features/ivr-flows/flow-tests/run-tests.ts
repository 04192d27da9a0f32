import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import type { FlowCode } from '../../../engines/ivr/state.js';
import {
  runFlowTest,
  type FlowTestResult,
  type TestSurroundings,
} from '../../../engines/ivr/testing/run-test.js';
import type { ExtensionId, FlowId } from '../../../kernel/ids.js';
import { choicesOf, type FlowChoices, type FlowReports, type OtherSteps } from '../flow-reports.js';
import type { StoredFlowTest } from '../knex-flow-test-store.js';

/** A test and what became of it. */
export interface TestRun {
  readonly stored: StoredFlowTest;
  readonly result: FlowTestResult;
}

export interface TestInput {
  readonly id: FlowId;
  readonly definition: FlowDefinition;
  readonly choices: FlowChoices;
  readonly reports: Pick<FlowReports, 'subFlowsOf' | 'calendars'>;
  /** The site's IANA zone. */
  readonly zone: string;
  /** Steps that a flow which this one enters is to get. */
  readonly instead?: OtherSteps;
}

/** Plays tests on a flow as it is given, with the interpreter that runs calls. */
export async function runTests(
  tests: readonly StoredFlowTest[],
  { id, definition, choices, reports, zone, instead }: TestInput,
): Promise<readonly TestRun[]> {
  if (tests.length === 0) return [];
  const [subFlows, calendars] = await Promise.all([
    reports.subFlowsOf(definition, instead),
    reports.calendars(),
  ]);
  const code = (flow: FlowId, steps: FlowDefinition): FlowCode => ({
    ...{ id: flow, version: 0, definition: steps },
  });
  const program = {
    main: code(id, definition),
    subFlows: new Map(
      [...subFlows].map(([flow, steps]) => [flow as FlowId, code(flow as FlowId, steps)]),
    ),
  };
  const around: TestSurroundings = {
    ...{ zone, calendars },
    didLabel: (number) => choices.dids.find((did) => did.name === number)?.label ?? '',
    extensionNumbered: (number) =>
      choices.extensions.find(({ name }) => name.startsWith(`${number} `))?.id as
        ExtensionId | undefined,
    nameOf: (kind, row) =>
      choicesOf(choices, kind).find((choice) => choice.id === row)?.name ?? String(row),
  };
  return tests.map((stored) => ({ stored, result: runFlowTest(program, stored.test, around) }));
}
