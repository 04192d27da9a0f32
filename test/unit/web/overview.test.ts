import { expect } from 'chai';
import { abandonRate, serviceLevel } from '../../../src/engines/reporting/service.js';
import { overviewValues } from '../../../src/features/home/overview-topic.js';
import { quarterChart } from '../../../src/features/home/quarter-chart.js';
import { NO_VISITS, type Today } from '../../../src/features/home/today.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { AgentId, CallId, QueueId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import type { ReasonParts } from '../../../src/features/not-ready-reasons/index.js';
import type { DirectorySnapshot } from '../../../src/telephony/directory.js';
import type { LiveAgent, LiveCall, LiveSnapshot } from '../../../src/telephony/live.js';
import type { LiveViewer } from '../../../src/web/kit/index.js';
import { emptySnapshot } from '../../support/web.js';
import { liveQueue, NOTHING_SPECIAL } from '../../support/live-line.js';

const reader = { language: 'en', zone: 'Europe/London', country: 'GB' } as const;
const viewer: LiveViewer = {
  ...reader,
  actor: SYSTEM_ACTOR,
  t: (key, params) => (params ? `${key} ${JSON.stringify(params)}` : key),
};
const NOW = Date.parse('2026-11-24T10:42:07Z');
const REPAIRS = 3 as QueueId;
const counts = {
  ...NO_VISITS,
  offered: 10,
  answered: 7,
  abandoned: 2,
  short: 1,
  open: 1,
  inTime: 6,
  answeredWaitMs: 70_000,
};
const day = siteDayOf(NOW, reader.zone);
const today: Today = {
  ...day,
  readAt: NOW,
  queues: [{ id: REPAIRS, name: 'Repairs', targetMs: 20_000, ...counts }],
  total: counts,
  quarters: [{ startAt: Date.parse('2026-11-24T10:30:00Z'), ...counts }],
  voicemailsNotHeard: 4,
};
const LUNCH = {
  code: 'lunch',
  icon: 'coffee',
  isActive: true,
  agentsMayChoose: true,
  dayLimitMs: 0,
};
const agentIn = (id: number, state: LiveAgent['state']): LiveAgent => ({
  id: id as AgentId,
  name: `Agent ${String(id)}`,
  state,
  since: NOW - id * 1_000,
  reason: state === 'not-ready' ? 'lunch' : '',
  extension: '2100',
  queues: [REPAIRS],
});
const reasons: ReasonParts = {
  directory: {
    current: {
      notReadyReasons: new Map([
        ['lunch', { ...LUNCH, names: { en: 'Lunch', 'zh-CN': '用餐' }, limitMs: 60_000 }],
      ]),
    } as object as DirectorySnapshot,
  },
  today: { usedBefore: () => new Map(), countedFrom: (since) => since },
};
const snapshot = (fields: Partial<LiveSnapshot>): LiveSnapshot => ({
  ...emptySnapshot(1),
  at: NOW,
  queues: [
    liveQueue(
      REPAIRS,
      'Repairs',
      [1, 2].map((place) => ({
        callId: String(place) as CallId,
        from: '1',
        name: '',
        since: NOW - 100_000 + place,
        place,
        ...NOTHING_SPECIAL,
      })),
    ),
  ],
  ...fields,
});

