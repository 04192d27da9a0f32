import { meanOfSums } from '../../../engines/reporting/intervals.js';
import { wilsonInterval } from '../../../engines/reporting/intervals.js';
import {
  counted,
  lasting,
  ratio,
  type Figure,
  type ReportDefinition,
} from '../report-definition.js';
import { COSTS } from './costs.js';
import { ALL_UNITS } from './units.js';

const CALLS = counted('calls', 'calls.calls');
const INBOUND = counted('inbound', 'calls.inbound');
const OUTBOUND = counted('outbound', 'calls.outbound');

/** What became of calls, whatever they are counted by. */
const CONNECTIONS = [
  CALLS,
  INBOUND,
  OUTBOUND,
  counted('connected', 'calls.connected'),
  ratio('connect-rate-out', 'share', (of) => of('calls.connectedOut'), 'calls.outbound'),
  counted('calls-failed', 'calls.failed'),
  lasting('talk-all', 'calls.talkMs', 'calls.talked'),
  ratio('talk-of-connected', 'duration', (of) => of('calls.talkMs'), 'calls.connected'),
];

/** How many calls came, and how far each came. */
export const DIDS: ReportDefinition = {
  slug: 'dids',
  icon: 'hash',
  sources: ['calls', 'costs'],
  subjects: [{ key: 'did' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('entered', 'calls.calls'),
    counted('reached-contained', 'calls.reachedContained'),
    counted('reached-left', 'calls.reachedLeft'),
    counted('reached-queue', 'calls.reachedQueue'),
    counted('reached-person', 'calls.reachedPerson'),
    counted('reached-voicemail', 'calls.reachedVoicemail'),
    counted('reached-elsewhere', 'calls.reachedElsewhere'),
    counted('reached-open', 'calls.reachedOpen'),
    ratio('deflection', 'share', (of) => of('calls.reachedContained'), 'calls.calls'),
    ...COSTS,
  ],
  sum: {
    whole: 'entered',
    parts: [
      ...['reached-contained', 'reached-left', 'reached-queue', 'reached-person'],
      ...['reached-voicemail', 'reached-elsewhere', 'reached-open'],
    ],
  },
  chart: [
    'reached-queue',
    'reached-person',
    'reached-contained',
    'reached-voicemail',
    'reached-left',
    'reached-elsewhere',
  ],
  heat: ['entered'],
};

/** Calls in and out over the whole site. */
export const VOLUME: ReportDefinition = {
  slug: 'calls',
  icon: 'phone',
  sources: ['calls'],
  subjects: [{ key: 'direction' }],
  units: ALL_UNITS,
  usualBy: 'day',
  counts: 'calls',
  columns: [...CONNECTIONS, lasting('recorded', 'calls.recordedMs', 'calls.recorded')],
  tiles: [
    { column: 'calls' },
    { column: 'inbound' },
    { column: 'outbound', small: 'connect-rate-out' },
    { column: 'talk-all' },
  ],
  heat: ['calls', 'inbound', 'outbound'],
};

export const TRUNKS: ReportDefinition = {
  slug: 'trunks',
  icon: 'network',
  sources: ['calls', 'costs'],
  subjects: [{ key: 'trunk' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [...CONNECTIONS, ...COSTS],
  heat: ['calls'],
};

/** What callers did in flows without anybody. */
export const FLOWS: ReportDefinition = {
  slug: 'flows',
  icon: 'sitemap',
  sources: ['flows'],
  subjects: [{ key: 'flow' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('flow-entered', 'flows.entered'),
    counted('contained', 'flows.contained'),
    ratio('self-service', 'share', (of) => of('flows.contained'), 'flows.entered'),
    counted('handed', 'flows.handed'),
    counted('dropped', 'flows.dropped'),
    counted('passed', 'flows.passed'),
    counted('flow-failed', 'flows.failed'),
    counted('flow-misrouted', 'flows.misrouted'),
    ratio('flow-time', 'duration', (of) => of('flows.flowMs'), 'flows.entered'),
  ],
  sum: {
    whole: 'flow-entered',
    parts: ['contained', 'handed', 'dropped', 'passed', 'flow-failed'],
  },
  heat: ['flow-entered', 'self-service'],
};

/** Dials of campaigns and what they came to. */
export const CAMPAIGNS: ReportDefinition = {
  slug: 'campaigns',
  icon: 'speakerphone',
  sources: ['attempts', 'costs'],
  subjects: [{ key: 'campaign' }, { key: 'result' }],
  units: ALL_UNITS,
  counts: 'dials',
  columns: [
    counted('dials', 'attempts.dials'),
    counted('dial-answered', 'attempts.answered'),
    ratio('connect-rate', 'share', (of) => of('attempts.answered'), 'attempts.dials'),
    counted('human', 'attempts.human'),
    counted('dial-abandoned', 'attempts.abandoned'),
    ratio('dial-abandon-rate', 'share', (of) => of('attempts.abandoned'), 'attempts.metPeople'),
    counted('machine', 'attempts.machine'),
    counted('no-answer', 'attempts.noAnswer'),
    counted('busy', 'attempts.busy'),
    counted('invalid', 'attempts.invalid'),
    counted('dial-failed', 'attempts.failed'),
    ratio('dial-talk', 'duration', (of) => of('attempts.connectedMs'), 'attempts.human'),
    ...COSTS,
  ],
  heat: ['dials', 'connect-rate'],
};

const scoreOf = (of: Figure) =>
  meanOfSums(
    of('scores.scores'),
    of('scores.scoreSum') / 1_000,
    of('scores.scoreSquares') / 1e6,
    [0, 1],
  );

/** Surveys: how many were asked, who answered, and how good it was. */
export const SURVEYS: ReportDefinition = {
  slug: 'surveys',
  icon: 'stars',
  sources: ['surveys', 'scores'],
  subjects: [{ key: 'survey' }, { key: 'queue' }, { key: 'agent' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('asked', 'surveys.asked'),
    counted('survey-begun', 'surveys.begun'),
    counted('replied', 'surveys.replied'),
    ratio('response-rate', 'share', (of) => of('surveys.replied'), 'surveys.asked'),
    {
      ...{ key: 'response-interval', kind: 'interval', calls: 'surveys.asked' },
      value: (of) => wilsonInterval(of('surveys.replied'), of('surveys.asked')),
    },
    counted('survey-completed', 'surveys.completed'),
    counted('scores', 'scores.scores'),
    {
      ...{ key: 'score', kind: 'share', calls: 'scores.scores' },
      value: (of) => scoreOf(of)?.mean,
    },
    {
      ...{ key: 'score-interval', kind: 'interval', calls: 'scores.scores' },
      value: (of) => scoreOf(of)?.interval,
    },
  ],
};
