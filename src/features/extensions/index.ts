import type { Knex } from 'knex';
import { importFolder } from '../../adapters/files/import-folder.js';
import { phoneObjects, type PjsipObject } from '../../telephony/ari/provisioning.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexUsageReports,
  otherPbxNumbers,
  type ConfigurationParts,
  type SecretBox,
} from '../configuration/index.js';
import { extensionTopic } from './extension-live.js';
import { extensionPages, type PhoneSite } from './extension-pages.js';
import { ExtensionService } from './extension-service.js';
import { KnexExtensionStore } from './knex-extension-store.js';

export {
  extensionSchema,
  NEW_EXTENSION,
  type ExtensionDraft,
  type StoredExtension,
} from './extension.js';
export { extensionValues } from './extension-live.js';
export { ExtensionService } from './extension-service.js';

/** What extensions are wired with beside what all set-up features need. */
export interface ExtensionsParts extends ConfigurationParts {
  /** Where desk phones register. */
  readonly site: PhoneSite;
  /** A private folder for checked import files. */
  readonly importFolder: string;
}

/** Desk phones and their numbers. */
export interface ExtensionsFeature extends FeatureModule {
  readonly service: ExtensionService;
}

/** Wires extensions on MariaDB. */
export function makeExtensionsFeature(parts: ExtensionsParts): ExtensionsFeature {
  const store = new KnexExtensionStore(parts.database, knexAuditLog);
  const service = new ExtensionService(store, parts.announcer, parts.secrets);
  const pages = extensionPages({
    service,
    usage: new KnexUsageReports(parts.database),
    live: parts.live,
    country: parts.country,
    site: parts.site,
    shelf: importFolder(parts.importFolder),
    otherNumbers: () => otherPbxNumbers(parts.database),
  });
  return {
    name: 'extensions',
    service,
    pages,
    liveTopics: [extensionTopic],
    menu: [
      {
        group: 'phones',
        label: 'extensions.title',
        icon: 'device-landline-phone',
        href: '/setup/extensions',
        access: 'extensions.edit',
        order: 10,
      },
    ],
  };
}

/** The objects that each pbx node needs for the phones in use. With passwords in clear: never log them. */
export async function desiredPjsipObjects(
  database: Knex,
  secrets: SecretBox,
): Promise<readonly PjsipObject[]> {
  const store = new KnexExtensionStore(database, knexAuditLog);
  const [extensions, sealed] = await Promise.all([store.all(), store.secrets()]);
  const passwords = new Map(sealed.map((one) => [one.id, one.secretSealed]));
  return extensions.flatMap(({ id, number, name, codecs, dtmf }) => {
    const password = secrets.open(passwords.get(id) ?? '');
    // Without a password anyone could register as this extension.
    return password === ''
      ? []
      : phoneObjects({
          ...{ number, name, password },
          ...(codecs === undefined ? {} : { codecs }),
          ...(dtmf === undefined ? {} : { dtmf }),
        });
  });
}
