import { isIP } from 'node:net';
import { formatNumber } from '../../kernel/numbers.js';
import { CODECS } from '../../telephony/ari/provisioning.js';
import type { LiveView } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import { trunkTopic } from './trunk-live.js';
import type { TrunkService } from './trunk-service.js';
import { NEW_TRUNK, sipTrunkSchema, TRANSPORTS, TRUNK_SORTS, type StoredTrunk } from './trunk.js';

const callerId = (page: PageContext, trunk: StoredTrunk): string =>
  formatNumber(trunk.callerId, page.country, page.language);

/** The set-up pages of trunks. */
export const trunkPages = (service: TrunkService, live: LiveView, country: string): PageRoutes =>
  rowPages({
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
      callerId: callerId(page, trunk),
      ...trunk.settings,
      addresses: trunk.settings.addresses.join('\n'),
    }),
    data: (page, trunk) => editData(page, live, trunk),
    create: (page, values) => service.createSip(page.actor, values),
    created: (page, id) =>
      page.redirect(`/setup/trunks/${String(id)}`, { message: 'trunks.created' }),
    save: (page, id, version, values) => service.saveSip(page.actor, id, version, values),
  });

function editData(page: PageContext, live: LiveView, trunk: StoredTrunk | undefined) {
  return {
    styles: ['setup'],
    values: trunkTopic.values(live.current, page),
    transports: TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() })),
    codecs: CODECS.map((value) => ({ value, label: page.t(`trunks.codec.${value}`) })),
    sections: ['general', 'sip', 'account', 'incoming', 'sound'].map((id) => ({
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
  if (trunk.callerId === '') found.push('no-caller-id');
  return found.map((name) => ({ text: page.t(`trunks.warning.${name}`) }));
}
