import { expect } from 'chai';
import { LONGEST_PREFIX, NUMBER_ZONES } from '../../../src/engines/outbound/number-zones.js';
import { clockOf, zonesOfNumber } from '../../../src/engines/outbound/time-zone.js';
import { isKnownZone } from '../../../src/engines/routing/wall-clock.js';

describe('the clock of a person', () => {
  it('is known to this machine for every prefix of the table', () => {
    const unknown = [...NUMBER_ZONES.values()].flat().filter((zone) => !isKnownZone(zone));
    expect(unknown).to.deep.equal([]);
    expect(Math.max(...[...NUMBER_ZONES.keys()].map((prefix) => prefix.length))).to.equal(
      LONGEST_PREFIX,
    );
  });

  it('is read from how a number begins, the longest prefix first', () => {
    expect(zonesOfNumber('+442079460123')).to.deep.equal(['Europe/London']);
    expect(zonesOfNumber('+8613800138000')).to.deep.equal(['Asia/Shanghai']);
    expect(zonesOfNumber('+12125550123')).to.deep.equal(['America/New_York']);
    expect(zonesOfNumber('+13105550123')).to.deep.equal(['America/Los_Angeles']);
    expect(zonesOfNumber('+14165550123')).to.deep.equal(['America/Toronto']);
    expect(zonesOfNumber('+18765550123')).to.deep.equal(['America/Jamaica']);
    expect(zonesOfNumber('+6433051234')).to.deep.equal(['Pacific/Chatham']);
    expect(zonesOfNumber('+6433661234')).to.deep.equal(['Pacific/Auckland']);
  });

  it('names every zone of a prefix that keeps several clocks', () => {
    expect(zonesOfNumber('+13085550123')).to.deep.equal(['America/Chicago', 'America/Denver']);
    expect(zonesOfNumber('+12085550123')).to.deep.equal(['America/Boise', 'America/Los_Angeles']);
  });

  it('is nobody’s where the number does not tell: freephone, Australian mobiles, extensions', () => {
    for (const number of ['+18005550123', '+61412345678', '+881612345678', '2001', ''])
      expect(zonesOfNumber(number), number).to.deep.equal([]);
  });

  it('is the contact’s own before the number’s, and the campaign’s where nothing else tells', () => {
    const number = '+12125550123';
    expect(clockOf({ timeZone: 'Asia/Tokyo', number }, 'Europe/Paris')).to.deep.equal({
      zones: ['Asia/Tokyo'],
      from: 'contact',
    });
    expect(clockOf({ timeZone: '', number }, 'Europe/Paris')).to.deep.equal({
      zones: ['America/New_York'],
      from: 'number',
    });
    expect(clockOf({ timeZone: 'Middle/Earth', number: '2001' }, 'Europe/Paris')).to.deep.equal({
      zones: ['Europe/Paris'],
      from: 'campaign',
    });
  });
});
