import type { TrunkConfig } from '../../telephony/directory.js';
import { readPhones } from '../configuration/index.js';
import { readPbxColumns } from '../trunks/index.js';
import type { TrunkRow } from './rows.js';

function pbxPart(row: TrunkRow): Pick<TrunkConfig, 'pbx'> {
  const pbx = readPbxColumns(row);
  return pbx === undefined ? {} : { pbx };
}

/** A row as calls know it. */
export const trunkOf = (row: TrunkRow): TrunkConfig => ({
  ...pbxPart(row),
  id: row.id,
  name: row.name,
  technology: row.technology,
  enabled: Boolean(row.enabled),
  priority: row.priority,
  maxChannels: row.max_channels,
  maxIncoming: row.max_incoming,
  callerId: row.caller_id,
  allowedCallerIds: readPhones(row.allowed_caller_ids),
  mayWithhold: Boolean(row.may_withhold),
  recording: row.recording,
  recordingNotice: row.recording_notice,
});
