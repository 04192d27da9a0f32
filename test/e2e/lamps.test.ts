import { expect } from 'chai';
import { agentIs, makeAvailable, talk, useLab } from '../support/lab.js';
import { dialCode, ringsInstead } from '../support/phones.js';
import { WATCHER, watchLamp } from '../support/lamp-watch.js';

describe('lamp keys', function () {
  this.timeout(60_000);
  const lab = useLab();

  const lampIs = (name: string, state: string): Promise<unknown> =>
    lab.product.pbxHas(`lamp ${name} to be ${state}`, '/deviceStates', (all) =>
      all.some((one) => one['name'] === `Stasis:${name}` && one['state'] === state),
    );

  it('of a phone show idle, ringing, in use, and do not disturb', async () => {
    await lampIs('2004', 'NOT_INUSE');
    const sipp = await watchLamp(lab, '2004');
    const { caller, called } = await ringsInstead(lab, '2003', '2004', '2004');
    await lampIs('2004', 'RINGING');
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await lampIs('2004', 'INUSE');
    await caller.hangUp();
    await lampIs('2004', 'NOT_INUSE');
    // A lamp key for do not disturb dials what it watches.
    await dialCode(lab, '2004', '*782004');
    await lampIs('2004', 'BUSY');
    await lampIs('*782004', 'BUSY');
    await dialCode(lab, '2004', '*78');
    await lampIs('*782004', 'NOT_INUSE');
    const { allGood, errors } = await sipp.ended();
    expect(errors).to.equal('');
    expect(allGood).to.equal(true);
  });

  it('of an agent show availability, and change it at the own phone only', async () => {
    await lampIs('*12601', 'UNAVAILABLE');
    await makeAvailable(lab, 'ann');
    await lampIs('*12601', 'NOT_INUSE');
    const sipp = await watchLamp(lab, '*12601', 'watch-on-off');
    await dialCode(lab, '2001', '*12601');
    await agentIs(lab, 'ann', 'not-ready');
    await lampIs('*12601', 'BUSY');
    await dialCode(lab, '2001', '*12601');
    await agentIs(lab, 'ann', 'available');
    const { allGood, errors } = await sipp.ended();
    expect(errors).to.equal('');
    expect(allGood).to.equal(true);
    await dialCode(lab, '2001', '*12602');
    await agentIs(lab, 'ann', 'available');
  });

  it('of phones that are not there say so', async () => {
    await lampIs(WATCHER, 'UNAVAILABLE');
  });
});
