import type { Knex } from 'knex';
import { SYSTEM_ACTOR, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { PhoneSettings } from '../../telephony/phone-settings.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexCallHandlingStore } from './knex-call-handling-store.js';

interface PhoneSettingsParts {
  readonly database: Knex;
  readonly announcer: Announcer;
  /** Absent where no calls run. */
  readonly directory?: Directory & { refresh(): Promise<void> };
  readonly log: Pick<CallLog, 'warn'>;
}

/** What phones change, on MariaDB. The audit log names the phone: whoever held it is not known. */
export function makePhoneSettings(parts: PhoneSettingsParts): PhoneSettings {
  const { database, announcer, directory, log } = parts;
  const store = new KnexCallHandlingStore(database, knexAuditLog);
  return {
    change: async (extension, { forwards, followMe, ...flags }) => {
      const { number = '' } = directory?.current.extensions.get(extension) ?? {};
      const actor: Actor = { ...SYSTEM_ACTOR, name: `☎ ${number}` };
      try {
        await store.change(actor, extension, undefined, (before) => ({
          ...before,
          ...flags,
          forwards: { ...before.forwards, ...forwards },
          followMe: { ...before.followMe, ...followMe },
        }));
        await announcer.configurationChanged('call-handling');
        // Not only announced: the next call may come before the announcement has gone round.
        await directory?.refresh();
        return true;
      } catch (error) {
        log.warn({ err: error, extension }, 'what a phone changed could not be kept');
        return false;
      }
    },
  };
}
