import type { Database } from '../../src/adapters/mysql/database.js';
import { newCallId, type AgentId, type QueueId, type TrunkId } from '../../src/kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot } from '../../src/telephony/live.js';
import { emptySnapshot } from './web.js';
import { liveQueue, NOTHING_SPECIAL } from './live-line.js';

/** Queues of a made-up company, in the order of their ids. */
export const QUEUES = ['Repairs', 'Orders & delivery', 'Billing', 'Sales', '中文服务'] as const;
const NAMES = [
  'Mara Quill',
  'Theo Lark',
  'Juno Hale',
  'Rhea Dunn',
  'Piet Somer',
  'Lena Pryce',
  '苏禾',
];
const STATES: readonly LiveAgent['state'][] = [
  'talking',
  'available',
  'ringing',
  'wrap-up',
  'not-ready',
  'phone-lost',
  'signed-out',
];
const STAGES = ['queue', 'talk', 'ring-extension', 'ivr', 'dial-outside', 'voicemail'];

/** Queues and today's calls: 90 answered, 6 abandoned, 3 overflowed, 1 still open, spread over the day so far. */
export async function addBusyDay(database: Database, now: number, dayStart: number): Promise<void> {
  await database('queues').insert(
    QUEUES.map((name) => ({ name, overflow: JSON.stringify({ kind: 'hangup' }) })),
  );
  const rows = Array.from({ length: 100 }, (_, index) => {
    const result = index < 90 ? 'answered' : index < 96 ? 'abandoned' : 'overflowed';
    const isOpen = index === 99;
    const startedAt = new Date(dayStart + ((now - dayStart) * index) / 100);
    return {
      id: newCallId(),
      started_at: startedAt,
      ended_at: isOpen ? null : startedAt,
      result: isOpen ? null : result,
      direction: 'inbound',
      from_number: `+4420794601${String(index).padStart(2, '0')}`,
      to_number: '+442079460100',
      node: 'pbx-1',
      queue_id: (index % QUEUES.length) + 1,
      wait_ms: (index % 30) * 1_000,
    };
  });
  await database('calls').insert(rows);
  await database('queue_visits').insert(
    rows.map((row) => ({
      ...{ call_id: row.id, n: 0, queue_id: row.queue_id, direction: row.direction, reason: '' },
      ...{ entered_at: row.started_at, left_at: row.ended_at, outcome: row.result },
      ...{ wait_ms: row.wait_ms, test: false },
    })),
  );
}

/** A moment in which agents of all states, callers in line and calls of all kinds are there. */
export function busySnapshot(seq: number): LiveSnapshot {
  const now = Date.now();
  const calls = STAGES.map((stage, index): LiveCall => ({
    id: newCallId(),
    direction: (['inbound', 'outbound', 'internal'] as const)[index % 3] ?? 'inbound',
    from: index % 3 === 2 ? '2107' : `+44207946011${String(index)}`,
    fromName: index === 0 ? 'Ada Finch' : '',
    to: '+442079460100',
    stage,
    path: [],
    language: 'en',
    startedAt: now - index * 31_000,
    stageSince: now - index * 11_000,
    queueId: ((index % QUEUES.length) + 1) as QueueId,
    recording: false,
  }));
  return {
    ...emptySnapshot(seq),
    calls,
    queues: QUEUES.map((name, index) =>
      liveQueue(
        (index + 1) as QueueId,
        name,
        calls.slice(0, 3 - index > 0 ? 3 - index : 0).map((call, place) => ({
          callId: call.id,
          from: call.from,
          name: call.fromName,
          since: now - 90_000 + place * 20_000,
          place: place + 1,
          ...NOTHING_SPECIAL,
        })),
      ),
    ),
    agents: NAMES.map((name, index): LiveAgent => ({
      id: (index + 1) as AgentId,
      name,
      state: STATES[index] ?? 'available',
      since: now - index * 60_000,
      reason: STATES[index] === 'not-ready' ? 'lunch' : '',
      extension: String(2_100 + index),
      queues: [((index % 4) + 2) as QueueId],
    })),
    trunks: [
      { id: 1 as TrunkId, name: 'Carrier A', online: true, channels: 38, maxChannels: 90 },
      { id: 2 as TrunkId, name: 'Carrier B', online: false, channels: 0, maxChannels: 30 },
    ],
  };
}
