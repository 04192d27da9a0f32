import { join } from 'node:path';
import { HttpCommands } from '../../adapters/asterisk-ari/http-commands.js';
import { newCounters } from '../../adapters/asterisk-ari/counters.js';
import { HttpRecordings } from '../../adapters/asterisk-ari/recordings.js';
import { recordingFolder } from '../../adapters/files/recording-folder.js';
import type { Database } from '../../adapters/mysql/database.js';
import { soxRecordingEncoder } from '../../adapters/sound/sox-recording-encoder.js';
import type { Config } from '../../config.js';
import type { Clock } from '../../kernel/clock.js';
import { knexAuditLog } from '../audit/index.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexHearingLog } from './knex-hearing-log.js';
import { KnexRecordingStore } from './knex-recording-store.js';
import { RecordingCollector, type CollectorLog } from './recording-collector.js';
import { recordingPages } from './recording-pages.js';
import { RecordingService, type RecordingServiceParts } from './recording-service.js';

export { KnexRecordingStore } from './knex-recording-store.js';
export type { Peaks, Recording } from './recording.js';
export type { Hearing, Integrity } from './recording-service.js';
export { RecordingService } from './recording-service.js';
export type { CollectorCounters, RecordingCollector } from './recording-collector.js';

/** Where kept recordings lie. */
const folderOf = (varDir: string) => recordingFolder(join(varDir, 'recordings'));

/** The job that brings recordings from the node; for the role `jobs`. Call `wake` when the ledger wrote a recording's end. */
export function makeRecordingCollector(
  config: Pick<Config, 'varDir' | 'ari'>,
  database: Database,
  clock: Clock,
  log: CollectorLog,
): RecordingCollector {
  // Commands only: a second event socket of the same application would take the calls' events away.
  const files = new HttpRecordings(new HttpCommands(config.ari, newCounters()));
  return new RecordingCollector({
    store: new KnexRecordingStore(database),
    folder: folderOf(config.varDir),
    encoder: soxRecordingEncoder,
    nodeFiles: (node) => (node === config.ari.node ? files : undefined),
    clock,
    log,
  });
}

/** Recordings as pages use them. */
export interface RecordingsFeature extends FeatureModule {
  readonly service: RecordingService;
}

/** Wires hearing and checking. */
export function makeRecordingsFeature(
  database: Database,
  varDir: string,
  clock: Clock,
  onMessageHeard: RecordingServiceParts['onMessageHeard'],
): RecordingsFeature {
  const service = new RecordingService({
    store: new KnexRecordingStore(database),
    folder: folderOf(varDir),
    audit: knexAuditLog(database),
    hearings: knexHearingLog(database),
    clock,
    onMessageHeard,
  });
  return { name: 'recordings', service, pages: recordingPages(service), menu: [] };
}
