import {
  counted,
  lasting,
  ratio,
  type Figure,
  type ReportColumn,
  type ReportDefinition,
} from '../report-definition.js';
import { COSTS } from './costs.js';
import { ALL_UNITS, DAY_UNITS } from './units.js';

const busy = (of: Figure): number =>
  of('agents.previewMs') + of('agents.ringingMs') + of('agents.talkingMs') + of('agents.wrapUpMs');
const STATES = [
  'available',
  'preview',
  'ringing',
  'talking',
  'wrap-up',
  'not-ready',
  'phone-lost',
] as const;
const SIGNED_IN = lasting('signed-in', 'agents.signedInMs');
const NOT_READY = lasting('not-ready', 'agents.notReadyMs');
const PAUSES = counted('pauses', 'agents.pauses');
const OCCUPANCY = ratio(
  'occupancy',
  'share',
  busy,
  'agents.readyMs',
  (of) => busy(of) + of('agents.availableMs'),
);
const UTILISATION = ratio(
  'utilisation',
  'share',
  (of) => of('agents.previewMs') + of('agents.talkingMs') + of('agents.wrapUpMs'),
  'agents.signedInMs',
);
const TALKS = counted('talks', 'talks.talks');
const TALK_MEAN = ratio('talk-mean', 'duration', (of) => of('talks.talkMs'), 'talks.talks');
const HANDLING = ratio(
  'handling',
  'duration',
  (of) => of('talks.talkMs') + of('agents.wrapUpMs'),
  'talks.talks',
);

/** Of the reports of agents and of their teams. */
const WORK: readonly ReportColumn[] = [
  SIGNED_IN,
  lasting('available', 'agents.availableMs'),
  lasting('preview', 'agents.previewMs'),
  lasting('ringing', 'agents.ringingMs'),
  lasting('talking', 'agents.talkingMs'),
  lasting('wrap-up', 'agents.wrapUpMs'),
  NOT_READY,
  lasting('phone-lost', 'agents.phoneLostMs'),
  OCCUPANCY,
  UTILISATION,
  counted('offers', 'agents.offers'),
  counted('missed', 'agents.missed'),
  TALKS,
  counted('transfers', 'transfers.transfers'),
  TALK_MEAN,
  ratio('hold-mean', 'duration', (of) => of('talks.holdMs'), 'talks.talks'),
  ratio('wrap-up-mean', 'duration', (of) => of('agents.wrapUpMs'), 'agents.wrapUps'),
  HANDLING,
  ...COSTS,
];

/** What agents did in the time in which they were signed in. */
export const AGENTS: ReportDefinition = {
  slug: 'agents',
  icon: 'headset',
  sources: ['agents', 'talks', 'transfers', 'costs'],
  subjects: [{ key: 'agent' }],
  units: DAY_UNITS,
  isByName: true,
  counts: 'time',
  columns: WORK,
  sum: { whole: 'signed-in', parts: STATES },
  more: 'not-ready',
};

/** The same by team: the agents who are members of a queue; whoever is a member of two counts in both. */
export const TEAMS: ReportDefinition = {
  slug: 'teams',
  icon: 'users-group',
  sources: ['agents', 'talks', 'transfers', 'costs'],
  subjects: [{ key: 'team', groupsOf: 'agent' }],
  units: [],
  isByName: true,
  counts: 'time',
  columns: WORK,
  sum: { whole: 'signed-in', parts: STATES },
};

/** The same by what agents are able to do: whoever has two skills counts in both. */
export const SKILLS: ReportDefinition = {
  slug: 'skills',
  icon: 'certificate',
  sources: ['agents', 'talks', 'transfers'],
  subjects: [{ key: 'skill', groupsOf: 'agent' }],
  units: [],
  counts: 'time',
  columns: [
    TALKS,
    SIGNED_IN,
    OCCUPANCY,
    UTILISATION,
    TALK_MEAN,
    HANDLING,
    counted('missed', 'agents.missed'),
    counted('transfers', 'transfers.transfers'),
  ],
};

/** How long agents were not ready, and why. */
export const NOT_READY_REASONS: ReportDefinition = {
  slug: 'not-ready',
  icon: 'coffee',
  sources: ['agents'],
  subjects: [{ key: 'reason' }, { key: 'agent' }],
  units: DAY_UNITS,
  counts: 'time',
  columns: [
    NOT_READY,
    PAUSES,
    ratio('pause-mean', 'duration', (of) => of('agents.notReadyMs'), 'agents.pauses'),
  ],
};

/** Calls that were sent on, and those that had come to the wrong place. */
export const TRANSFERS: ReportDefinition = {
  slug: 'transfers',
  icon: 'arrows-exchange',
  sources: ['transfers'],
  subjects: [{ key: 'agent' }, { key: 'queue' }, { key: 'target' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('transfers', 'transfers.transfers'),
    counted('blind', 'transfers.blind'),
    counted('consulted', 'transfers.consulted'),
    counted('transfer-returned', 'transfers.returned'),
    counted('misrouted', 'transfers.misrouted'),
    ratio('misroute-rate', 'share', (of) => of('transfers.misrouted'), 'transfers.transfers'),
    ratio('talked-before', 'duration', (of) => of('transfers.talkedMs'), 'transfers.transfers'),
  ],
  sum: { whole: 'transfers', parts: ['blind', 'consulted'] },
};

/** What agents said of their calls. */
export const DISPOSITIONS: ReportDefinition = {
  slug: 'dispositions',
  icon: 'tags',
  sources: ['dispositions'],
  subjects: [{ key: 'disposition' }, { key: 'agent' }],
  units: ALL_UNITS,
  counts: 'calls',
  columns: [
    counted('said', 'dispositions.said'),
    counted('said-inbound', 'dispositions.saidInbound'),
    ratio('said-talk', 'duration', (of) => of('dispositions.talkMs'), 'dispositions.said'),
  ],
};
