import { expect } from 'chai';
import { keepCallback } from '../../support/callbacks-site.js';
import { CallsSite } from '../../support/calls-site.js';
import type { CallbackState } from '../../../src/telephony/callbacks.js';

const STATES: readonly CallbackState[] = [
  ...(['done', 'failed', 'cancelled', 'returned', 'expired', 'queue-gone', 'waiting'] as const),
];

describe('the report of callbacks', function () {
  this.timeout(60_000);
  let at: CallsSite;

  before(async () => {
    at = await CallsSite.start();
  });
  after(() => at.site.stop());

  it('counts what became of each, and adds up', async () => {
    await at.clear();
    for (const [n, state] of STATES.entries())
      await keepCallback(at, { number: `+44207946020${String(n)}` }, { state });
    await at.sum();
    const supervisor = await at.site.client('supervisor');
    const { status, text } = await supervisor.get('/reports/callbacks?period=today');
    expect(status).to.equal(200);
    const sum = text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(sum).to.match(/Promised 7 = .*Lapsed 2 .*adds up/);
  });
});
