import { expect } from 'chai';
import fc from 'fast-check';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import type { QueueOutcome } from '../../../src/kernel/call-event.js';
import type { AgentId, QueueId } from '../../../src/kernel/ids.js';
import { CallScript } from '../../support/call-events.js';

const ADA = 7 as AgentId;

describe('foldQueueVisits', () => {
  it('counts a call that overflows in both queues, each with its own outcome', () => {
    const call = arrive();
    enter(call, 1);
    leave(call, 1, 'overflowed', 60_000);
    enter(call, 2);
    answer(call, 2);
    leave(call, 2, 'answered', 5_000);
    end(call);
    const { queueVisits } = foldCall(call.events);
    expect(
      queueVisits.map(({ n, queueId, outcome, waitMs, agentId }) => [
        ...[n, queueId, outcome, waitMs, agentId],
      ]),
    ).to.deep.equal([
      [0, 1, 'overflowed', 60_000, undefined],
      [1, 2, 'answered', 5_000, ADA],
    ]);
  });

  it('shows who waits now', () => {
    const call = arrive();
    enter(call, 1);
    expect(foldCall(call.events).queueVisits).to.have.length(1);
    expect(foldCall(call.events).queueVisits[0]).to.include({ leftAt: undefined, waitMs: 0 });
  });

  it('names nobody who had answered in the moment in which the caller left', () => {
    const call = arrive();
    enter(call, 1);
    answer(call, 1);
    leave(call, 1, 'abandoned', 4_000);
    end(call);
    expect(foldCall(call.events).queueVisits[0]).to.include({
      ...{ outcome: 'abandoned', agentId: undefined },
    });
  });

  it('leaves no outcome where the ledger has none: a difference to be seen', () => {
    const call = arrive();
    enter(call, 1);
    end(call);
    const [visit] = foldCall(call.events).queueVisits;
    expect(visit).to.include({ outcome: undefined, waitMs: 1_000 });
    expect(visit?.leftAt).to.be.a('number');
  });

  it('has a row for each entry, and each that was left before the call ended has the outcome told', () => {
    const outcomes = ['answered', 'abandoned', 'overflowed', 'callback', 'closed'] as const;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(...outcomes))),
        (visits) => {
          const call = arrive();
          for (const [queue, outcome] of visits) {
            enter(call, queue);
            leave(call, queue, outcome, 1_000);
          }
          end(call);
          expect(
            foldCall(call.events).queueVisits.map(({ queueId, outcome }) => [queueId, outcome]),
          ).to.deep.equal(visits);
        },
      ),
    );
  });
});

function arrive(): CallScript {
  return new CallScript().happens(0, {
    ...{ kind: 'call-arrived', direction: 'inbound', from: '1', fromName: '', to: '2' },
    node: 'pbx-1',
  });
}

function enter(call: CallScript, queue: number): void {
  const queueId = queue as QueueId;
  call.happens(500, { kind: 'queue-entered', queueId, name: 'Q', place: 1, priority: 0 });
}

function answer(call: CallScript, queue: number): void {
  const offer = { queueId: queue as QueueId, agentId: ADA, agentName: 'Ada' };
  call.happens(1_000, { kind: 'offered', ...offer, reasons: [] });
  call.happens(1_000, { kind: 'offer-ended', ...offer, outcome: 'answered', rangMs: 1_000 });
}

function leave(call: CallScript, queue: number, outcome: QueueOutcome, waitedMs: number): void {
  const queueId = queue as QueueId;
  call.happens(500, { kind: 'queue-left', queueId, outcome, reason: '', waitedMs });
}

function end(call: CallScript): void {
  call.happens(1_000, {
    ...{ kind: 'call-ended', result: 'answered', endedBy: 'caller', cause: 16, reason: '' },
  });
}
