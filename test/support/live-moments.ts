import {
  newCallId,
  type AgentId,
  type CallId,
  type ExtensionId,
  type QueueId,
  type SkillId,
} from '../../src/kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot, LiveWaiting } from '../../src/telephony/live.js';
import { liveQueue, NOTHING_SPECIAL } from './live-line.js';

/** Rows that the suites name. */
export const MARA = 1 as AgentId;
export const THEO = 2 as AgentId;
export const REPAIRS = 1 as QueueId;
export const BILLING = 2 as QueueId;
/** Mara has 80 of it. */
export const GERMAN = 1 as SkillId;
export const PHONE_2001 = 1 as ExtensionId;
export const PHONE_2002 = 2 as ExtensionId;
export const ADA = '+442079460123';

/** What happens at a moment, from the parts that a test cares about. */
export type Moment = Partial<Omit<LiveSnapshot, 'seq' | 'at' | 'agents'>> & {
  readonly mara?: Partial<LiveAgent>;
  readonly theo?: Partial<LiveAgent>;
};

const agent = (id: AgentId, name: string, changes: Partial<LiveAgent> = {}): LiveAgent => ({
  id,
  name,
  state: 'signed-out',
  since: Date.now() - 60_000,
  reason: '',
  extension: '',
  queues: [REPAIRS, BILLING],
  ...changes,
});

/** A call of a caller named Ada, in Repairs where it comes from outside, as the live picture has it. */
export const adasCall = (changes: Partial<LiveCall> = {}): LiveCall => ({
  id: newCallId(),
  direction: 'inbound',
  from: ADA,
  fromName: 'Ada Finch',
  to: '+448005550110',
  stage: 'queue',
  path: ['2 Repairs', '1 Washing machine'],
  language: 'en',
  startedAt: Date.now() - 120_000,
  stageSince: Date.now() - 106_000,
  recording: false,
  ...(changes.direction === 'internal' || changes.direction === 'outbound'
    ? {}
    : { queueId: REPAIRS }),
  ...changes,
});

/** A snapshot of a moment; without parts: two registered phones, everybody signed out, nobody in line. */
export function snapshotOf(moment: Moment, seq: number, at: number = Date.now()): LiveSnapshot {
  const { mara, theo, ...rest } = moment;
  return {
    seq,
    at,
    pbxOnline: true,
    queues: [liveQueue(REPAIRS, 'Repairs'), liveQueue(BILLING, 'Billing')],
    agents: [agent(MARA, 'Mara Quill', mara), agent(THEO, 'Theo Lark', theo)],
    calls: [],
    trunks: [],
    extensions: [
      { id: PHONE_2001, number: '2001', registered: true },
      { id: PHONE_2002, number: '2002', registered: true },
    ],
    ...rest,
  };
}

/** Somebody in line, `msAgo` after entering it. */
export const inLine = (callId: CallId, msAgo: number, place = 1): LiveWaiting => ({
  callId,
  from: ADA,
  name: 'Ada Finch',
  since: Date.now() - msAgo,
  place,
  ...NOTHING_SPECIAL,
});

/** Both queues, with those who wait in Repairs. */
export const queuesWith = (repairs: readonly LiveWaiting[]): LiveSnapshot['queues'] => [
  liveQueue(REPAIRS, 'Repairs', repairs),
  liveQueue(BILLING, 'Billing'),
];
