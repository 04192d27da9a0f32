import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexSettingStore,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import { numberPrivacyPages } from './number-privacy-pages.js';
import { NUMBER_PRIVACY_SETTING } from './number-privacy.js';

export { numberPatterns, orNumberOrText } from './knex-number-search.js';
export { masksNumbersIn, NUMBER_PRIVACY_SETTING } from './number-privacy.js';

/** Wires the page on MariaDB. */
export const makeNumberPrivacyFeature = ({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>): FeatureModule => ({
  name: 'number-privacy',
  pages: numberPrivacyPages(
    new SettingService(
      new KnexSettingStore(database, knexAuditLog, NUMBER_PRIVACY_SETTING),
      announcer,
      { permission: 'users.edit', announces: 'settings' },
    ),
  ),
  menu: [
    {
      group: 'people',
      label: 'number-privacy.title',
      icon: 'eye-off',
      href: '/setup/number-privacy',
      access: 'users.edit',
      order: 70,
    },
  ],
});
