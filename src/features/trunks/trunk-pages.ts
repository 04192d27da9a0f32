import { isIP } from 'node:net';
import { formatNumber } from '../../kernel/numbers.js';
import type { LiveView } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import type { NumberRange } from '../../telephony/other-pbx.js';
import {
  mediaChoices,
  recordingChoices,
  rowPages,
  targetGroups,
  targetText,
  type NumberKind,
  type OwnNumber,
  type TargetStore,
  type UsageReports,
} from '../configuration/index.js';
import { rangeText, TRUNK_KINDS } from './pbx-trunk.js';
import { trunkTopic } from './trunk-live.js';
import type { TrunkService } from './trunk-service.js';
import { NEW_TRUNK, sipTrunkSchema, TRANSPORTS, TRUNK_SORTS, type StoredTrunk } from './trunk.js';

/** Numbers of ours beside the form; more are told as a figure. */
const MOVED_AT_MOST = 20;
const MOVED_PATHS: Readonly<Record<NumberKind, string>> = {
  extension: '/setup/extensions',
  conference: '/setup/conferences',
  'ring-group': '/setup/ring-groups',
  'paging-group': '/setup/paging-groups',
  'park-slot': '/setup/parking',
  operator: '/setup/operator',
  emergency: '/setup/emergency',
};

const callerId = (page: PageContext, trunk: StoredTrunk): string =>
  formatNumber(trunk.callerId, page.country, page.language);

/** What the pages are made of. */
export interface TrunkPagesParts {
  readonly service: TrunkService;
  readonly targets: TargetStore;
  readonly usage: UsageReports;
  readonly live: LiveView;
  readonly country: string;
  /** What is ours within ranges of numbers. */
  readonly moved: (ranges: readonly NumberRange[]) => Promise<readonly OwnNumber[]>;
}

/** The set-up pages of trunks. */
export const trunkPages = (parts: TrunkPagesParts): PageRoutes => {
  const { service, live, country } = parts;
  return rowPages({
    name: 'trunks',
    permission: 'trunks.edit',
    service,
    schema: sipTrunkSchema(country),
    list: {
      sorts: TRUNK_SORTS,
      defaultSort: 'priority',
      columns: [
        { label: 'trunks.form.name', sort: 'name' },
        { label: 'trunks.column.state' },
        { label: 'trunks.column.load' },
        { label: 'trunks.column.carrier' },
        { label: 'trunks.form.caller-id' },
        { label: 'trunks.form.priority', sort: 'priority', numeric: true },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: (page, trunks) =>
        trunks.map((trunk) => ({
          enabled: trunk.enabled,
          ranges: trunk.pbx?.ranges.map(rangeText).join(', '),
          carrier: `${trunk.settings.host}:${String(trunk.settings.port)}`,
          callerId: callerId(page, trunk),
          priority: trunk.priority,
          updatedAt: trunk.updatedAt,
        })),
      data: (page) => ({ values: trunkTopic.values(live.current, page) }),
    },
    title: (_page, trunk) => trunk.name,
    newValues: () => ({ ...NEW_TRUNK, addresses: '' }),
    values: (page, trunk) => ({
      name: trunk.name,
      enabled: trunk.enabled,
      priority: trunk.priority,
      maxChannels: trunk.maxChannels,
      maxIncoming: trunk.maxIncoming,
      callerId: callerId(page, trunk),
      allowedCallerIds: trunk.allowedCallerIds.join('\n'),
      mayWithhold: trunk.mayWithhold,
      recording: trunk.recording,
      recordingNotice: trunk.recordingNotice,
      ...trunk.settings,
      addresses: trunk.settings.addresses.join('\n'),
      kind: trunk.pbx === undefined ? 'carrier' : 'pbx',
      ranges: (trunk.pbx?.ranges ?? []).map(rangeText).join('\n'),
      permission: trunk.pbx?.permission ?? 'internal',
      elsewhere: targetText(trunk.pbx?.elsewhere ?? { kind: 'hangup' }),
    }),
    data: (page, trunk) => editData(page, parts, trunk),
    create: (page, values) => service.createSip(page.actor, values),
    created: (page, id) =>
      page.redirect(`/setup/trunks/${String(id)}`, { message: 'trunks.created' }),
    save: (page, id, version, values) => service.saveSip(page.actor, id, version, values),
    uses: (trunk) => parts.usage.ofPbxNumbers(trunk.pbx?.ranges ?? []),
  });
};

async function editData(
  page: PageContext,
  { live, targets, moved }: TrunkPagesParts,
  trunk: StoredTrunk | undefined,
) {
  const choices = await targets.options();
  const own = await moved(trunk?.pbx?.ranges ?? []);
  return {
    styles: ['setup'],
    scripts: ['trunk-form'],
    kinds: TRUNK_KINDS.map((value) => ({ value, label: page.t(`trunks.kind.${value}`) })),
    permissions: PERMISSION_CLASSES.map((value) => ({
      value,
      label: page.t(`trunks.permission.${value}`),
    })),
    targetGroups: targetGroups(page, { ...choices, pbxNumbers: [] }),
    moved: own.slice(0, MOVED_AT_MOST).map(({ kind, id, number, name }) => ({
      href: `${MOVED_PATHS[kind]}${id === 0 ? '' : `/${String(id)}`}`,
      name: `${number} ${name}`.trim(),
    })),
    movedCount: own.length,
    moreMoved: own.length > MOVED_AT_MOST,
    values: trunkTopic.values(live.current, page),
    transports: TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() })),
    ...mediaChoices(page, live, trunk?.settings.codecs),
    ...recordingChoices(page.t),
    sections: [
      ...['general', 'pbx', 'caller-id', 'recording', 'sip', 'account', 'incoming', 'sound'],
    ].map((id) => ({
      id,
      title: page.t(`trunks.section.${id}`),
    })),
    warnings: warnings(page, trunk),
  };
}

function warnings(page: PageContext, trunk: StoredTrunk | undefined) {
  if (trunk === undefined) return [];
  const { settings } = trunk;
  const found: string[] = [];
  if (!trunk.enabled) found.push('disabled');
  if (isIP(settings.host) === 0) found.push('host-name');
  if (settings.username !== '' && !trunk.hasPassword) found.push('no-password');
  if (trunk.callerId === '' && trunk.pbx === undefined) found.push('no-caller-id');
  return found.map((name) => ({ text: page.t(`trunks.warning.${name}`) }));
}
