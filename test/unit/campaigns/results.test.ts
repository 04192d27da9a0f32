import { expect } from 'chai';
import { resultOf } from '../../../src/telephony/calls/campaigns/results.js';

describe('what a line says that was not answered', () => {
  const said = (cause: number, techCause: number, isSilent = false): string =>
    resultOf({ cause, techCause, isSilent });

  for (const [cause, status, result] of [
    [17, 486, 'busy'],
    [17, 600, 'busy'],
    [19, 480, 'no-answer'],
    [18, 408, 'no-answer'],
    [20, 480, 'no-answer'],
    [1, 404, 'invalid'],
    [1, 604, 'invalid'],
    [28, 484, 'invalid'],
    [22, 410, 'invalid'],
    [21, 403, 'rejected'],
    [21, 603, 'rejected'],
    [34, 503, 'congestion'],
    [38, 500, 'congestion'],
    [27, 502, 'congestion'],
    [42, 503, 'congestion'],
    [1, 0, 'invalid'],
    [38, 0, 'failed'],
  ] as const)
    it(`cause ${String(cause)} with ${String(status)} is ${result}`, () => {
      expect(said(cause, status)).to.equal(result);
    });

  it('a carrier that said nothing at all is the network, not the person', () => {
    expect(said(18, 408, true)).to.equal('congestion');
  });
});
