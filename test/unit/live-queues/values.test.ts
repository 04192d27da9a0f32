import { expect } from 'chai';
import { agentGroupValues } from '../../../src/features/live-queues/agent-groups.js';
import type { BoardSources } from '../../../src/features/live-queues/board.js';
import { LiveLookup } from '../../../src/features/live-queues/live-lookup.js';
import { averageHandleTime } from '../../../src/features/live-queues/live-queue-reports.js';
import { liveQueueTopics, queueBoardValues } from '../../../src/features/live-queues/topics.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { AgentId, CallbackId, CallId, QueueId } from '../../../src/kernel/ids.js';
import type { DirectorySnapshot } from '../../../src/telephony/directory.js';
import type { LiveDecision, LiveQueue, LiveWaiting } from '../../../src/telephony/live.js';
import type { LiveValues, LiveViewer } from '../../../src/web/kit/index.js';
import { liveQueue, NOTHING_SPECIAL } from '../../support/live-line.js';
import {
  adasCall,
  MARA,
  REPAIRS,
  snapshotOf,
  THEO,
  type Moment,
} from '../../support/live-moments.js';

const NOW = Date.parse('2026-11-24T10:42:07Z');
const viewer: LiveViewer = {
  language: 'en',
  zone: 'Europe/London',
  country: 'GB',
  actor: SYSTEM_ACTOR,
  t: (key, params) => (params ? `${key} ${JSON.stringify(params)}` : key),
};
const directory = {
  current: {
    queues: new Map([
      [REPAIRS, { id: REPAIRS, name: 'Repairs', serviceLevelMs: 60_000, requirements: [] }],
      [2 as QueueId, { id: 2, name: 'Billing', serviceLevelMs: 20_000, requirements: [] }],
    ]),
    agents: new Map(),
    skills: new Map(),
    notReadyReasons: new Map(),
  } as object as DirectorySnapshot,
};
const sources = (changes: Partial<BoardSources> = {}): BoardSources => ({
  directory,
  reasons: { directory, today: { usedBefore: () => new Map(), countedFrom: (since) => since } },
  today: () => undefined,
  decisions: () => [],
  priorityOrigin: () => undefined,
  callsToday: () => undefined,
  handleTime: () => undefined,
  ...changes,
});
const waits = (id: string, changes: Partial<LiveWaiting> = {}): LiveWaiting => ({
  callId: id as CallId,
  from: '+442079460123',
  name: 'Ada Finch',
  since: NOW - 30_000,
  place: 1,
  ...NOTHING_SPECIAL,
  ...changes,
});
function board(
  waiting: readonly LiveWaiting[],
  changes: { queue?: Partial<LiveQueue>; moment?: Moment; sources?: Partial<BoardSources> } = {},
): LiveValues {
  const queue = { ...liveQueue(REPAIRS, 'Repairs', waiting), ...changes.queue };
  const snapshot = snapshotOf({ queues: [queue], ...changes.moment }, 1, NOW);
  return queueBoardValues(REPAIRS, snapshot, sources(changes.sources), viewer);
}

describe('the values of the list of agents', () => {
  const groups = (grouping: 'state' | 'queue') =>
    agentGroupValues(
      grouping,
      snapshotOf({ mara: { state: 'talking' }, theo: { queues: [] } }, 1, NOW),
      sources(),
      viewer,
    );

  it('group by state, in the order of the list, and hide what is empty', () => {
    const values = groups('state');
    expect(values).to.include({
      'group:state-talking': '1',
      'group:state-signed-out': '2',
      'group:state-available': '',
      'group:state-available.some': false,
    });
    expect(values['group:state-talking.count']).to.include('"signedIn":1');
  });

  it('group by queue: in each of their queues, and those without one', () => {
    expect(groups('queue')).to.include({
      'group:queue-1': '1',
      'group:queue-2': '1',
      'group:queue-none': '2',
    });
  });
});

