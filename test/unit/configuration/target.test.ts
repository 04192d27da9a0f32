import { expect } from 'chai';
import fc from 'fast-check';
import {
  changesBetween,
  parseTargetText,
  readTarget,
  targetText,
} from '../../../src/features/configuration/index.js';
import type { ExtensionId, FlowId, QueueId } from '../../../src/kernel/ids.js';
import type { Target } from '../../../src/telephony/directory.js';

const id = fc.integer({ min: 1, max: 4_294_967_295 });
const target: fc.Arbitrary<Target> = fc.oneof(
  id.map((n): Target => ({ kind: 'flow', id: n as FlowId })),
  id.map((n): Target => ({ kind: 'queue', id: n as QueueId })),
  id.map((n): Target => ({ kind: 'extension', id: n as ExtensionId })),
  id.map((n): Target => ({ kind: 'voicemail', extensionId: n as ExtensionId })),
  id.map((n): Target => ({ kind: 'voicemail', queueId: n as QueueId })),
  fc.constant<Target>({ kind: 'hangup' }),
);

describe('targets', () => {
  it('read back from a form and from a column as they were', () => {
    fc.assert(
      fc.property(target, (wanted) => {
        expect(parseTargetText(targetText(wanted))).to.deep.equal(wanted);
        expect(readTarget(JSON.stringify(wanted))).to.deep.equal(wanted);
        expect(readTarget(wanted)).to.deep.equal(wanted);
      }),
    );
  });

  it('are not made of what is none', () => {
    for (const text of [
      '',
      'queue',
      'queue:',
      'queue:0',
      'queue:-1',
      'queue:1e3',
      'users:1',
      'queue:1 or 1=1',
    ])
      expect(parseTargetText(text)).to.equal(undefined);
    expect(() => readTarget('{"kind":"shell","command":"rm"}')).to.throw();
  });
});

describe('changes for the audit log', () => {
  it('name the fields that differ, old and new', () => {
    expect(
      changesBetween({ name: 'A', size: 1, list: ['x'] }, { name: 'B', size: 1, list: ['x', 'y'] }),
    ).to.deep.equal({
      name: ['A', 'B'],
      list: [['x'], ['x', 'y']],
    });
  });
  it('leave out the empty fields of something new', () => {
    expect(changesBetween(undefined, { name: 'A', callerId: '' })).to.deep.equal({
      name: ['', 'A'],
    });
  });
});
