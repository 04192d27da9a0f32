import { expect } from 'chai';
import { trialProgress } from '../../../src/features/ivr-flows/trials/trial-progress.js';
import type { CallEvent, CallEventBody } from '../../../src/kernel/call-event.js';
import type { CallId, ChannelId, EventId, FlowId, QueueId } from '../../../src/kernel/ids.js';
import type { TrialNews } from '../../../src/telephony/flow-trials.js';

const FLOW = 1 as FlowId;
const OTHER = 2 as FlowId;
const RINGING: TrialNews = { kind: 'ringing', flow: FLOW };

let seq = 0;
const event = (body: CallEventBody): TrialNews => {
  seq += 1;
  const about = { id: `E${String(seq)}` as EventId, callId: 'CALL' as CallId, seq, at: seq };
  return { kind: 'event', event: { ...body, ...about } as CallEvent };
};
const arrived = event({
  ...{ kind: 'call-arrived', direction: 'internal', from: '2001', fromName: '' },
  ...{ to: '', node: 'pbx', test: true },
});
const leg = (name: string): TrialNews =>
  event({ kind: 'leg-started', leg: name as ChannelId, role: 'caller', number: '2001' });
const enters = (step: string, flow = FLOW): TrialNews =>
  event({ kind: 'step-entered', flowId: flow, step, stepKind: 'play', label: step });
const ended = event({
  ...{ kind: 'call-ended', result: 'contained', endedBy: 'caller', cause: 16, reason: '' },
});
const queued = event({
  ...{ kind: 'queue-entered', queueId: 1 as QueueId, name: 'Sales', place: 1, priority: 0 },
});
const stateOf = (...news: TrialNews[]): string => trialProgress([RINGING, ...news], FLOW).state;

describe('how far a test call is', () => {
  it('rings, is not answered, or runs through the flow and is over', () => {
    expect(stateOf()).to.equal('ringing');
    expect(stateOf({ kind: 'unanswered' })).to.equal('unanswered');
    expect(stateOf(arrived, leg('phone'))).to.equal('in-flow');
    expect(stateOf(arrived, leg('phone'), enters('a'), queued)).to.equal('beyond');
    expect(stateOf(arrived, leg('phone'), enters('a'), ended)).to.equal('over');
  });

  it('is back in the flow when a phone that was rung is not answered', () => {
    const rung = [arrived, leg('phone'), enters('a'), leg('other')];
    expect(stateOf(...rung)).to.equal('beyond');
    expect(stateOf(...rung, enters('b'))).to.equal('in-flow');
  });

  it('stands at the step that entered another flow while it is in there', () => {
    const news = [RINGING, arrived, leg('phone'), enters('a'), enters('sub'), enters('x', OTHER)];
    expect(trialProgress(news, FLOW)).to.deep.include({ way: ['a', 'sub'], at: 'sub' });
    expect(trialProgress([...news, enters('b'), ended], FLOW)).to.deep.include({
      ...{ way: ['a', 'sub', 'b'], at: '', call: 'CALL' },
    });
  });

  it('knows what the variables held last', () => {
    const first: TrialNews = { kind: 'variables', values: { a: '1' } };
    const last: TrialNews = { kind: 'variables', values: { a: '2', b: '•••' } };
    expect(trialProgress([RINGING], FLOW).variables).to.deep.equal({});
    expect(trialProgress([RINGING, first, last], FLOW).variables).to.deep.equal(last.values);
  });
});
