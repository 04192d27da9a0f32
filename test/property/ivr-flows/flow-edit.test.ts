import { expect } from 'chai';
import * as fc from 'fast-check';
import { exitsOf, findStep, type ExitName } from '../../../src/engines/ivr/exits.js';
import type { FlowDefinition, StepKind } from '../../../src/engines/ivr/flow.js';
import {
  addStep,
  deleteStep,
  duplicateStep,
  replaceStep,
} from '../../../src/features/ivr-flows/flow-edit.js';
import { outlineOf } from '../../../src/features/ivr-flows/flow-outline.js';
import { readDraft, STEP_GROUPS } from '../../../src/features/ivr-flows/flow.js';
import { parseStep, stepValues } from '../../../src/features/ivr-flows/step-form.js';
import { flowArbitrary, sentForm, stepArbitrary } from '../../support/flows.js';

type Change = (flow: FlowDefinition) => FlowDefinition;
const pick = (flow: FlowDefinition, index: number): string => {
  const ids = Object.keys(flow.steps);
  return ids[index % Math.max(1, ids.length)] ?? '';
};
const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .tuple(
      fc.nat(20),
      fc.nat(5),
      fc.constantFrom(...STEP_GROUPS.flatMap((group): readonly StepKind[] => group.kinds)),
    )
    .map(([index, exit, kind]): Change => (flow) => {
      const step = findStep(flow, pick(flow, index));
      const names = step ? exitsOf(step).map((one) => one.name) : [];
      const name: ExitName = names[exit % Math.max(1, names.length)] ?? 'next';
      return addStep(flow, kind, 'New', { step: pick(flow, index), exit: name }).flow;
    }),
  fc.nat(20).map(
    (index): Change =>
      (flow) =>
        deleteStep(flow, pick(flow, index)),
  ),
  fc.nat(20).map(
    (index): Change =>
      (flow) =>
        duplicateStep(flow, pick(flow, index)).flow,
  ),
  fc
    .tuple(fc.nat(20), stepArbitrary(['s0', 's1', '+queue', '+menu', '', 'nowhere']))
    .map(([index, step]): Change => (flow) => {
      const id = pick(flow, index);
      return id === '' ? flow : replaceStep(flow, id, step, (kind) => kind);
    }),
);

describe('any sequence of edits', () => {
  it('leaves a draft that can be stored, whose exits are open or lead to its own steps', () => {
    fc.assert(
      fc.property(flowArbitrary(), fc.array(change, { maxLength: 30 }), (first, changes) => {
        const flow = changes.reduce((steps, next) => next(steps), first);
        expect(readDraft(JSON.stringify(flow))).to.deep.equal(JSON.parse(JSON.stringify(flow)));
        const exits = Object.values(flow.steps).flatMap((step) => exitsOf(step));
        for (const to of [flow.start, ...exits.map((exit) => exit.to)])
          expect(to === '' || findStep(flow, to) !== undefined).to.equal(true);
      }),
    );
  });

  it('lists every step exactly once in the outline', () => {
    fc.assert(
      fc.property(flowArbitrary(), fc.array(change, { maxLength: 15 }), (first, changes) => {
        const flow = changes.reduce((steps, next) => next(steps), first);
        const listed = outlineOf(flow).filter((line) => !line.isReference);
        expect(listed.map((line) => line.id).sort()).to.deep.equal(Object.keys(flow.steps).sort());
      }),
    );
  });
});

describe('the form of any step', () => {
  it('gives back the step that it shows', () => {
    fc.assert(
      fc.property(stepArbitrary(['a', 'b-2']), (step) => {
        const body = sentForm(stepValues(step));
        const parsed = parseStep(step.kind, body);
        expect(parsed.ok && parsed.values).to.deep.equal(JSON.parse(JSON.stringify(step)));
      }),
    );
  });
});
