import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { AcdEvent } from '../../../src/engines/acd/acd.js';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { makePlan } from '../../../src/simulation/acd/make-plan.js';
import { ScenarioError } from '../../../src/simulation/acd/problems.js';
import { parseScenario } from '../../../src/simulation/acd/scenario.js';
import { simulateAcd } from '../../../src/simulation/acd/summary.js';
import { DistributionError } from '../../../src/simulation/distributions.js';
import type { ScenarioInput } from '../../support/simulation.js';

const menu: FlowDefinition = {
  start: 'menu',
  steps: {
    menu: {
      ...{ kind: 'menu', label: 'Menu', prompt: 1, timeoutS: 5, retries: 1 },
      ...{ choices: { '1': 'sales', '2': 'bye', '3': 'desk' }, noInput: 'bye', wrongKey: 'bye' },
    },
    sales: {
      ...{ kind: 'queue', label: 'Sales', queue: 3, priority: 7 },
      skills: [{ skill: 5, level: 40, required: true }],
    },
    desk: { kind: 'extension', label: 'Desk', extension: 9, noAnswer: 'sales' },
    bye: { kind: 'hangup', label: 'Bye' },
  },
};
type Flow = NonNullable<ScenarioInput['flow']>;

/** A scenario with a flow before one queue; files by name. */
function planOf(flow: Partial<Flow>, files: Readonly<Record<string, unknown>> = { menu }) {
  const scenario: ScenarioInput = {
    flow: {
      ...{ file: 'menu', callsPerHour: 600, queues: { '3': 'A' }, skills: { '5': 'English' } },
      ...flow,
    },
    queues: [{ name: 'A', handling: '60' }],
    agents: [{ name: 'Agent', count: 30, skills: { English: 50 } }],
  };
  const read = (name: string): string => {
    if (!(name in files)) throw new DistributionError(`${name} cannot be read`);
    return typeof files[name] === 'string' ? files[name] : JSON.stringify(files[name]);
  };
  const text = JSON.stringify(scenario, undefined, 1);
  return makePlan(parseScenario(text, 'test.json', read), { calls: 4_000, warmUpSeconds: 0 });
}

function play(flow: Partial<Flow>, files?: Readonly<Record<string, unknown>>) {
  const events: AcdEvent[] = [];
  const simulation = new AcdSimulation(planOf(flow, files), 1, ({ event }) => events.push(event));
  const result = simulation.run();
  expect(result.illegalEvents).to.equal(0);
  if (result.flow === undefined) throw new Error('nobody went through the flow');
  return { ...result, flow: result.flow, events };
}

const refusals = (flow: Partial<Flow>, files?: Readonly<Record<string, unknown>>): string => {
  try {
    planOf(flow, files);
  } catch (error) {
    if (error instanceof ScenarioError) return error.lines.join('\n');
    throw error;
  }
  return '';
};

