import { expect } from 'chai';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import type { ChannelId } from '../../../src/kernel/ids.js';
import {
  abandonedCall,
  answeredCall,
  CallScript,
  voicemailCall,
} from '../../support/call-events.js';

describe('foldCall', () => {
  it('folds an answered call into its row', () => {
    const script = answeredCall();
    const { call } = foldCall(script.events);
    expect(call).to.include({
      id: script.callId,
      startedAt: script.startedAt,
      answeredAt: script.startedAt + 114_000,
      direction: 'inbound',
      fromNumber: '+442079460123',
      fromName: 'Ada Finch',
      toNumber: '+448005550110',
      result: 'answered',
      endedBy: 'caller',
      cause: 16,
      queueId: 1,
      agentId: 2,
      trunkId: 1,
      didId: 1,
      path: '2 Repairs',
      waitMs: 106_000,
      talkMs: 267_000,
      holdMs: 38_000,
      recordedMs: 266_900,
      test: false,
    });
  });

  it('folds legs with their answers and causes, in the order in which they started', () => {
    const script = answeredCall();
    const { legs } = foldCall(script.events);
    expect(legs.map((leg) => [leg.role, leg.number, leg.cause, leg.techCause])).to.deep.equal([
      ['caller', '+442079460123', 16, 200],
      ['agent', '2109', 21, 603],
      ['agent', '2107', 16, 200],
    ]);
    expect(legs[1]?.answeredAt).to.equal(undefined);
    expect(legs[2]?.answeredAt).to.equal(script.startedAt + 114_000);
  });

  it('makes a recording row of the two one-sided files', () => {
    const script = answeredCall();
    const { recordings, voicemails } = foldCall(script.events);
    expect(recordings).to.deep.equal([
      {
        id: script.recordingId,
        callId: script.callId,
        kind: 'call',
        node: 'pbx-1',
        nodeFiles: [`${script.recordingId}-caller`, `${script.recordingId}-other`],
        durationMs: 266_900,
        createdAt: script.startedAt + 381_000,
      },
    ]);
    expect(voicemails).to.deep.equal([]);
  });

  it('makes a recording and a voicemail of a message', () => {
    const script = voicemailCall(undefined, 3);
    const { recordings, voicemails, call } = foldCall(script.events);
    expect(recordings[0]).to.include({ kind: 'voicemail', durationMs: 21_500 });
    expect(voicemails[0]).to.include({ recordingId: script.recordingId, extensionId: 3 });
    expect(call).to.include({ result: 'voicemail', recordedMs: 0, talkMs: 0 });
  });

  it('counts the wait of a caller who left', () => {
    expect(foldCall(abandonedCall().events).call).to.include({
      result: 'abandoned',
      waitMs: 192_000,
      talkMs: 0,
      answeredAt: undefined,
      agentId: undefined,
    });
  });

  it('leaves the result open while the call goes on', () => {
    const { call } = foldCall(answeredCall().events.slice(0, 20));
    expect(call).to.include({ result: undefined, endedAt: undefined });
  });

  it('has no call row before the arrival is known', () => {
    const folded = foldCall(answeredCall().events.slice(1));
    expect(folded.call).to.equal(undefined);
    expect(folded.legs).to.have.length(3);
  });

  it('counts a talk that only the end of the call cut off', () => {
    const call = new CallScript();
    call
      .happens(0, {
        kind: 'call-arrived',
        direction: 'internal',
        from: '2001',
        fromName: '',
        to: '2002',
        node: 'pbx-1',
      })
      .happens(1_000, { kind: 'connected', leg: 'x' as ChannelId })
      .happens(2_000, { kind: 'held', leg: 'x' as ChannelId })
      .happens(3_000, {
        kind: 'call-ended',
        result: 'answered',
        endedBy: 'system',
        cause: 38,
        reason: 'pbx lost',
      });
    expect(foldCall(call.events).call).to.include({ talkMs: 5_000, holdMs: 3_000 });
  });

  it('lets nothing happen to a call whose kinds of events it does not know', () => {
    const script = answeredCall();
    const known = foldCall(script.events);
    const strange = { ...script.events[3], kind: 'from-a-later-version', id: 'X'.repeat(26) };
    expect(foldCall([...script.events, strange as never])).to.deep.equal(known);
  });
});