describe('live overview', () => {
  it('shows a queue as stuck while callers wait and nobody is free', () => {
    const stuck = overviewValues(
      snapshot({ agents: [agentIn(1, 'talking'), agentIn(2, 'wrap-up')] }),
      today,
      viewer,
      reasons,
    );
    expect(stuck).to.include({ alarms: '3', 'queue:3.tone': 'bad', 'queue:3.waiting': 2 });
    expect(stuck['alarm:3.text']).to.include('"wrapUp":1');
    const free = overviewValues(
      snapshot({ agents: [agentIn(1, 'available')] }),
      today,
      viewer,
      reasons,
    );
    expect(free).to.include({ alarms: '', 'queue:3.tone': '', 'kpi.longest-flag': '' });
  });

  it('puts a call for help before all other alarms', () => {
    const call: LiveCall = {
      ...{ id: 'c' as CallId, direction: 'outbound', from: '2001', fromName: 'Ada', to: '999' },
      ...{ stage: 'talk', path: [], language: 'en', startedAt: NOW - 5_000, stageSince: NOW },
      ...{ recording: false, isForHelp: true },
    };
    const values = overviewValues(
      snapshot({ agents: [agentIn(1, 'talking')], calls: [call] }),
      ...([today, viewer, reasons] as const),
    );
    expect(values).to.include({ alarms: 'c 3', 'alarm:c.href': '/calls/c' });
    expect(values['alarm:c.text']).to.include('"number":"999"').and.include('2001 Ada');
  });

  it('takes the longest wait from the caller who came first', () => {
    const values = overviewValues(snapshot({}), today, viewer, reasons);
    expect(values['kpi.longest']).to.equal(NOW - 99_999);
    expect(values['kpi.waiting']).to.equal(2);
  });

  it('counts agents of all states but signed out, and shares the bar without gaps in sum', () => {
    const states = ['talking', 'talking', 'available', 'not-ready', 'signed-out'] as const;
    const agents = states.map((state, index) => agentIn(index, state));
    const values = overviewValues(snapshot({ agents }), today, viewer, reasons);
    expect(values['agents.signed-in']).to.include('"count":4');
    expect(values).to.include({ 'state:talking.count': 2, 'state:available.x': '50.00%' });
    expect(values['state:not-ready.note']).to.equal('Lunch 1');
  });

  it('names who is not ready for longer than the reason allows, in red', () => {
    const values = overviewValues(
      snapshot({ agents: [agentIn(70, 'not-ready'), agentIn(5, 'not-ready')] }),
      today,
      viewer,
      reasons,
    );
    expect(values).to.include({
      'state:not-ready.tone': 'alarm',
      'state:not-ready.icon': 'alert-triangle',
    });
    expect(values['state:not-ready.note']).to.include('home.over-limit').and.include('Agent 70');
    expect(values['state:not-ready.note']).not.to.include('Agent 5');
  });

  it('says "–" for figures that are not known, and never 0', () => {
    const values = overviewValues(undefined, undefined, viewer, reasons);
    expect(values).to.include({
      'kpi.answered': '–',
      'kpi.level': '–',
      'kpi.channels': '–',
      queues: '',
    });
  });

  it('computes service level and average wait from the counts', () => {
    const values = overviewValues(snapshot({}), today, viewer, reasons);
    expect(serviceLevel(counts)).to.be.closeTo(6 / 8, 1e-9);
    expect(abandonRate(counts)).to.be.closeTo(1 / 9, 1e-9);
    expect(values).to.include({
      'queue:3.level': '75.0%',
      'queue:3.asa': '0:10',
      'kpi.answered-share': '70.0%',
      'kpi.abandoned-share': '11.1%',
    });
    expect(values['kpi.level-tone']).to.equal('bad');
  });
});

describe('the day by quarter hours', () => {
  it('stacks bars up from the base and marks the quarter that runs', () => {
    const chart = quarterChart(today, NOW, reader);
    const [column] = chart.columns;
    expect(column).to.include({ time: '10:30', isOpen: true, level: '75.0%' });
    const heights = column?.bars.map((bar) => Number(bar.height)) ?? [];
    const lowest = Math.max(
      ...(column?.bars.map((bar) => Number(bar.y) + Number(bar.height)) ?? []),
    );
    expect(lowest).to.be.closeTo(206, 0.2);
    expect(heights.reduce((sum, height) => sum + height, 0)).to.be.closeTo(
      206 - Math.min(...(column?.bars.map((bar) => Number(bar.y)) ?? [])),
      0.5,
    );
  });

  it('shows 08:00 to 18:00 and more where calls came earlier or later', () => {
    expect(quarterChart(today, NOW, reader).hours.map((hour) => hour.label)).to.include.members([
      '08:00',
      '18:00',
    ]);
    const early = { ...today, quarters: [{ startAt: day.startAt, ...counts }] };
    expect(quarterChart(early, NOW, reader).hours[0]?.label).to.equal('00:00');
  });

  it('is one day long also when the clocks change', () => {
    const spring = siteDayOf(Date.parse('2026-03-29T12:00:00Z'), 'Europe/London');
    expect(spring.endAt - spring.startAt).to.equal(23 * 3_600_000);
    const india = siteDayOf(Date.parse('2026-03-29T12:00:00Z'), 'Asia/Kolkata');
    const empty = { ...today, ...india, quarters: [] };
    const chart = quarterChart(empty, india.startAt + 36_000_000, {
      ...reader,
      zone: 'Asia/Kolkata',
    });
    expect(chart.hours[0]?.label).to.equal('08:00');
  });
});