describe('simulation: callers who go through a flow first', () => {
  it('lets them choose by the given shares, and gives those who queue what the flow says', () => {
    const { flow, total, calls, events } = play({
      choices: { menu: { '1': 60, '2': 30, '3': 10 }, desk: { answered: 1 } },
    });
    expect(calls).to.equal(4_000);
    expect(flow.entered).to.equal(4_000);
    expect(flow.toQueues).to.be.closeTo(0.6, 0.03);
    expect(flow.contained).to.be.closeTo(0.3, 0.03);
    expect(flow.elsewhere).to.be.closeTo(0.1, 0.02);
    expect(flow.meanS).to.be.closeTo(7, 0.01);
    expect(total.offered).to.equal(Math.round(flow.toQueues * 4_000));
    const queued = events.find((event) => event.kind === 'call-queued');
    expect(queued).to.deep.include({ priority: 7 });
    expect(queued?.kind === 'call-queued' && queued.requirements).to.deep.equal([
      { skill: 1, minLevel: 40, isRequired: true, relax: [] },
    ]);
  });

  it('asks again after silence and wrong keys as the interpreter does, and comes back from a phone', () => {
    const silent = play({ choices: { menu: { none: 1 } } }).flow;
    expect(silent.contained).to.equal(1);
    // Twice a prompt of 5 s and 5 s without a key.
    expect(silent.meanS).to.equal(20);
    const wrong = play({ choices: { menu: { '9': 1 } } }).flow;
    expect(wrong.meanS).to.equal(14);
    const unanswered = play({ choices: { menu: { '3': 1 }, desk: { 'no-answer': 1 } } }).flow;
    expect(unanswered).to.include({ toQueues: 1, meanS: 27 });
  });

  it('lets callers hang up in the flow when their patience is over, and never queues them', () => {
    const { flow, total } = play({ choices: { menu: { '1': 1 } }, patience: 'exponential:7' });
    // Whoever stays longer than 7 s: 1/e.
    expect(flow.toQueues).to.be.closeTo(Math.exp(-1), 0.03);
    expect(flow.dropped).to.be.closeTo(1 - Math.exp(-1), 0.03);
    expect(total.offered).to.equal(Math.round(flow.toQueues * 4_000));
  });

  it('goes by the clock of the flow, enters other flows, and gives the same for the same seed', () => {
    const files = {
      menu: {
        start: 'hours',
        steps: {
          hours: {
            ...{ kind: 'hours', label: 'Hours', closedDates: [], open: 'enter', closed: 'bye' },
            periods: [{ days: [1], fromMinute: 0, toMinute: 60 }],
          },
          enter: { kind: 'sub-flow', label: 'Other', flow: 8, next: 'bye' },
          bye: { kind: 'hangup', label: 'Bye' },
        },
      },
      other: { start: 's', steps: { s: { kind: 'queue', label: 'S', queue: 3, priority: 0 } } },
    };
    const flow = {
      ...{ callsPerHour: 1_000, subFlows: { '8': 'other' }, zone: 'Europe/London' },
    };
    // The queue is open in the first of four hours.
    expect(play(flow, files).flow.toQueues).to.be.closeTo(0.25, 0.03);
    const json = () => JSON.stringify(simulateAcd(planOf(flow, files), 2, 1));
    expect(json()).to.equal(json());
  });

  it('says what is wrong with the flow and with what is said about it', () => {
    expect(refusals({ file: 'none' })).to.contain('none cannot be read');
    expect(refusals({}, { menu: '{' })).to.contain('menu is no JSON');
    expect(refusals({}, { menu: { start: '', steps: {} } })).to.contain('no flow that could be');
    expect(refusals({ queues: {} })).to.match(/test\.json:\d+: flow\.queues: step "sales" names/);
    expect(refusals({ skills: {} })).to.contain('step "sales" names skill 5');
    expect(refusals({ queues: { '3': 'B' } })).to.contain('there is no queue "B"');
    expect(refusals({ choices: { bye: { '1': 1 } } })).to.contain('cannot happen at a step');
    expect(refusals({ choices: { gone: { '1': 1 } } })).to.contain('no step "gone"');
    expect(refusals({ choices: { menu: { '1': 0 } } })).to.contain('add up to nothing');
    expect(refusals({ zone: 'Mars/Base' })).to.contain('no time zone');
    const enters = {
      menu: { start: 'a', steps: { a: { kind: 'sub-flow', label: 'A', flow: 8, next: 'a' } } },
    };
    expect(refusals({}, enters)).to.contain('enters flow 8');
  });

  it('can be tried with the example of the documentation', () => {
    const folder = new URL('../../../docs/simulation/', import.meta.url);
    const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
    const plan = makePlan(parseScenario(read('reception.json'), 'reception.json', read), {});
    const { flow, total, illegalEvents } = simulateAcd(plan, 2, 1);
    expect(illegalEvents).to.equal(0);
    expect(flow?.stuck?.mean).to.equal(0);
    expect(total.offered?.mean).to.be.greaterThan(400);
  });
});