describe('the average handle time', () => {
  it('is talk and wrap-up by call, and nothing without a call', () => {
    const row = { agentId: MARA, queueId: REPAIRS };
    expect(averageHandleTime([])).to.equal(undefined);
    expect(
      averageHandleTime([
        { ...row, calls: 2, talkMs: 200_000, wrapUpMs: 40_000 },
        { ...row, calls: 1, talkMs: 60_000, wrapUpMs: 0 },
      ]),
    ).to.equal(100_000);
  });
});

describe('the values of a live queue', () => {
  it('say how many are not drawn', () => {
    const values = board([waits('A')], { queue: { waitingCount: 1_000 } });
    expect(values).to.include({ 'kpi.line': 1_000, 'tab:1.count': 1_000 });
    expect(values['line.more']).to.equal('live-queues.line-more {"count":999}');
    expect(board([waits('A')])['line.more']).to.equal('');
  });

  it('count callers and callbacks in one line, and keep the order of the distribution', () => {
    const values = board([
      waits('B', { place: 1 }),
      waits('A', { place: 2, callbackId: 'C' as CallbackId }),
    ]);
    expect(values).to.include({ line: 'B A', 'kpi.line': 2, 'call:A.isCallback': true });
    expect(values['kpi.line-note']).to.equal(
      'live-queues.callers-callbacks {"callers":1,"callbacks":1}',
    );
    expect(values['call:A.canEnd']).to.equal(false);
  });

  it('let the bar grow in steps towards the target, and warn before it is reached', () => {
    const at = (ms: number) => {
      const values = board([waits('A', { since: NOW - ms })]);
      return [values['call:A.bar'], values['call:A.tone'], values['kpi.longest-tone']];
    };
    expect(at(5_000)).to.deep.equal([0, 'b', '']);
    expect(at(31_000)).to.deep.equal([29, 'w', '']);
    expect(at(61_000)).to.deep.equal([58, 'bad', 'bad']);
    expect(at(600_000)).to.deep.equal([58, 'bad', 'bad']);
  });

  it('name the next step: ringing before a wait for one agent, that before the overflow', () => {
    const until = NOW + 9_000;
    const next = (changes: Partial<LiveWaiting>) => {
      const values = board([waits('A', changes)]);
      return [values['call:A.next'], values['call:A.nextAt'], values['call:A.with']];
    };
    const overflowsAt = NOW + 90_000;
    const waitsFor = { agent: MARA, until };
    expect(next({ overflowsAt })).to.deep.equal(['live-queues.overflows', overflowsAt, '']);
    expect(next({ overflowsAt, waitsFor })).to.deep.equal([
      'live-queues.waits-for {"name":"Mara Quill"}',
      until,
      '1',
    ]);
    expect(next({ overflowsAt, offeredTo: [THEO] })).to.deep.equal([
      'live-queues.rings {"names":"Theo Lark"}',
      null,
      '2',
    ]);
    expect(next({ notBefore: until, callbackId: 'C' as CallbackId })).to.deep.equal([
      'live-queues.not-before',
      until,
      '',
    ]);
  });

  it('say why somebody has a priority: by hand before the rules', () => {
    const why = (setBy?: string) =>
      board([waits('A', { priority: 30 })], {
        sources: {
          priorityOrigin: () => ({
            reasons: ['rule-vip:Gold'],
            ...(setBy === undefined ? {} : { setBy }),
          }),
        },
      })['call:A.priorityWhy'];
    expect(why()).to.contain('decision.rule-vip');
    expect(why('Ines Holm')).to.equal('live-queues.set-by {"name":"Ines Holm"}');
    expect(board([waits('A')])['call:A.priorityWhy']).to.equal('');
  });

  it('raise a priority by ten, to a hundred at most', () => {
    expect(board([waits('A', { priority: 30 })])['call:A.raised']).to.equal(40);
    expect(board([waits('A', { priority: 95 })])['call:A.raised']).to.equal(100);
  });

  it('tell of a stall after three seconds, with a way to the caller who waits', () => {
    const moment: Moment = { mara: { state: 'available' }, theo: { state: 'available' } };
    const stall = (stalledMs: number) => board([waits('A')], { queue: { stalledMs }, moment });
    expect(stall(2_900)).to.include({ stall: '' });
    expect(stall(3_000)).to.include({
      stall: 'live-queues.stall {"agents":2}',
      'stall.href': '/live/queues/1/calls/A/why',
      'stall.since': NOW - 3_000,
    });
  });

  it('show agents by what they do, with what comes next and the call that they have', () => {
    const call = adasCall();
    const values = board([], {
      moment: {
        calls: [call],
        mara: { state: 'available' },
        theo: { state: 'talking', callId: call.id, next: 'not-ready', reason: 'lunch' },
      },
      sources: { callsToday: (agent: AgentId) => (agent === THEO ? 7 : 0) },
    });
    expect(values).to.include({
      agents: '2 1',
      'agent:2.with': 'Ada Finch',
      'agent:2.next': 'live-queues.then {"state":"not-ready.lunch"}',
      'agent:2.calls': '7',
      'kpi.free': 1,
    });
  });

  it('list decisions with whom they are about: who is offered, and who was passed over', () => {
    const decision: LiveDecision = {
      at: NOW,
      callId: 'A' as CallId,
      from: '',
      name: 'Ada Finch',
      queueId: REPAIRS,
      agentId: THEO,
      agentName: 'Theo Lark',
      reasons: ['skipped-talking:Mara Quill'],
    };
    const values = board([], { sources: { decisions: () => [decision, decision] } });
    const [first = '', second] = String(values['decisions']).split(' ');
    expect(second).to.equal(`${first}-1`);
    expect(values[`decision:${first}.about`]).to.equal('2 1');
    expect(values[`decision:${first}.at`]).to.equal('10:42:07');
  });

  it('show the expected wait with its error, and whether callers hear it', () => {
    const newCaller = { expectedMs: 338_000, errorMs: 71_000, isTold: true };
    expect(board([], { queue: { newCaller } })).to.include({
      'kpi.expected': '5:40',
      'kpi.expected-note': 'live-queues.expected-told {"error":"1:10"}',
    });
    expect(board([])).to.include({ 'kpi.expected': '–' });
  });

  it('stand in the topic of the queue; there is none for a queue that is not there', () => {
    const { family } = liveQueueTopics(sources(), () => () => undefined);
    expect(family.topic('1')?.name).to.equal('queue:1');
    expect(family.topic('99')).to.equal(undefined);
    expect(family.topic('nonsense')).to.equal(undefined);
  });
});

