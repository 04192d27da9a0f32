import { expect } from 'chai';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import type { CallResult, EndedBy } from '../../../src/kernel/call-event.js';
import type { ChannelId, FlowId, QueueId } from '../../../src/kernel/ids.js';
import { CallScript } from '../../support/call-events.js';

const MAIN = 1 as FlowId;
const INNER = 2 as FlowId;

describe('foldVisits', () => {
  it('counts steps once the call has ended, each by how it was left', () => {
    const call = arrive(MAIN);
    step(call, MAIN, 'hello', 'play', 'next', 2_000);
    step(call, MAIN, 'menu', 'menu', 'key-2', 5_000);
    enter(call, MAIN, 'sales', 'queue');
    expect(foldCall(call.events).visits).to.deep.equal([]);
    end(call, 'callee');
    const { visits } = foldCall(call.events);
    expect(visits.map(({ step: id, outcome, exit, ms }) => [id, outcome, exit, ms])).to.deep.equal([
      ['hello', 'left', 'next', 2_000],
      ['menu', 'left', 'key-2', 5_000],
      ['sales', 'handed', '', 0],
    ]);
    expect(visits[0]).to.include({ n: 0, version: 3, callAt: call.startedAt, test: false });
  });

  it('says where the caller hung up, and after how long', () => {
    const call = arrive(MAIN);
    step(call, MAIN, 'hello', 'play', 'next', 2_000);
    enter(call, MAIN, 'menu', 'menu');
    end(call, 'caller', 4_000);
    expect(foldCall(call.events).visits.at(-1)).to.include({
      ...{ step: 'menu', outcome: 'dropped', exit: '', ms: 4_000 },
    });
  });

  it('ends a sub-flow that never came back as the call ended in it', () => {
    const call = arrive(MAIN);
    enter(call, MAIN, 'balance', 'sub-flow');
    flow(call, INNER);
    enter(call, INNER, 'bye', 'hangup');
    end(call, 'system');
    expect(
      foldCall(call.events).visits.map(({ flowId, outcome }) => [flowId, outcome]),
    ).to.deep.equal([
      [MAIN, 'ended'],
      [INNER, 'ended'],
    ]);
  });

  it('serves nobody alone who left a message or took a callback', () => {
    for (const result of ['voicemail', 'callback'] as const) {
      const call = arrive(MAIN);
      step(call, MAIN, 'offer', 'callback', 'accepted', 2_000);
      enter(call, MAIN, 'bye', 'hangup');
      end(call, 'system', 0, result);
      expect(foldCall(call.events).visits.at(-1)?.outcome, result).to.equal('handed');
      const early = arrive(MAIN);
      enter(early, MAIN, 'complaint', 'record');
      end(early, 'caller', 9_000, result);
      expect(foldCall(early.events).visits[0]).to.include({ outcome: 'handed', ms: 9_000 });
    }
    const failed = arrive(MAIN);
    enter(failed, MAIN, 'menu', 'menu');
    end(failed, 'system', 0, 'callback');
    expect(foldCall(failed.events).visits[0]?.outcome).to.equal('failed');
  });

  it('counts a call as misrouted that stands in another queue soon after the answer', () => {
    const call = arrive(MAIN);
    enter(call, MAIN, 'sales', 'queue');
    queue(call, 1);
    call.happens(3_000, { kind: 'connected', leg: 'agent' as ChannelId });
    queue(call, 2, 20_000);
    end(call, 'caller');
    expect(foldCall(call.events).visits[0]?.movedAfterMs).to.equal(20_000);
  });

  it('takes no wait for an answer, and no way back into the same queue, for a move', () => {
    const call = arrive(MAIN);
    enter(call, MAIN, 'sales', 'queue');
    queue(call, 1);
    queue(call, 2);
    call.happens(3_000, { kind: 'connected', leg: 'agent' as ChannelId });
    queue(call, 1, 2_000);
    end(call, 'caller');
    expect(foldCall(call.events).visits[0]?.movedAfterMs).to.equal(undefined);
  });
});

function arrive(id: FlowId): CallScript {
  const call = new CallScript().happens(0, {
    ...{ kind: 'call-arrived', channel: 'c' as ChannelId, direction: 'inbound' },
    ...{ from: '+442079460123', fromName: '', to: '+448005550110', node: 'pbx-1' },
  });
  return flow(call, id);
}

const flow = (call: CallScript, flowId: FlowId): CallScript =>
  call.happens(0, { kind: 'flow-entered', flowId, version: 3, name: 'Reception' });

const enter = (call: CallScript, flowId: FlowId, id: string, stepKind: string): CallScript =>
  call.happens(0, { kind: 'step-entered', flowId, step: id, stepKind, label: id });

function step(
  call: CallScript,
  flowId: FlowId,
  id: string,
  kind: string,
  exit: string,
  ms: number,
): void {
  enter(call, flowId, id, kind);
  call.happens(ms, { kind: 'step-left', flowId, step: id, exit, ms });
}

const queue = (call: CallScript, queueId: number, ms = 0): CallScript =>
  call.happens(ms, {
    ...{ kind: 'queue-entered', queueId: queueId as QueueId, name: 'Sales' },
    ...{ place: 1, priority: 0 },
  });

const end = (
  call: CallScript,
  endedBy: EndedBy,
  ms = 0,
  result: CallResult = 'answered',
): CallScript =>
  call.happens(ms, {
    ...{ kind: 'call-ended', result, endedBy, cause: 16, reason: '' },
  });
