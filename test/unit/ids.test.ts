import { expect } from 'chai';
import { isOurs, newChannelId, newId, timeOfId } from '../../src/kernel/ids.js';

describe('ids', () => {
  it('of a channel that will be tell when, and leave those after them in the present', () => {
    const before = newId();
    const names = [newChannelId('snoop', 60_000), newChannelId('snoop', 60_000)];
    const after = newId();
    for (const name of names) {
      expect(timeOfId(name)).to.be.closeTo(Date.now() + 60_000, 5_000);
      expect(isOurs(name)).to.equal(true);
    }
    expect(new Set(names).size).to.equal(2);
    expect(timeOfId(after) - timeOfId(before)).to.be.lessThan(5_000);
    expect(after > before).to.equal(true);
  });
});
