import type { Knex } from 'knex';
import { trunkObjects, type PjsipObject } from '../../telephony/ari/provisioning.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  ownNumbersWithin,
  type ConfigurationParts,
  type SecretBox,
} from '../configuration/index.js';
import { KnexTrunkStore } from './knex-trunk-store.js';
import { trunkTopic } from './trunk-live.js';
import { trunkPages } from './trunk-pages.js';
import { TrunkService } from './trunk-service.js';

export { readPbxColumns } from './knex-pbx-ranges.js';
export {
  PLAIN_TRUNK_RULES,
  sipTrunkSchema,
  type SipTrunkValues,
  type StoredTrunk,
} from './trunk.js';
export { TrunkService } from './trunk-service.js';

/** Connections to carriers. */
export interface TrunksFeature extends FeatureModule {
  readonly service: TrunkService;
}

/** Wires trunks on MariaDB. */
export function makeTrunksFeature(parts: ConfigurationParts): TrunksFeature {
  const store = new KnexTrunkStore(parts.database, knexAuditLog);
  const targets = new KnexTargetStore(parts.database);
  const service = new TrunkService(store, parts.announcer, parts.secrets, targets);
  return {
    name: 'trunks',
    service,
    pages: trunkPages({
      service,
      targets,
      usage: new KnexUsageReports(parts.database),
      live: parts.live,
      country: parts.country,
      moved: (ranges) => ownNumbersWithin(parts.database, ranges),
    }),
    liveTopics: [trunkTopic],
    menu: [
      {
        group: 'lines',
        label: 'trunks.title',
        icon: 'plug-connected',
        href: '/setup/trunks',
        access: 'trunks.edit',
        order: 10,
      },
    ],
  };
}

/** The objects that each pbx node needs for the trunks in use. With passwords in clear: never log them. */
export async function desiredPjsipObjects(
  database: Knex,
  secrets: SecretBox,
): Promise<readonly PjsipObject[]> {
  const store = new KnexTrunkStore(database, knexAuditLog);
  const [trunks, passwords] = await Promise.all([store.all(), store.passwords()]);
  const sealed = new Map(passwords.map((one) => [one.id, one.passwordSealed]));
  return trunks
    .filter((trunk) => trunk.enabled)
    .flatMap(({ id, settings, pbx }) =>
      trunkObjects({
        id,
        host: settings.host,
        port: settings.port,
        transport: settings.transport,
        username: settings.username,
        password: secrets.open(sealed.get(id) ?? ''),
        ...(settings.fromUser === '' ? {} : { fromUser: settings.fromUser }),
        registration: settings.register,
        addresses: settings.addresses,
        codecs: settings.codecs,
        dtmf: settings.dtmf,
        isPbx: pbx !== undefined,
      }),
    );
}
