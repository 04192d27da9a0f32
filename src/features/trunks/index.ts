import type { Knex } from 'knex';
import { trunkObjects, type PjsipObject } from '../../telephony/ari/provisioning.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts, SecretBox } from '../configuration/index.js';
import { KnexTrunkStore } from './knex-trunk-store.js';
import { trunkTopic } from './trunk-live.js';
import { trunkPages } from './trunk-pages.js';
import { TrunkService } from './trunk-service.js';

export { sipTrunkSchema, type SipTrunkValues, type StoredTrunk } from './trunk.js';
export { TrunkService } from './trunk-service.js';

/** Connections to carriers. */
export interface TrunksFeature extends FeatureModule {
  readonly service: TrunkService;
}

/** Wires trunks on MariaDB. */
export function makeTrunksFeature(parts: ConfigurationParts): TrunksFeature {
  const store = new KnexTrunkStore(parts.database, knexAuditLog);
  const service = new TrunkService(store, parts.announcer, parts.secrets);
  return {
    name: 'trunks',
    service,
    pages: trunkPages(service, parts.live, parts.country),
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
    .flatMap(({ id, settings }) =>
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
      }),
    );
}
