import type { CalendarId, ExtensionId, FlowId } from '../../../kernel/ids.js';
import type { Calendar } from '../../routing/calendar.js';
import { instantOf } from '../../routing/wall-clock.js';
import type { FlowEffect, FlowMoment } from '../effects.js';
import { advance, startFlow, type FlowResult } from '../interpreter.js';
import type { FlowProblem } from '../problems.js';
import type { ReferenceKind } from '../references.js';
import { stepAt, type FlowProgram, type FlowState } from '../state.js';
import { valueOf } from '../variables.js';
import type { Act, ExpectedEnd, FlowEnd, FlowTest } from './flow-test.js';
import { PlayedCall } from './played-call.js';

/** What a test needs to know besides the flow. */
export interface TestSurroundings {
  /** The site's IANA zone. */
  readonly zone: string;
  readonly calendars: ReadonlyMap<CalendarId, Calendar>;
  /** The name of a DID by its number; '' where there is none. */
  readonly didLabel: (did: string) => string;
  /** Absent where no step asks for people. */
  readonly extensionNumbered?: (number: string) => ExtensionId | undefined;
  readonly nameOf: (kind: ReferenceKind, id: number) => string;
}

/** A step on the way of the played call. */
export interface PassedStep {
  readonly flow: FlowId;
  readonly step: string;
  readonly label: string;
}

export interface FlowTestResult {
  readonly passed: boolean;
  readonly path: readonly PassedStep[];
  readonly end: FlowEnd | undefined;
  /** What is not as expected: keys of the catalog with what they are about. */
  readonly problems: readonly FlowProblem[];
}

/** Plays a test on a flow with the interpreter that runs calls. Pure: the same flow and test give the same result. */
export function runFlowTest(
  program: FlowProgram,
  test: FlowTest,
  around: TestSurroundings,
): FlowTestResult {
  const at = instantOf(test.moment, around.zone);
  if (at === undefined) return failedAtOnce('flow.test.no-moment');
  const call = new PlayedCall(test.acts, around.extensionNumbered);
  const path: PassedStep[] = [];
  let language = test.language;
  const moment = (): FlowMoment => momentOf(test, around, at, language);
  let result = startFlow(program, moment());
  for (;;) {
    for (const told of result.trace) {
      if (told.kind === 'step-entered')
        path.push({ flow: told.flowId, step: told.step, label: told.label });
      if (told.kind === 'language-chosen') language = told.language;
    }
    const played = call.answer(result.effect, result.state.step);
    if (played.kind === 'happens') {
      result = advance(program, result.state, { ...moment(), ...played.happening });
      continue;
    }
    const label = stepAt(program, result.state)?.label ?? result.state.step;
    const problems =
      played.kind === 'unsaid'
        ? [problemAt(result.state, played.message, { step: label })]
        : [
            ...endProblems(test.end, result, label, around),
            ...pathProblems(test, path, program),
            ...valueProblems(test, result.state, moment()),
            ...call.left.map((act) => leftOver(act)),
          ];
    const end = played.kind === 'unsaid' ? undefined : endOf(result.effect);
    return { passed: problems.length === 0, path, end, problems };
  }
}

const problemAt = (
  state: Pick<FlowState, 'step'>,
  message: string,
  params: FlowProblem['params'],
): FlowProblem => ({ level: 'error', step: state.step, field: '', message, params });

const failedAtOnce = (message: string): FlowTestResult => ({
  passed: false,
  path: [],
  end: undefined,
  problems: [problemAt({ step: '' }, message, {})],
});

const momentOf = (
  test: FlowTest,
  { zone, calendars, didLabel }: TestSurroundings,
  at: number,
  language: FlowTest['language'],
): FlowMoment => ({
  ...{ at, zone, calendars },
  call: {
    callId: 'test',
    callerNumber: test.caller,
    callerName: test.callerName ?? '',
    did: test.did,
    didLabel: didLabel(test.did),
    language,
  },
});

