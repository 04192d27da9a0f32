import fc from 'fast-check';
import { drawDesk } from '../../../src/features/workspace/desk-picture.js';
import type { AgentId, CallId, QueueId } from '../../../src/kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot } from '../../../src/telephony/live.js';
import { liveQueue, NOTHING_SPECIAL } from '../../support/live-line.js';

const NUMBERS = ['2001', '2002', '2003', '+442079460123', ''] as const;
const EXTENSIONS = ['2001', '2002', ''] as const;
const number = fc.constantFrom(...NUMBERS);
const instant = fc.integer({ min: 0, max: 1_000_000 });
const callId = fc.constantFrom('A', 'B', 'C', 'D').map((id) => id as CallId);
const queueId = fc.constantFrom(1, 2, 3).map((id) => id as QueueId);
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });

/** Leaves out what is undefined, as the live picture does. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

const call = fc
  .record({
    id: callId,
    direction: fc.constantFrom('inbound', 'outbound', 'internal'),
    from: number,
    fromName: fc.string(),
    to: number,
    other: maybe(number),
    stage: fc.constantFrom('ivr', 'queue', 'ring-extension', 'talk', 'dial-outside', 'desk-code'),
    queueId: maybe(queueId),
    connectedAt: maybe(instant),
    startedAt: instant,
    stageSince: instant,
    recording: fc.boolean(),
  })
  .map((parts) => compact({ ...parts, path: [], language: 'en' }) as LiveCall);

const agent = (id: number) =>
  fc
    .record({
      state: fc.constantFrom(
        'signed-out',
        'not-ready',
        'available',
        'ringing',
        'talking',
        'wrap-up',
        'phone-lost',
      ),
      extension: fc.constantFrom(...EXTENSIONS),
      queues: fc.uniqueArray(queueId),
      callId: maybe(callId),
      since: instant,
      reason: fc.string(),
    })
    .map(
      (parts) => compact({ ...parts, id: id as AgentId, name: `Agent ${String(id)}` }) as LiveAgent,
    );

const snapshot: fc.Arbitrary<LiveSnapshot> = fc
  .record({
    agents: fc.tuple(agent(1), agent(2)),
    calls: fc.uniqueArray(call, { selector: ({ id }) => id }),
    waiting: fc.array(fc.record({ callId, since: instant }), { maxLength: 8, size: 'max' }),
  })
  .map(({ agents, calls, waiting }) => ({
    seq: 1,
    at: 1_000_000,
    pbxOnline: true,
    agents,
    calls,
    queues: [1, 2, 3].map((id) =>
      liveQueue(
        id as QueueId,
        `Queue ${String(id)}`,
        waiting.map((one) => ({ ...one, from: '', name: '', place: 1, ...NOTHING_SPECIAL })),
      ),
    ),
    trunks: [],
    extensions: [],
  }));

describe("an agent's desk, whatever happens", () => {
  it('shows no call but the own: given by the calls, ringing or held at the own phone, or dialed there', () => {
    fc.assert(
      fc.property(snapshot, (now) => {
        const desk = drawDesk(now, 1 as AgentId);
        if (!desk?.call) return true;
        const { agent: me } = desk;
        const { call: shown } = desk.call;
        const isMine =
          shown.id === me.callId ||
          (me.extension !== '' && (shown.other === me.extension || shown.from === me.extension));
        return isMine && me.state !== 'signed-out';
      }),
    );
  });

  it('lists exactly the own queues', () => {
    fc.assert(
      fc.property(snapshot, (now) => {
        const desk = drawDesk(now, 1 as AgentId);
        const own = new Set(desk?.agent.queues);
        return desk?.queues.length === own.size && desk.queues.every(({ id }) => own.has(id));
      }),
    );
  });

  it('has a call in the modes that show one, and none while signed out', () => {
    fc.assert(
      fc.property(snapshot, (now) => {
        const desk = drawDesk(now, 1 as AgentId);
        if (desk?.mode === 'signed-out' || desk?.mode === 'idle') return desk.call === undefined;
        return desk?.mode !== 'calling' || desk.call !== undefined;
      }),
    );
  });
});
