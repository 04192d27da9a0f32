import type { Knex } from 'knex';
import type { Database } from '../../adapters/mysql/database.js';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { EmergencySettings, HelpAlarm, HelpCall } from '../../telephony/emergency.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  EMERGENCY_SETTING,
  KnexSettingStore,
  numbersOfOthers,
  requireShowable,
  SettingService,
  speedDialsTo,
  type ConfigurationParts,
} from '../configuration/index.js';
import { emergencyPages } from './emergency-pages.js';

/** Calls for help. */
export interface EmergencyFeature extends FeatureModule {
  readonly service: SettingService<EmergencySettings>;
}

type Parts = Pick<ConfigurationParts, 'database' | 'announcer' | 'country'> & {
  readonly directory: Pick<Directory, 'current'>;
};

/** Wires the page on MariaDB. */
export function makeEmergencyFeature(parts: Parts): EmergencyFeature {
  const { database, announcer, directory, country } = parts;
  const store = new KnexSettingStore(database, knexAuditLog, {
    ...EMERGENCY_SETTING,
    check: requireFreeNumbers,
  });
  const service = new SettingService(store, announcer, {
    permission: 'trunks.edit',
    announces: 'settings',
  });
  return {
    name: 'emergency',
    service,
    pages: emergencyPages({ service, directory, country }),
    menu: [
      {
        group: 'phones',
        label: 'emergency.title',
        icon: 'urgent',
        href: '/setup/emergency',
        access: 'trunks.edit',
        order: 55,
      },
    ],
  };
}

/** A number that reaches help reaches nothing else. */
async function requireFreeNumbers(
  tx: Knex,
  { numbers, callerId }: EmergencySettings,
): Promise<void> {
  await requireShowable(tx, 'callerId', [callerId]);
  const taken = await numbersOfOthers(tx, 'emergency', numbers);
  const [number, kind] =
    [...taken][0] ?? (await speedDialsTo(tx, numbers)).map((one) => [one, 'speed-dial'])[0] ?? [];
  if (number === undefined || kind === undefined) return;
  throw new AppError('invalid-fields', 'the number is taken', [
    { field: 'numbers', message: `emergency.problem.taken.${kind}`, params: { number } },
  ]);
}

/** Writes calls for help to the audit log and, as an alarm, to the log of the process. */
export const makeHelpAlarm = (database: Database, log: CallLog): HelpAlarm => ({
  raise: (call) => {
    const { callId, from, number } = call;
    log.error(
      { alarm: 'emergency-call', callId, pii: { from, number } },
      'somebody calls for help',
    );
    audited(database, call).catch((error: unknown) => {
      log.error({ err: error, callId }, 'a call for help is not in the audit log');
    });
  },
});

const audited = (database: Database, { callId, from, name, number }: HelpCall): Promise<void> =>
  knexAuditLog(database).record(
    { ...SYSTEM_ACTOR, name: from },
    {
      action: 'emergency.call',
      objectKind: 'emergency',
      objectId: callId,
      objectName: `${from} ${name}`.trim(),
      changes: { number: ['', number] },
    },
  );
