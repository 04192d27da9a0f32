import type { FlowEnd } from '../../../engines/ivr/testing/flow-test.js';
import type { FlowProblem } from '../../../engines/ivr/problems.js';
import type { FlowTestResult } from '../../../engines/ivr/testing/run-test.js';
import { LANGUAGES } from '../../../kernel/call-event.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { FormView, PageContext, Translate } from '../../../web/kit/index.js';
import { flowPath } from '../editor-view.js';
import { choicesOf, type Choice, type FlowChoices } from '../flow-reports.js';
import type { FlowInWork } from '../flow-service.js';
import type { Option } from '../inspector-options.js';
import { ACT_KINDS, ACTS, PASSES, testRows, VALUES } from './flow-test-form.js';
import type { FailedTest } from '../flow-publishing.js';
import type { TestRun } from './run-tests.js';

export const testsPath = (flow: FlowId): string => `${flowPath(flow)}/tests`;
export const testPath = (flow: FlowId, test: number): string =>
  `${testsPath(flow)}/${String(test)}`;

/** Tests that fail when flow `id` is published; of those of other flows with the flow's name. */
export const testLinks = (id: FlowId, failed: readonly FailedTest[]) =>
  failed.map(({ flow, stored }) => ({
    label: flow.id === id ? stored.test.name : `${flow.name} › ${stored.test.name}`,
    href: testPath(flow.id as FlowId, stored.id),
  }));

/** A problem of a test in words; kinds of ends are in it by name. */
export function testProblemText({ message, params }: FlowProblem, t: Translate): string {
  const end = (kind: unknown, name: unknown): string =>
    [t(`flow.test.end.${String(kind)}`), String(name)].filter((text) => text !== '').join(' ');
  const { expectedKind, expected, endedKind, ended } = params;
  return expectedKind === undefined
    ? t(message, params)
    : t(message, {
        ...params,
        expected: end(expectedKind, expected),
        ended: end(endedKind, ended),
      });
}

/** Where a call ended, in words: `queue Repairs`. */
function endText(end: FlowEnd, choices: FlowChoices, t: Translate): string {
  const name = (kind: 'queue' | 'extension' | 'room', id: number): string =>
    choicesOf(choices, kind).find((choice) => choice.id === id)?.name ?? String(id);
  const kind = t(`flow.test.end.${end.kind}`);
  switch (end.kind) {
    case 'queue':
    case 'extension':
      return `${kind} ${name(end.kind, end.id)}`;
    case 'conference':
      return `${kind} ${name('room', end.id)}`;
    case 'voicemail':
      return end.queue === undefined
        ? `${kind} ${name('extension', end.extension ?? 0)}`
        : `${kind} ${name('queue', end.queue)}`;
    case 'outside':
      return end.number === undefined ? kind : `${kind} ${end.number}`;
    case 'stuck':
      return `${kind} ${end.reason}`;
    default:
      return kind;
  }
}

/** A test as the list shows it. */
export function runRow(page: PageContext, open: FlowInWork, { stored, result }: TestRun) {
  const { test } = stored;
  return {
    name: test.name,
    href: testPath(open.flow.id, stored.id),
    call: [test.did, test.caller].filter((text) => text !== '').join(' ← '),
    moment: test.moment.replace('T', ' '),
    end: endText(test.end, open.choices, page.t),
    passed: result.passed,
    problem: result.problems.map((found) => testProblemText(found, page.t)).join(' '),
  };
}

/** What became of a test: its way step by step, where it ended, what is not as expected. */
export const resultView = (page: PageContext, open: FlowInWork, result: FlowTestResult) => ({
  passed: result.passed,
  path: result.path.map(({ flow, step, label }) => ({
    label,
    href:
      flow === open.flow.id ? `${flowPath(flow)}/edit?step=${encodeURIComponent(step)}` : undefined,
  })),
  end: result.end && endText(result.end, open.choices, page.t),
  problems: result.problems.map((found) => testProblemText(found, page.t)),
});

/** Ids of the steps of this flow that the call came through, for the drawing. */
export const litSteps = (open: FlowInWork, result: FlowTestResult): readonly string[] =>
  result.path.filter(({ flow }) => flow === open.flow.id).map(({ step }) => step);

function endOptions(choices: FlowChoices, t: Translate): readonly Option[] {
  const each = (kind: string, word: string, list: readonly Choice[]): readonly Option[] =>
    list.map((choice) => ({
      value: `${kind}:${String(choice.id)}`,
      label: `${t(`flow.test.end.${word}`)} ${choice.name}`,
    }));
  const plain = (kind: string): Option => ({ value: kind, label: t(`flow.test.end.${kind}`) });
  return [
    plain('hangup'),
    ...each('queue', 'queue', choices.queues),
    ...each('extension', 'extension', choices.extensions),
    plain('ring'),
    plain('outside'),
    plain('operator'),
    ...each('voicemail-queue', 'voicemail', choices.queues),
    ...each('voicemail-extension', 'voicemail', choices.extensions),
    ...each('conference', 'conference', choicesOf(choices, 'room')),
  ];
}

/** Everything that the form of a test can choose from, and its tables. */
export function testFormData(
  page: PageContext,
  open: FlowInWork,
  form: Pick<FormView, 'values' | 'problems'>,
) {
  const { t } = page;
  const { choices, definition } = open;
  const steps = Object.entries(definition.steps).map(([value, step]) => ({
    value,
    label: step.label,
  }));
  return {
    dids: choices.dids.map((did) => ({ value: did.name, label: did.name })),
    ends: endOptions(choices, t),
    languages: LANGUAGES.map((language) => ({ value: language, label: t(`language.${language}`) })),
    acts: ACT_KINDS.map((kind) => ({ value: kind, label: t(`flow.test.act.${kind}`) })),
    steps,
    rows: {
      acts: testRows(ACTS, form.values, form.problems),
      passes: testRows(PASSES, form.values, form.problems),
      variables: testRows(VALUES, form.values, form.problems),
    },
  };
}
