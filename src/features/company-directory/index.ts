import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { Directory } from '../../telephony/directory.js';
import { dialledCode } from '../../telephony/feature-codes.js';
import type { Desk } from '../../telephony/live.js';
import type { Operator } from '../../telephony/operator.js';
import type { SpokenNames } from '../../telephony/spoken-names.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { ownExtension } from '../call-handling/index.js';
import {
  KnexSettingStore,
  KnexTargetStore,
  numbersOfOthers,
  OPERATOR_SETTING,
  requireTarget,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import { spokenNames, type SpokenNamesParts } from './knex-spoken-names.js';
import { addOperatorPages } from './operator-pages.js';
import { peopleTopic } from './people-live.js';
import { addPeoplePages } from './people-pages.js';

/** What the directory is wired with beside what all set-up features need. */
export interface CompanyDirectoryParts extends Pick<
  ConfigurationParts,
  'database' | 'announcer' | 'country' | 'live'
> {
  readonly directory: Pick<Directory, 'current'>;
  readonly desk: Desk;
}

/** The operator on MariaDB. */
const openOperator = ({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>): SettingService<Operator> =>
  new SettingService(
    new KnexSettingStore(database, knexAuditLog, {
      ...OPERATOR_SETTING,
      check: requireOperator,
    }),
    announcer,
    { permission: 'extensions.edit', announces: 'operator' },
  );

/** Wires the pages on MariaDB. */
export function makeCompanyDirectoryFeature(parts: CompanyDirectoryParts): FeatureModule {
  const { database, directory, live, desk, country } = parts;
  const pages = new PageRoutes();
  addPeoplePages(pages, {
    ...{ directory, live, desk },
    phoneOf: (actor) => ownExtension(actor, directory, live),
  });
  addOperatorPages(pages, {
    ...{ service: openOperator(parts), targets: new KnexTargetStore(database), country },
    nameCode: () => dialledCode(directory.current.featureCodes, 'record-name'),
  });
  return {
    name: 'company-directory',
    pages,
    liveTopics: [peopleTopic(directory)],
    menu: [
      {
        group: 'work',
        label: 'directory.title',
        icon: 'address-book',
        href: '/directory',
        access: 'signed-in',
        order: 44,
      },
      {
        group: 'phones',
        label: 'operator.title',
        icon: 'headset',
        href: '/setup/operator',
        access: 'extensions.edit',
        order: 38,
      },
    ],
  };
}

/** What the calls do with names that are said on phones. */
export const makeSpokenNames = (parts: Omit<SpokenNamesParts, 'audit'>): SpokenNames =>
  spokenNames({ ...parts, audit: knexAuditLog });

/** A number inside the house has one meaning, and whoever is called must be there. */
async function requireOperator(tx: Knex, { number, target }: Operator): Promise<void> {
  if (target !== undefined) await requireTarget(tx, target, 'target');
  const other =
    number === '' ? undefined : (await numbersOfOthers(tx, 'operator', [number])).get(number);
  if (other === undefined) return;
  throw new AppError('invalid-fields', `the number is taken: ${other}`, [
    { field: 'number', message: `configuration.problem.number-of.${other}` },
  ]);
}
