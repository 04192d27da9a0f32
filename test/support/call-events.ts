import type { CallEvent, CallEventBody } from '../../src/kernel/call-event.js';
import {
  newCallId,
  newChannelId,
  newEventId,
  newRecordingId,
  type AgentId,
  type CallId,
  type ConferenceId,
  type ChannelId,
  type DidId,
  type ExtensionId,
  type FlowId,
  type QueueId,
  type RecordingId,
  type TrunkId,
} from '../../src/kernel/ids.js';

/** Writes the ledger of one invented call: each `happens` is one event, `ms` after the one before. */
export class CallScript {
  readonly events: CallEvent[] = [];
  readonly callId: CallId = newCallId();
  readonly caller: ChannelId;
  readonly recordingId: RecordingId = newRecordingId();
  #at: number;
  #skipped = 0;

  constructor(readonly startedAt: number = Date.UTC(2026, 10, 24, 10, 35, 41)) {
    this.#at = startedAt;
    this.caller = `${String(Math.floor(startedAt / 1000))}.${this.callId.slice(-6)}` as ChannelId;
  }

  happens(ms: number, body: CallEventBody): this {
    this.#at += ms;
    this.events.push({
      ...body,
      id: newEventId(),
      callId: this.callId,
      seq: this.events.length + this.#skipped,
      at: this.#at,
    });
    return this;
  }

  /** Leaves so many numbers out, as a process does that takes a call up. */
  skip(numbers: number): void {
    this.#skipped += numbers;
  }
}

export interface AnsweredCallOptions {
  readonly startedAt?: number;
  readonly from?: string;
  readonly fromName?: string;
  readonly agentId?: number;
  readonly agentName?: string;
  readonly queueId?: number;
  readonly queueName?: string;
  readonly didId?: number;
  readonly trunkId?: number;
  /** Without it the call is not recorded, because the queue does not record. */
  readonly recorded?: boolean;
}

/** DID → menu → key → queue → one agent declines, the next answers → hold → hang-up; 25 events. */
export function answeredCall(options: AnsweredCallOptions = {}): CallScript {
  const call = new CallScript(options.startedAt);
  const flowId = 1 as FlowId;
  const queueId = (options.queueId ?? 1) as QueueId;
  const agentId = (options.agentId ?? 2) as AgentId;
  const agentName = options.agentName ?? 'Mara Quill';
  const declined = newChannelId('agent');
  const leg = newChannelId('agent');
  const { caller } = call;
  call
    .happens(0, {
      kind: 'call-arrived',
      direction: 'inbound',
      from: options.from ?? '+442079460123',
      fromName: options.fromName ?? 'Ada Finch',
      to: '+448005550110',
      node: 'pbx-1',
      trunkId: (options.trunkId ?? 1) as TrunkId,
      didId: (options.didId ?? 1) as DidId,
    })
    .happens(0, {
      kind: 'leg-started',
      leg: caller,
      role: 'caller',
      number: options.from ?? '+442079460123',
    })
    .happens(20, { kind: 'leg-answered', leg: caller })
    .happens(5, { kind: 'flow-entered', flowId, version: 13, name: 'Main menu' })
    .happens(1, { kind: 'step-entered', flowId, step: 'menu', stepKind: 'menu', label: 'Welcome' })
    .happens(2_000, { kind: 'key-pressed', step: 'menu', digits: '9', accepted: false })
    .happens(5_974, { kind: 'key-pressed', step: 'menu', digits: '2', accepted: true })
    .happens(0, {
      kind: 'step-entered',
      flowId,
      step: 'repairs',
      stepKind: 'queue',
      label: 'Repairs',
    })
    .happens(0, {
      kind: 'queue-entered',
      queueId,
      name: options.queueName ?? 'Repairs',
      place: 5,
      priority: 20,
    })
    .happens(70_000, {
      kind: 'offered',
      queueId,
      agentId: 9 as AgentId,
      agentName: 'Nia Corbin',
      reasons: ['longest-idle:41', 'agents-fitting:2'],
    })
    .happens(5, {
      kind: 'leg-started',
      leg: declined,
      role: 'agent',
      number: '2109',
      name: 'Nia Corbin',
      agentId: 9 as AgentId,
    })
    .happens(11_995, { kind: 'leg-ended', leg: declined, cause: 21, techCause: 603 })
    .happens(0, {
      kind: 'offer-ended',
      queueId,
      agentId: 9 as AgentId,
      agentName: 'Nia Corbin',
      outcome: 'declined',
      rangMs: 12_000,
    })
    .happens(18_000, {
      kind: 'offered',
      queueId,
      agentId,
      agentName,
      reasons: ['longest-idle:0', 'skipped-missed-this-call:Nia Corbin'],
    })
    .happens(5, {
      kind: 'leg-started',
      leg,
      role: 'agent',
      number: '2107',
      name: agentName,
      agentId,
    })
    .happens(5_995, { kind: 'leg-answered', leg })
    .happens(0, {
      kind: 'offer-ended',
      queueId,
      agentId,
      agentName,
      outcome: 'answered',
      rangMs: 6_000,
    })
    .happens(0, { kind: 'queue-left', queueId, outcome: 'answered', reason: '', waitedMs: 106_000 })
    .happens(0, { kind: 'connected', leg, agentId });
  if (options.recorded === false)
    call.happens(0, { kind: 'recording-missing', reason: 'queue-does-not-record' });
  else call.happens(0, { kind: 'recording-started', recordingId: call.recordingId });
  call
    .happens(88_000, { kind: 'held', leg })
    .happens(38_000, { kind: 'resumed', leg })
    .happens(141_000, { kind: 'disconnected', talkedMs: 267_000 });
  if (options.recorded !== false)
    call.happens(0, {
      kind: 'recording-ended',
      recordingId: call.recordingId,
      recordedMs: 266_900,
      files: [`${call.recordingId}-caller`, `${call.recordingId}-other`],
      node: 'pbx-1',
    });
  return call
    .happens(0, { kind: 'leg-ended', leg: caller, cause: 16, techCause: 200 })
    .happens(10, { kind: 'leg-ended', leg, cause: 16, techCause: 200 })
    .happens(0, {
      kind: 'call-ended',
      result: 'answered',
      endedBy: 'caller',
      cause: 16,
      reason: '',
    });
}