describe('what is looked up beside live values', () => {
  it('is read once for all that is asked for together, and again for another revision', async () => {
    const asked: (readonly string[])[] = [];
    let value = 1;
    const lookup = new LiveLookup<string, number>(
      (keys) => {
        asked.push(keys);
        return Promise.resolve(new Map(keys.map((key) => [key, value])));
      },
      (error) => {
        throw error;
      },
    );
    let told = 0;
    lookup.onChange(() => (told += 1));
    expect([lookup.get('a', 1), lookup.get('b', 1)]).to.deep.equal([undefined, undefined]);
    await lookup.ready();
    expect([lookup.get('a', 1), lookup.get('b', 1)]).to.deep.equal([1, 1]);
    value = 2;
    expect(lookup.get('a', 2)).to.equal(1);
    await lookup.ready();
    expect(lookup.get('a', 2)).to.equal(2);
    expect(asked).to.deep.equal([['a', 'b'], ['a']]);
    expect(told).to.equal(2);
  });

  it('keeps what was known while it cannot be read, and asks again at the next look', async () => {
    const errors: unknown[] = [];
    let isAway = true;
    const lookup = new LiveLookup<string, number>(
      () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(new Map([['a', 1]]))),
      (error) => errors.push(error),
    );
    lookup.get('a', 1);
    await lookup.ready();
    expect(errors).to.have.length(1);
    isAway = false;
    expect(lookup.get('a', 1)).to.equal(undefined);
    await lookup.ready();
    expect(lookup.get('a', 1)).to.equal(1);
  });
});
