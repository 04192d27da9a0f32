import { expect } from 'chai';
import fc from 'fast-check';
import {
  afterAnswer,
  askCircuit,
  CLOSED,
  FAILURES_TO_OPEN,
  OPEN_MS,
} from '../../../src/engines/routing/circuit-breaker.js';

const step = fc.record({ afterMs: fc.nat(2 * OPEN_MS), isSuccess: fc.boolean() });

describe('the circuit breaker', () => {
  it('opens after five failures in a row and not before, for 30 s', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        let circuit = CLOSED;
        let at = 0;
        let failures = 0;
        let blockedUntil = 0;
        for (const { afterMs, isSuccess } of steps) {
          at += afterMs;
          const asked = askCircuit(circuit, at);
          expect(asked.mayAsk).to.equal(at >= blockedUntil);
          circuit = asked.circuit;
          if (!asked.mayAsk) continue;
          circuit = afterAnswer(circuit, isSuccess, at);
          failures = isSuccess ? 0 : failures + 1;
          if (failures >= FAILURES_TO_OPEN) blockedUntil = at + OPEN_MS;
        }
      }),
    );
  });

  it('lets one try through while it is half-open, and closes with its success', () => {
    fc.assert(
      fc.property(fc.nat(OPEN_MS - 1), fc.boolean(), (soonMs, isSuccess) => {
        const first = askCircuit({ state: 'open', since: 0 }, OPEN_MS);
        expect(first.mayAsk).to.equal(true);
        expect(askCircuit(first.circuit, OPEN_MS + soonMs).mayAsk).to.equal(false);
        expect(askCircuit(first.circuit, 2 * OPEN_MS).mayAsk).to.equal(true);
        const after = afterAnswer(first.circuit, isSuccess, OPEN_MS);
        expect(after.state).to.equal(isSuccess ? 'closed' : 'open');
      }),
    );
  });

  it('takes late reports while it is open for what they are: of no interest', () => {
    const open = { state: 'open', since: 5 } as const;
    expect(afterAnswer(open, true, 6)).to.equal(open);
    expect(afterAnswer(open, false, 6)).to.equal(open);
  });
});
