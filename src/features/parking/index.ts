import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk } from '../../telephony/live.js';
import { slotsOf, type Parking } from '../../telephony/parking.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { ownExtension } from '../call-handling/index.js';
import {
  KnexSettingStore,
  numbersOfOthers,
  PARKING_SETTING,
  type ConfigurationParts,
} from '../configuration/index.js';
import { PARKED_TOPIC } from './parked-live.js';
import { parkingPages } from './parking-pages.js';
import { ParkingService } from './parking-service.js';

/** What parking is wired with beside what all set-up features need. */
export interface ParkingDependencies extends Pick<
  ConfigurationParts,
  'database' | 'announcer' | 'country' | 'live'
> {
  readonly directory: Pick<Directory, 'current'>;
  readonly desk: Desk;
}

/** Calls that wait at numbered slots until some phone takes them. */
export interface ParkingFeature extends FeatureModule {
  readonly service: ParkingService;
}

/** Wires the pages of parking on MariaDB. */
export function makeParkingFeature(parts: ParkingDependencies): ParkingFeature {
  const { database, announcer, directory, live, desk, country } = parts;
  const store = new KnexSettingStore(database, knexAuditLog, {
    ...PARKING_SETTING,
    check: requireFreeSlots,
  });
  const service = new ParkingService({
    ...{ store, announcer, desk, directory },
    phoneOf: (actor) => ownExtension(actor, directory, live),
  });
  return {
    name: 'parking',
    service,
    pages: parkingPages({ service, directory, live, country }),
    liveTopics: [PARKED_TOPIC],
    menu: [
      {
        group: 'work',
        label: 'parking.parked.title',
        icon: 'parking',
        href: '/parked',
        access: 'workspace.use',
        order: 45,
        isFor: (actor) => actor.agentId !== undefined,
      },
      {
        group: 'phones',
        label: 'parking.title',
        icon: 'parking',
        href: '/setup/parking',
        access: 'extensions.edit',
        order: 35,
      },
    ],
  };
}

/** A number inside the house has one meaning. */
async function requireFreeSlots(tx: Knex, parking: Parking): Promise<void> {
  const taken = await numbersOfOthers(tx, 'park-slot', slotsOf(parking));
  const [number, kind] = [...taken].sort(([a], [b]) => Number(a) - Number(b))[0] ?? [];
  if (number === undefined || kind === undefined) return;
  throw new AppError('invalid-fields', 'the number of a slot is taken', [
    { field: 'firstSlot', message: `parking.problem.taken.${kind}`, params: { number } },
  ]);
}