/** Where an effect leads that nothing comes back from. */
function endOf(effect: FlowEffect): FlowEnd {
  switch (effect.kind) {
    case 'go-queue':
      return { kind: 'queue', id: effect.queue };
    case 'go-extension':
      return { kind: 'extension', id: effect.extension };
    case 'go-ring':
      return effect.group === undefined
        ? { kind: 'ring', extensions: [...effect.extensions] }
        : { kind: 'ring', group: effect.group };
    case 'go-outside':
      return { kind: 'outside', number: effect.number };
    case 'go-conference':
      return { kind: 'conference', id: effect.room };
    case 'go-voicemail':
      return effect.queue === undefined
        ? { kind: 'voicemail', extension: effect.extension }
        : { kind: 'voicemail', queue: effect.queue };
    case 'go-operator':
      return { kind: 'operator' };
    case 'hangup':
      return { kind: 'hangup' };
    case 'stuck':
      return { kind: 'stuck', reason: effect.reason };
    default:
      return { kind: 'stuck', reason: effect.kind };
  }
}

function isExpected(expected: ExpectedEnd, end: FlowEnd): boolean {
  if (expected.kind === 'ring' && end.kind === 'ring')
    return (
      (expected.group === undefined || expected.group === end.group) &&
      (expected.extensions === undefined || sameIds(expected.extensions, end.extensions ?? []))
    );
  if (expected.kind === 'outside' && end.kind === 'outside')
    return expected.number === undefined || expected.number === end.number;
  if (expected.kind === 'voicemail' && end.kind === 'voicemail')
    return expected.queue === end.queue && expected.extension === end.extension;
  if (expected.kind !== end.kind) return false;
  return !('id' in expected) || ('id' in end && expected.id === end.id);
}

const sameIds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

/** `Repairs`, `Amy, Ben`, `+44 ...`: what an end is about; '' where its kind says it all. */
function endName(end: FlowEnd, { nameOf }: TestSurroundings): string {
  switch (end.kind) {
    case 'queue':
      return nameOf('queue', end.id);
    case 'extension':
      return nameOf('extension', end.id);
    case 'ring':
      return end.group === undefined
        ? (end.extensions ?? []).map((id) => nameOf('extension', id)).join(', ')
        : nameOf('ring-group', end.group);
    case 'outside':
      return end.number ?? '';
    case 'conference':
      return nameOf('room', end.id);
    case 'voicemail':
      return end.queue === undefined
        ? nameOf('extension', end.extension ?? 0)
        : nameOf('queue', end.queue);
    case 'stuck':
      return end.reason;
    case 'operator':
    case 'hangup':
      return '';
  }
}

/** Kinds of ends are `flow.test.end.<kind>` in the catalog; pages put their names in. */
function endProblems(
  expected: ExpectedEnd,
  { state, effect }: FlowResult,
  step: string,
  around: TestSurroundings,
): FlowProblem[] {
  const end = endOf(effect);
  if (isExpected(expected, end)) return [];
  const params = {
    expectedKind: expected.kind,
    expected: endName(expected, around),
    endedKind: end.kind,
    ended: endName(end, around),
    step,
  };
  return [problemAt(state, 'flow.test.wrong-end', params)];
}

function pathProblems(
  test: FlowTest,
  path: readonly PassedStep[],
  program: FlowProgram,
): FlowProblem[] {
  return test.passes
    .filter((wanted) => !path.some(({ step }) => step === wanted))
    .map((wanted) => {
      const label = stepAt(program, { flow: program.main.id, step: wanted })?.label ?? wanted;
      return problemAt({ step: wanted }, 'flow.test.not-passed', { step: label });
    });
}

function valueProblems(test: FlowTest, state: FlowState, moment: FlowMoment): FlowProblem[] {
  return test.variables.flatMap(({ name, value }) => {
    const is = valueOf(state, moment, name);
    const params = { name, expected: value, is };
    return is === value ? [] : [problemAt(state, 'flow.test.wrong-value', params)];
  });
}

/** An act that nothing asked for: the call did not go as whoever wrote the test thought. */
const leftOver = (act: Act): FlowProblem =>
  problemAt({ step: act.step ?? '' }, `flow.test.left-over.${act.kind}`, {
    keys: act.kind === 'keys' ? act.keys : '',
  });
