import { expect } from 'chai';
import type { Waiter } from '../../../src/engines/acd/waiter.js';
import type { CallbackId, CallId } from '../../../src/kernel/ids.js';
import type { AcdRunner } from '../../../src/telephony/calls/acd-runner.js';
import {
  liveQueues,
  readLine,
  type WaitingPerson,
} from '../../../src/telephony/calls/live-lines.js';
import type { Directory } from '../../../src/telephony/directory.js';
import { REPAIRS } from '../../support/live-moments.js';

const NOW = 10_000_000;
const COUNT = 1_000;
/** The last in line has been waiting longest: somebody with a higher priority stands before. */
const waiter = (index: number): Waiter =>
  ({
    call: `call-${String(index)}`,
    queue: REPAIRS,
    enteredAt: NOW - index * 1_000,
    priority: 0,
    offers: [],
    requirements: [],
    notBefore: 0,
    line: { demandsOf: () => ({ demands: [] }) },
  }) as object as Waiter;
const line = Array.from({ length: COUNT }, (_, index) => waiter(index + 1));
const acd = {
  engine: { line: () => ({ everybody: line, inService: 0 }), skillNames: new Map() },
  expectedMs: () => undefined,
  stalledMs: () => 0,
  decisionsOf: () => 0,
} as object as AcdRunner;
const directory = {
  current: { queues: new Map([[REPAIRS, { id: REPAIRS, name: 'Repairs', maxTalking: 0 }]]) },
} as object as Directory;
const person = (call: CallId): WaitingPerson => ({
  from: '+442079460123',
  name: '',
  ...(call.endsWith('0') ? { callbackId: call as string as CallbackId } : {}),
});

describe('a line of a thousand', () => {
  it('is counted whole and drawn in part', () => {
    const [queue] = liveQueues(acd, directory, { of: () => [] }, NOW, person);
    expect(queue).to.include({
      waitingCount: COUNT,
      callbackCount: COUNT / 10,
      longestSince: NOW - COUNT * 1_000,
    });
    expect(queue?.waiting).to.have.length(200);
  });

  it('is read from a place on, and to its end', () => {
    const places = (fromPlace: number, limit: number) =>
      readLine(acd, { queueId: REPAIRS, fromPlace, limit }, NOW, person).waiting.map(
        ({ place }) => place,
      );
    expect(places(1, 3)).to.deep.equal([1, 2, 3]);
    expect(places(999, 50)).to.deep.equal([999, 1_000]);
    expect(places(1_001, 50)).to.deep.equal([]);
    expect(places(1, 10_000)).to.have.length(200);
  });

  it('finds one call at its place, wherever that is', () => {
    const find = (callId: string) =>
      readLine(
        acd,
        { queueId: REPAIRS, fromPlace: 1, limit: 1, callId: callId as CallId },
        NOW,
        person,
      );
    expect(find('call-777').waiting.map(({ place }) => place)).to.deep.equal([777]);
    expect(find('gone')).to.deep.equal({ waiting: [], waitingCount: COUNT });
  });
});
