import type { Directory } from '../../telephony/directory.js';
import { slotsOf } from '../../telephony/parking.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexSettingStore, type ConfigurationParts } from '../configuration/index.js';
import { featureCodePages } from './feature-code-pages.js';
import { FeatureCodeService } from './feature-code-service.js';
import { FEATURE_CODE_SETTING } from './feature-codes.js';

export { FEATURE_CODE_SETTING } from './feature-codes.js';

/** What phones do by dialling a code. */
export interface FeatureCodesFeature extends FeatureModule {
  readonly service: FeatureCodeService;
}

type Parts = Pick<ConfigurationParts, 'database' | 'announcer'>;

/** The codes on MariaDB, for processes without pages. */
export const openFeatureCodes = ({ database, announcer }: Parts): FeatureCodeService =>
  new FeatureCodeService(
    new KnexSettingStore(database, knexAuditLog, FEATURE_CODE_SETTING),
    announcer,
  );

/** Wires the page of the codes on MariaDB. */
export function makeFeatureCodesFeature(
  parts: Parts & { readonly directory: Pick<Directory, 'current'> },
): FeatureCodesFeature {
  const service = openFeatureCodes(parts);
  const { directory } = parts;
  return {
    name: 'feature-codes',
    service,
    pages: featureCodePages({
      service,
      slots: () => slotsOf(directory.current.parking),
      recording: () => directory.current.recording.codes,
    }),
    menu: [
      {
        group: 'phones',
        label: 'feature-codes.title',
        icon: 'dialpad',
        href: '/setup/feature-codes',
        access: 'extensions.edit',
        order: 50,
      },
    ],
  };
}
