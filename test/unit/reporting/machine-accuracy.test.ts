import { expect } from 'chai';
import { machineAccuracy } from '../../../src/engines/reporting/machine-detection.js';

describe('accuracy of machine detection', () => {
  it('counts precision, recall and false machines of calls whose truth is known', () => {
    const accuracy = machineAccuracy([
      { verdict: 'machine', truth: 'machine', how: 'assumed', calls: 70 },
      { verdict: 'machine', truth: 'machine', how: 'said', calls: 10 },
      { verdict: 'machine', truth: 'human', how: 'said', calls: 20 },
      { verdict: 'human', truth: 'machine', how: 'said', calls: 40 },
      { verdict: 'human', truth: 'human', how: 'assumed', calls: 180 },
      { verdict: 'unsure', truth: 'human', how: 'said', calls: 5 },
      { verdict: 'fax', truth: 'machine', how: 'assumed', calls: 1 },
      { verdict: 'machine', truth: undefined, how: 'unheard', calls: 500 },
    ]);
    expect(accuracy).to.deep.include({ known: 326, said: 75, unheard: 500 });
    expect(accuracy.precision).to.deep.include({ hits: 81, cases: 101 });
    expect(accuracy.recall).to.deep.include({ hits: 81, cases: 121 });
    expect(accuracy.falseMachines).to.deep.include({ hits: 20, cases: 205 });
    const [low, high] = accuracy.falseMachines?.interval ?? [0, 0];
    expect(low).to.be.closeTo(0.064, 0.001);
    expect(high).to.be.closeTo(0.146, 0.001);
  });

  it('has no share without a case', () => {
    expect(machineAccuracy([])).to.deep.include({
      ...{ precision: undefined, recall: undefined, falseMachines: undefined, known: 0 },
    });
  });
});