/** Mara answers a call of Repairs, asks Theo while the caller waits, and gives it to him; one recording. */
export function transferredCall(startedAt?: number): CallScript {
  const call = new CallScript(startedAt);
  const queueId = 1 as QueueId;
  const [mara, theo] = [2 as AgentId, 3 as AgentId];
  const leg = newChannelId('agent');
  const asked = newChannelId('extension');
  const { caller, recordingId } = call;
  return call
    .happens(0, {
      kind: 'call-arrived',
      ...{ direction: 'inbound', from: '+442079460123', fromName: 'Ada Finch' },
      ...{ to: '+448005550110', node: 'pbx-1', didId: 1 as DidId },
    })
    .happens(0, { kind: 'leg-started', leg: caller, role: 'caller', number: '+442079460123' })
    .happens(20, { kind: 'leg-answered', leg: caller })
    .happens(10, { kind: 'queue-entered', queueId, name: 'Repairs', place: 1, priority: 0 })
    .happens(5_000, {
      kind: 'offered',
      ...{ queueId, agentId: mara, agentName: 'Mara Quill', reasons: ['longest-idle:9'] },
    })
    .happens(5, {
      kind: 'leg-started',
      ...{ leg, role: 'agent', number: '2001', name: 'Mara Quill', agentId: mara },
      extensionId: 1 as ExtensionId,
    })
    .happens(4_000, { kind: 'leg-answered', leg })
    .happens(0, { kind: 'connected', leg, agentId: mara })
    .happens(0, {
      kind: 'offer-ended',
      ...{ queueId, agentId: mara, agentName: 'Mara Quill', outcome: 'answered', rangMs: 4_000 },
    })
    .happens(0, { kind: 'queue-left', queueId, outcome: 'answered', reason: '', waitedMs: 9_000 })
    .happens(0, { kind: 'recording-started', recordingId })
    .happens(62_000, { kind: 'consult-started', leg: asked, by: leg })
    .happens(0, { kind: 'held', leg })
    .happens(5, {
      kind: 'leg-started',
      ...{ leg: asked, role: 'extension', number: '2002', name: 'Theo Lark', agentId: theo },
      extensionId: 2 as ExtensionId,
    })
    .happens(6_000, { kind: 'leg-answered', leg: asked })
    .happens(0, { kind: 'consult-answered', leg: asked, agentId: theo })
    .happens(24_000, {
      kind: 'transferred',
      ...{ how: 'consult', via: 'page', by: leg, agentId: mara, extensionId: 1 as ExtensionId },
      to: { kind: 'extension', id: 2, number: '2002', name: 'Theo Lark' },
    })
    .happens(0, { kind: 'resumed', leg })
    .happens(0, { kind: 'consult-ended', leg: asked, outcome: 'completed' })
    .happens(0, { kind: 'party-left', leg, agentId: mara })
    .happens(0, { kind: 'connected', leg: asked, agentId: theo })
    .happens(20, { kind: 'leg-ended', leg, cause: 16 })
    .happens(75_000, { kind: 'leg-ended', leg: caller, cause: 16 })
    .happens(0, { kind: 'disconnected', talkedMs: 167_025 })
    .happens(0, {
      kind: 'recording-ended',
      ...{ recordingId, recordedMs: 167_000, node: 'pbx-1' },
      files: [`${recordingId}-caller`, `${recordingId}-other`],
    })
    .happens(10, { kind: 'leg-ended', leg: asked, cause: 16 })
    .happens(0, {
      kind: 'call-ended',
      ...{ result: 'answered', endedBy: 'caller', cause: 16, reason: 'hung-up-16' },
    });
}

