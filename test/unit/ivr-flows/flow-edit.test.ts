import { expect } from 'chai';
import { findStep } from '../../../src/engines/ivr/exits.js';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import {
  addStep,
  deleteStep,
  duplicateStep,
  replaceStep,
} from '../../../src/features/ivr-flows/flow-edit.js';
import { diffFlows, isSameFlow } from '../../../src/features/ivr-flows/flow-diff.js';
import { outlineOf } from '../../../src/features/ivr-flows/flow-outline.js';
import { companyFlow } from '../../support/flows.js';

const empty: FlowDefinition = { start: '', steps: {} };
const label = (kind: string): string => `New ${kind}`;

describe('editing the steps of a flow', () => {
  it('makes the first step the start', () => {
    const { flow, id } = addStep(empty, 'menu', 'Menu', undefined);
    expect(flow.start).to.equal(id);
    expect(findStep(flow, id)).to.include({ kind: 'menu', label: 'Menu', prompt: 0 });
  });

  it('puts a step between an exit and what the exit led to', () => {
    const place = { step: 'greeting', exit: 'next' } as const;
    const { flow, id } = addStep(companyFlow(), 'play', 'Notice', place);
    expect(findStep(flow, 'greeting')).to.include({ next: id });
    expect(findStep(flow, id)).to.include({ next: 'main' });
  });

  it('puts a step at the beginning', () => {
    const { flow, id } = addStep(companyFlow(), 'language', 'L', { step: '', exit: 'next' });
    expect(flow.start).to.equal(id);
    expect(findStep(flow, id)).to.include({ next: 'hours' });
  });

  it('gives each step its own id and label', () => {
    const first = addStep(companyFlow(), 'queue', 'Sales', undefined);
    const second = addStep(first.flow, 'queue', 'Sales', undefined);
    expect([first.id, second.id]).to.deep.equal(['queue', 'queue-2']);
    expect(findStep(second.flow, 'queue-2')?.label).to.equal('Sales 3');
  });

  it('closes the gap where a step with one way on is deleted, and opens exits where there were several', () => {
    const without = deleteStep(companyFlow(), 'greeting');
    expect(findStep(without, 'hours')).to.include({ open: 'main' });
    const open = deleteStep(companyFlow(), 'main');
    expect(findStep(open, 'greeting')).to.include({ next: '' });
    expect(deleteStep(companyFlow(), 'hours').start).to.equal('');
    expect(deleteStep(companyFlow(), 'gone')).to.deep.equal(companyFlow());
  });

  it('does not connect a deleted step that led to itself with itself', () => {
    const flow: FlowDefinition = {
      start: 'a',
      steps: { a: { kind: 'play', label: 'A', prompt: 1, bargeIn: true, next: 'a' } },
    };
    expect(deleteStep(flow, 'a')).to.deep.equal(empty);
  });

  it('copies a step, to which nothing leads yet', () => {
    const { flow, id } = duplicateStep(companyFlow(), 'main');
    const copy = findStep(flow, id);
    expect(copy).to.deep.include({ kind: 'menu', label: 'Main menu 2' });
    expect(outlineOf(flow).find((line) => line.id === id)?.isLoose).to.equal(true);
  });

  it('makes the new steps that exits ask for, and opens exits to steps that are not there', () => {
    const flow = replaceStep(
      companyFlow(),
      'main',
      {
        ...{ kind: 'menu', label: 'Main', prompt: 2, timeoutS: 5, retries: 1 },
        choices: { '1': '+queue', '2': '+queue', '3': 'nowhere' },
        ...{ noInput: 'bye', wrongKey: '+hangup' },
      },
      label,
    );
    const main = findStep(flow, 'main');
    if (main?.kind !== 'menu') throw new Error('the menu is gone');
    expect(main.choices).to.deep.equal({ '1': 'queue', '2': 'queue-2', '3': '' });
    expect(findStep(flow, main.wrongKey)).to.include({ kind: 'hangup', label: 'New hangup' });
    expect(flow.start).to.equal('hours');
  });
});

describe('the outline of a flow', () => {
  it('lists each step once, branches below their step, and says where callers come back', () => {
    const lines = outlineOf(companyFlow()).map((line) =>
      `${' '.repeat(line.depth)}${line.isReference ? '↩' : ''}${line.id} ${line.via.join(',')}`.trimEnd(),
    );
    expect(lines).to.deep.equal([
      'hours',
      ' message closed',
      'greeting open',
      'main next',
      ' sales key-1,no-input',
      ' desk key-2',
      '  ↩message no-answer',
      ' chinese key-9',
      ' ↩main next',
      ' bye wrong-key',
    ]);
  });
});

describe('what publishing would change', () => {
  it('names steps that are new, changed and gone', () => {
    const before = companyFlow();
    const after = deleteStep(addStep(before, 'hangup', 'End', undefined).flow, 'bye');
    expect(diffFlows(before, after)).to.deep.equal({
      added: ['End'],
      changed: ['Main menu'],
      removed: ['Goodbye'],
      moved: [],
      startMoved: false,
    });
  });

  it('sees no change where only the order of properties differs', () => {
    const turned = JSON.parse(JSON.stringify(companyFlow())) as FlowDefinition;
    const main = turned.steps['main'];
    if (main?.kind !== 'menu') throw new Error('the menu is gone');
    const choices = Object.fromEntries(Object.entries(main.choices).reverse());
    turned.steps['main'] = { ...main, choices };
    expect(isSameFlow(diffFlows(companyFlow(), turned))).to.equal(true);
    expect(isSameFlow(diffFlows(undefined, turned))).to.equal(false);
  });
});
