import {
  abandonRate,
  answerRate,
  serviceLevel,
  type ServedVisits,
} from '../../../engines/reporting/service.js';
import {
  counted,
  lasting,
  ratio,
  type Figure,
  type ReportColumn,
  type ReportDefinition,
} from '../report-definition.js';
import { ALL_UNITS } from './units.js';

const visitsOf = (of: Figure): ServedVisits => ({
  ...{ offered: of('visits.offered'), answered: of('visits.answered') },
  ...{ abandoned: of('visits.abandoned'), short: of('visits.short') },
  inTime: of('visits.inTime'),
});

const OFFERED = counted('offered', 'visits.offered');
const ANSWERED = counted('answered', 'visits.answered');
const ABANDONED = counted('abandoned', 'visits.abandoned');
const SHORT = counted('short', 'visits.short');
const SERVICE_LEVEL: ReportColumn = {
  ...{ key: 'service-level', kind: 'share', calls: 'visits.rated' },
  value: (of) => serviceLevel(visitsOf(of)),
};
const ABANDON_RATE: ReportColumn = {
  ...{ key: 'abandon-rate', kind: 'share', calls: 'visits.notShort' },
  value: (of) => abandonRate(visitsOf(of)),
};
const AVERAGE_WAIT = ratio(
  'average-wait',
  'duration',
  (of) => of('visits.answeredWaitMs'),
  'visits.answered',
);
const ABANDONED_WAIT = ratio(
  'abandoned-wait',
  'duration',
  (of) => of('visits.abandonedWaitMs'),
  'visits.lost',
);

/** What became of callers in queues. */
export const QUEUES: ReportDefinition = {
  slug: 'queues',
  icon: 'users-group',
  sources: ['visits', 'talks', 'wrapUps'],
  subjects: [{ key: 'queue' }],
  units: ALL_UNITS,
  isOfAll: true,
  counts: 'visits',
  columns: [
    OFFERED,
    ANSWERED,
    {
      ...{ key: 'answer-rate', kind: 'share', calls: 'visits.offered' },
      value: (of) => answerRate(visitsOf(of)),
    },
    ABANDONED,
    SHORT,
    ABANDON_RATE,
    counted('overflowed', 'visits.overflowed'),
    counted('callback', 'visits.callback'),
    counted('closed', 'visits.closed'),
    SERVICE_LEVEL,
    AVERAGE_WAIT,
    ABANDONED_WAIT,
    lasting('longest-wait', 'visits.longestWaitMs', 'visits.offered'),
    ratio('talk', 'duration', (of) => of('talks.talkMs'), 'talks.talks'),
    ratio('hold', 'duration', (of) => of('talks.holdMs'), 'talks.talks'),
    ratio('queue-wrap-up', 'duration', (of) => of('wrapUps.wrapUpMs'), 'wrapUps.wrapUps'),
    ratio(
      'queue-handling',
      'duration',
      (of) => of('talks.talkMs') + of('wrapUps.wrapUpMs'),
      'talks.talks',
    ),
    counted('estimated', 'visits.estimated'),
    ratio('estimate-error', 'duration', (of) => of('visits.estimateErrorMs'), 'visits.estimated'),
    ratio('estimate-within', 'share', (of) => of('visits.estimateWithin'), 'visits.estimated'),
  ],
  tiles: [
    { column: 'offered' },
    { column: 'answered', small: 'answer-rate' },
    {
      column: 'abandoned',
      small: 'abandon-rate',
      note: { text: 'reports.short-note', column: 'short' },
    },
    { column: 'service-level' },
    { column: 'average-wait', note: { text: 'reports.abandoned-note', column: 'abandoned-wait' } },
  ],
  sum: {
    whole: 'offered',
    parts: ['answered', 'abandoned', 'overflowed', 'callback', 'closed'],
    optional: ['waiting'],
  },
  chart: ['answered', 'abandoned', 'overflowed', 'callback', 'closed', 'waiting'],
  heat: ['offered', 'service-level'],
};

/** How well callers were served in each quarter of an hour. */
export const SERVICE: ReportDefinition = {
  slug: 'service-level',
  icon: 'gauge',
  sources: ['visits'],
  subjects: [{ key: 'queue' }],
  units: ALL_UNITS,
  usualBy: 'quarter',
  counts: 'visits',
  columns: [
    OFFERED,
    ANSWERED,
    counted('in-time', 'visits.inTime'),
    SERVICE_LEVEL,
    AVERAGE_WAIT,
    ABANDONED,
    ABANDON_RATE,
    lasting('longest-wait', 'visits.longestWaitMs', 'visits.offered'),
  ],
  tiles: [{ column: 'offered' }, { column: 'service-level' }, { column: 'average-wait' }],
  heat: ['service-level', 'abandon-rate'],
};

/** How long callers waited, and at which waits they gave up. */
export const WAITS: ReportDefinition = {
  slug: 'abandoned-waits',
  icon: 'clock-x',
  sources: ['visits'],
  subjects: [{ key: 'wait' }],
  units: ALL_UNITS,
  isByName: true,
  counts: 'visits',
  columns: [
    OFFERED,
    ANSWERED,
    ABANDONED,
    ratio('abandoned-here', 'share', (of) => of('visits.abandoned'), 'visits.offered'),
    ABANDONED_WAIT,
    AVERAGE_WAIT,
  ],
  heat: ['abandoned'],
};

/** Callers who chose to be called back, and those whom a rule sent on. */
export const CALLBACKS: ReportDefinition = {
  slug: 'callbacks',
  icon: 'phone-incoming',
  sources: ['callbacks', 'visits'],
  subjects: [{ key: 'queue' }, { key: 'agent' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('promised', 'callbacks.promised'),
    counted('callback-done', 'callbacks.done'),
    ratio(
      'kept',
      'share',
      (of) => of('callbacks.done') + of('callbacks.returned'),
      'callbacks.promised',
    ),
    counted('callback-returned', 'callbacks.returned'),
    counted('callback-failed', 'callbacks.failed'),
    counted('callback-cancelled', 'callbacks.cancelled'),
    counted('callback-lapsed', 'callbacks.lapsed'),
    counted('callback-open', 'callbacks.open'),
    ratio('until-done', 'duration', (of) => of('callbacks.untilDoneMs'), 'callbacks.done'),
    counted('overflowed', 'visits.overflowed'),
  ],
  sum: {
    whole: 'promised',
    parts: [
      'callback-done',
      'callback-returned',
      'callback-failed',
      'callback-cancelled',
      'callback-lapsed',
      'callback-open',
    ],
  },
};

/** Callers who came to the same queue again within a week. */
export const REPEATS: ReportDefinition = {
  slug: 'repeat-callers',
  icon: 'repeat',
  sources: ['repeats'],
  subjects: [{ key: 'queue' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('known', 'repeats.known'),
    counted('repeated', 'repeats.repeated'),
    ratio('repeat-rate', 'share', (of) => of('repeats.repeated'), 'repeats.known'),
    counted('answered-first', 'repeats.answeredFirst'),
    counted('came-again', 'repeats.cameAgain'),
    ratio(
      'first-call',
      'share',
      (of) => of('repeats.answeredFirst') - of('repeats.cameAgain'),
      'repeats.answeredFirst',
    ),
  ],
  tiles: [
    { column: 'known' },
    { column: 'repeated', small: 'repeat-rate' },
    { column: 'first-call' },
  ],
};