/** A caller leaves the queue; nobody was offered the call. */
export function abandonedCall(startedAt?: number, from = '+442079460164'): CallScript {
  const call = new CallScript(startedAt);
  return call
    .happens(0, {
      kind: 'call-arrived',
      direction: 'inbound',
      from,
      fromName: '',
      to: '+448005550110',
      node: 'pbx-1',
      didId: 1 as DidId,
    })
    .happens(0, { kind: 'leg-started', leg: call.caller, role: 'caller', number: from })
    .happens(30, { kind: 'leg-answered', leg: call.caller })
    .happens(10, {
      kind: 'queue-entered',
      queueId: 1 as QueueId,
      name: 'Repairs',
      place: 1,
      priority: 0,
    })
    .happens(192_000, {
      kind: 'queue-left',
      queueId: 1 as QueueId,
      outcome: 'abandoned',
      reason: 'caller hung up',
      waitedMs: 192_000,
    })
    .happens(0, { kind: 'leg-ended', leg: call.caller, cause: 16, techCause: 200 })
    .happens(0, {
      kind: 'call-ended',
      result: 'abandoned',
      endedBy: 'caller',
      cause: 16,
      reason: '',
    });
}

/** A call from a desk phone to a room that is recorded; the one that stays last has the recording in its ledger. */
export function roomCall(
  recordingId: RecordingId,
  { agentId, staysMs, isLast }: { agentId?: number; staysMs: number; isLast: boolean },
): CallScript {
  const call = new CallScript();
  const conferenceId = 1 as ConferenceId;
  const { caller: leg } = call;
  call
    .happens(0, {
      ...{ kind: 'call-arrived', direction: 'internal', from: '2001', fromName: 'Desk' },
      ...{ to: '8100', node: 'pbx-1' },
    })
    .happens(0, { kind: 'leg-started', leg, role: 'caller', number: '2001' })
    .happens(20, { kind: 'leg-answered', leg })
    .happens(3_000, {
      ...{ kind: 'connected', leg },
      ...(agentId === undefined ? {} : { agentId: agentId as AgentId }),
    })
    .happens(0, { kind: 'conference-joined', conferenceId, name: 'Council', role: 'guest' })
    .happens(staysMs, {
      kind: 'conference-recorded',
      conferenceId,
      recordingId,
      recordedMs: staysMs,
    });
  if (isLast)
    call.happens(0, {
      ...{ kind: 'recording-ended', recordingId, conferenceId, recordedMs: staysMs },
      ...{ files: [`${recordingId}-room`], node: 'pbx-1' },
    });
  return call
    .happens(0, { kind: 'disconnected', talkedMs: staysMs })
    .happens(0, { kind: 'leg-ended', leg, cause: 16 })
    .happens(0, {
      ...{ kind: 'call-ended', result: 'answered', endedBy: 'caller', cause: 16 },
      reason: 'hung-up-16',
    });
}

/** Nobody answers; the caller leaves a message in an extension's box. */
export function voicemailCall(startedAt?: number, extensionId?: number): CallScript {
  const call = new CallScript(startedAt);
  return call
    .happens(0, {
      kind: 'call-arrived',
      direction: 'inbound',
      from: '+442079460113',
      fromName: '',
      to: '+448005550110',
      node: 'pbx-1',
    })
    .happens(0, { kind: 'leg-started', leg: call.caller, role: 'caller', number: '+442079460113' })
    .happens(40, { kind: 'leg-answered', leg: call.caller })
    .happens(30_000, {
      kind: 'voicemail-left',
      recordingId: call.recordingId,
      file: `${call.recordingId}-voicemail`,
      node: 'pbx-1',
      ...(extensionId === undefined ? {} : { extensionId: extensionId as ExtensionId }),
      durationMs: 21_500,
    })
    .happens(0, { kind: 'leg-ended', leg: call.caller, cause: 16 })
    .happens(0, {
      kind: 'call-ended',
      result: 'voicemail',
      endedBy: 'caller',
      cause: 16,
      reason: '',
    });
}
