import type { Knex } from 'knex';
import { PLAIN_HANDLING, type CallHandling } from '../../engines/reach/reach.js';
import type { Language } from '../../kernel/call-event.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { ExtensionConfig, PermissionClass } from '../../telephony/directory.js';
import { handlingOf, type HandlingRow } from '../call-handling/index.js';
import type { ExtensionRow } from './rows.js';

/** Extensions with how calls to them are handled. */
export async function readExtensions(
  trx: Knex,
  rows: readonly ExtensionRow[],
): Promise<ExtensionConfig[]> {
  const handling = await readHandling(trx);
  return rows.map((row) => extensionOf(row, handling));
}

async function readHandling(trx: Knex): Promise<ReadonlyMap<ExtensionId, CallHandling>> {
  const rows = await trx('call_handling').select<HandlingRow[]>('*');
  return new Map(rows.map((row) => [row.extension_id, handlingOf(row)]));
}

const extensionOf = (
  row: ExtensionRow,
  handling: ReadonlyMap<ExtensionId, CallHandling>,
): ExtensionConfig => ({
  id: row.id,
  number: row.number,
  name: row.name,
  permission: row.permission as PermissionClass,
  callerId: row.caller_id,
  recording: {
    inbound: row.recording_inbound,
    outbound: row.recording_outbound,
    internal: row.recording_internal,
  },
  voicemail: Boolean(row.voicemail),
  ringTimeoutMs: row.ring_timeout_s * 1000,
  language: row.language as Language,
  handling: handling.get(row.id) ?? PLAIN_HANDLING,
  isUnlisted: !row.listed,
  department: row.department,
  // Said by whoever had the extension under another name, it is not this name.
  ...(row.name_hash !== '' && row.name_said === row.name ? { nameSound: row.name_hash } : {}),
});
