import { expect } from 'chai';
import { errorByHour, estimateError } from '../../../src/engines/reporting/estimate-error.js';

const START = Date.parse('2026-11-24T00:00:00Z');
const HOUR = 3_600_000;
const one = (hour: number, expectedS: number, waitedS: number) => ({
  at: START + hour * HOUR + 60_000,
  expectedMs: expectedS * 1_000,
  waitedMs: waitedS * 1_000,
});

describe('how good estimates were', () => {
  it('knows nothing of no estimates', () => {
    expect(estimateError([])).to.equal(undefined);
    expect(errorByHour([], START)).to.deep.equal([]);
  });

  it('gives means, the error that four of five stay within, and who waited no longer', () => {
    const waited = [100, 110, 80, 130, 400];
    expect(estimateError(waited.map((seconds) => one(9, 100, seconds)))).to.deep.equal({
      count: 5,
      meanExpectedMs: 100_000,
      meanWaitedMs: 164_000,
      errorMs: 30_000,
      servedInTime: 0.4,
    });
  });

  it('groups by the hour of entry and leaves empty hours out', () => {
    const hours = errorByHour([one(11, 60, 60), one(9, 60, 90), one(11, 60, 120)], START);
    expect(hours.map(({ startAt, count, errorMs }) => [startAt, count, errorMs])).to.deep.equal([
      [START + 9 * HOUR, 1, 30_000],
      [START + 11 * HOUR, 2, 60_000],
    ]);
  });
});
