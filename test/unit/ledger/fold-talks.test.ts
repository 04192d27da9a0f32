import { expect } from 'chai';
import { foldTalks } from '../../../src/engines/reporting/fold-talks.js';
import { foldTimes } from '../../../src/engines/reporting/fold-times.js';
import {
  newChannelId,
  type AgentId,
  type ExtensionId,
  type QueueId,
} from '../../../src/kernel/ids.js';
import { CallScript } from '../../support/call-events.js';

const [ADA, BEN] = [1 as AgentId, 2 as AgentId];
const [SALES, REPAIRS] = [1 as QueueId, 2 as QueueId];

describe('talks and transfers of a call', () => {
  /** Ada has it by the queue Sales after 5 s. */
  function withAda() {
    const call = new CallScript();
    const leg = newChannelId('agent');
    call
      .happens(0, {
        kind: 'call-arrived',
        ...{ direction: 'inbound', from: '+44', fromName: '', to: '+44', node: 'pbx-1' },
      })
      .happens(0, { kind: 'leg-started', leg: call.caller, role: 'caller', number: '+44' })
      .happens(0, { kind: 'queue-entered', queueId: SALES, name: 'Sales', place: 1, priority: 0 })
      .happens(4_000, { kind: 'leg-started', leg, role: 'agent', number: '2001', agentId: ADA })
      .happens(1_000, { kind: 'connected', leg, agentId: ADA })
      .happens(0, {
        kind: 'queue-left',
        ...{ queueId: SALES, outcome: 'answered', reason: 'answered', waitedMs: 5_000 },
      });
    return { call, leg };
  }
  const end = (call: CallScript, ms: number) =>
    call.happens(ms, {
      kind: 'call-ended',
      ...{ result: 'answered', endedBy: 'caller', cause: 16, reason: '' },
    }).events;

  it('are none while the call goes on', () => {
    expect(foldTalks(withAda().call.events)).to.deep.equal({ talks: [], transfers: [] });
  });

  it('are one where a process was killed after it had told of the talk, and the next one told it again', () => {
    const { call, leg } = withAda();
    call
      .happens(0, { kind: 'adopted', stage: 'talk', awayMs: 0 })
      .happens(0, { kind: 'connected', leg, agentId: ADA })
      .happens(0, {
        kind: 'queue-left',
        ...{ queueId: SALES, outcome: 'answered', reason: 'answered', waitedMs: 5_000 },
      })
      .happens(20_000, { kind: 'disconnected', talkedMs: 20_000 });
    const events = end(call, 0);
    expect(foldTalks(events).talks.map(({ talkMs }) => talkMs)).to.deep.equal([20_000]);
    expect(foldTimes(events)).to.include({ waitMs: 5_000, talkMs: 20_000 });
  });

  it('tell each agent’s own part after a consult, with the time in which the caller waited', () => {
    const { call, leg } = withAda();
    const asked = newChannelId('extension');
    call
      .happens(10_000, { kind: 'consult-started', leg: asked, by: leg })
      .happens(0, { kind: 'held', leg })
      .happens(0, {
        kind: 'leg-started',
        leg: asked,
        role: 'extension',
        number: '2002',
        agentId: BEN,
      })
      .happens(2_000, { kind: 'consult-answered', leg: asked, agentId: BEN })
      .happens(6_000, {
        kind: 'transferred',
        ...{ how: 'consult', via: 'page', by: leg, agentId: ADA, extensionId: 1 as ExtensionId },
        to: { kind: 'extension', id: 2, number: '2002', name: 'Ben' },
      })
      .happens(0, { kind: 'resumed', leg })
      .happens(0, { kind: 'consult-ended', leg: asked, outcome: 'completed' })
      .happens(0, { kind: 'party-left', leg, agentId: ADA })
      .happens(0, { kind: 'connected', leg: asked, agentId: BEN })
      .happens(30_000, { kind: 'disconnected', talkedMs: 48_000 });
    const { talks, transfers } = foldTalks(end(call, 0));
    expect(
      talks.map(({ agentId, kind, talkMs, holdMs, ending, queueId }) => [
        ...[agentId, kind, talkMs, holdMs, ending, queueId],
      ]),
    ).to.deep.equal([
      [BEN, 'consult', 6_000, 0, 'over', undefined],
      [ADA, 'talk', 18_000, 8_000, 'transferred', SALES],
      [BEN, 'talk', 30_000, 0, 'over', undefined],
    ]);
    expect(transfers).to.have.length(1);
    expect(transfers[0]).to.include({ talkedMs: 18_000, isMisrouted: false, isReturned: false });
  });

  it('to another queue within a minute was misrouted, to the same or later was not', () => {
    for (const [to, afterMs, isMisrouted] of [
      [REPAIRS, 60_000, true],
      [REPAIRS, 60_001, false],
      [SALES, 10_000, false],
    ] as const) {
      const { call, leg } = withAda();
      call
        .happens(afterMs, {
          kind: 'transferred',
          ...{ how: 'blind', via: 'phone', by: leg, agentId: ADA },
          to: { kind: 'queue', id: Number(to), number: '', name: '' },
        })
        .happens(0, { kind: 'disconnected', talkedMs: afterMs });
      expect(foldTalks(end(call, 0)).transfers[0]).to.include({ isMisrouted });
    }
  });

  it('that came back say so', () => {
    const { call, leg } = withAda();
    call
      .happens(10_000, {
        kind: 'transferred',
        ...{ how: 'blind', via: 'page', by: leg, agentId: ADA },
        to: { kind: 'extension', id: 3, number: '2003', name: '' },
      })
      .happens(0, { kind: 'disconnected', talkedMs: 10_000 })
      .happens(5_000, {
        kind: 'transfer-returned',
        ...{ to: '2003', reason: 'busy', extensionId: 1 as ExtensionId },
      });
    expect(foldTalks(end(call, 0)).transfers[0]).to.include({ isReturned: true });
  });

  it('of a call that an agent dialled stay the agent’s until the phone leaves', () => {
    const call = new CallScript();
    const [outside, third] = [newChannelId('outside'), newChannelId('extension')];
    call
      .happens(0, {
        kind: 'call-arrived',
        ...{ direction: 'outbound', from: '2001', fromName: '', to: '+44', node: 'pbx-1' },
      })
      .happens(0, { kind: 'leg-started', leg: call.caller, role: 'caller', number: '2001' })
      .happens(0, { kind: 'leg-started', leg: outside, role: 'outside', number: '+44' })
      .happens(3_000, { kind: 'connected', leg: outside, agentId: ADA })
      .happens(10_000, { kind: 'anchored', leg: outside, number: '+44', name: '' })
      .happens(0, { kind: 'consult-started', leg: third, by: call.caller })
      .happens(0, { kind: 'held', leg: call.caller })
      .happens(5_000, { kind: 'resumed', leg: call.caller })
      .happens(0, { kind: 'consult-ended', leg: third, outcome: 'dropped' })
      .happens(5_000, { kind: 'disconnected', talkedMs: 20_000 });
    expect(
      foldTalks(end(call, 0)).talks.map(({ agentId, talkMs, holdMs }) => [agentId, talkMs, holdMs]),
    ).to.deep.equal([[ADA, 20_000, 5_000]]);
  });
});
