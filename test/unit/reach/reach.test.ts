import { expect } from 'chai';
import {
  decideReach,
  MOST_HOPS,
  PLAIN_HANDLING,
  type CallHandling,
  type Hop,
  type ReachInput,
} from '../../../src/engines/reach/reach.js';

describe('Where a call to an extension goes', () => {
  const forwards = (changes: Partial<CallHandling['forwards']>): CallHandling => ({
    ...PLAIN_HANDLING,
    forwards: { ...PLAIN_HANDLING.forwards, ...changes },
  });
  const input = (changes: Partial<ReachInput> = {}): ReachInput => ({
    number: '2001',
    handling: PLAIN_HANDLING,
    phone: { isRegistered: true, lines: 0, isTaken: false },
    hops: [],
    ...changes,
  });
  const went = (changes: Partial<ReachInput>): string => {
    const reach = decideReach(input(changes));
    const refused = reach.refused.map((hop) => ` (not to ${hop.to}: ${hop.why})`).join('');
    if (reach.kind === 'forward') return `${reach.hop.reason} to ${reach.hop.to}${refused}`;
    return (reach.kind === 'ring' ? 'ring' : reach.why) + refused;
  };

  it('rings a phone that is there', () => {
    expect(went({})).to.equal('ring');
  });

  it('goes elsewhere at once, whatever the phone does', () => {
    const handling = { ...forwards({ always: '2002' }), doNotDisturb: true };
    expect(went({ handling })).to.equal('always to 2002');
    const phone = { isRegistered: false, lines: 0, isTaken: false };
    expect(went({ handling, phone })).to.equal('always to 2002');
  });

  it('takes do not disturb for busy, and says which of them it was', () => {
    const quiet = { ...PLAIN_HANDLING, doNotDisturb: true };
    expect(went({ handling: quiet })).to.equal('do-not-disturb');
    const elsewhere = { ...forwards({ busy: '2003' }), doNotDisturb: true };
    expect(went({ handling: elsewhere })).to.equal('do-not-disturb to 2003');
  });

  it('rings a second call only where call waiting is on, and never a third', () => {
    const phone = (lines: number) => ({ isRegistered: true, lines, isTaken: false });
    expect(went({ phone: phone(1) })).to.equal('ring');
    expect(went({ phone: phone(2) })).to.equal('busy');
    const handling = { ...PLAIN_HANDLING, callWaiting: false };
    expect(went({ phone: phone(1), handling })).to.equal('busy');
    expect(went({ phone: { isRegistered: true, lines: 0, isTaken: true } })).to.equal('busy');
  });

  it('goes on after ringing by what the phone said', () => {
    const handling = forwards({ busy: '2002', 'no-answer': '2003', unregistered: '2004' });
    expect(went({ handling, rang: 'busy' })).to.equal('busy to 2002');
    expect(went({ handling, rang: 'declined' })).to.equal('busy to 2002');
    expect(went({ handling, rang: 'no-answer' })).to.equal('no-answer to 2003');
    expect(went({ handling, rang: 'unreachable' })).to.equal('unregistered to 2004');
    expect(went({ handling, rang: 'failed' })).to.equal('unregistered to 2004');
    expect(went({ rang: 'no-answer' })).to.equal('no-answer');
  });

  it('ends a circle of three extensions at the last phone', () => {
    const hops: Hop[] = [
      { from: '2002', to: '2003', reason: 'always' },
      { from: '2003', to: '2001', reason: 'always' },
    ];
    const handling = forwards({ always: '2002' });
    expect(went({ hops, handling })).to.equal('ring (not to 2002: loop)');
    expect(went({ handling: forwards({ always: '2001' }) })).to.equal('ring (not to 2001: loop)');
  });

  it('follows a chain only so far', () => {
    const hops = Array.from({ length: MOST_HOPS }, (_, at): Hop => ({
      from: String(3000 + at),
      to: String(3001 + at),
      reason: 'always',
    }));
    const handling = forwards({ always: '2002' });
    expect(went({ hops, handling })).to.equal('ring (not to 2002: too-many)');
    expect(went({ hops: hops.slice(1), handling })).to.equal('always to 2002');
  });
});
