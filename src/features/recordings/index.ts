import { join } from 'node:path';
import { HttpCommands } from '../../adapters/asterisk-ari/http-commands.js';
import { newCounters } from '../../adapters/asterisk-ari/counters.js';
import { HttpRecordings } from '../../adapters/asterisk-ari/recordings.js';
import { keyFile } from '../../adapters/crypto/key-file.js';
import { recordingFolder } from '../../adapters/files/recording-folder.js';
import type { Database } from '../../adapters/mysql/database.js';
import { soxRecordingEncoder } from '../../adapters/sound/sox-recording-encoder.js';
import type { Config } from '../../config.js';
import type { Clock } from '../../kernel/clock.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Scope } from '../../kernel/scope.js';
import { knexAuditLog } from '../audit/index.js';
import {
  addSettingPages,
  KnexSettingStore,
  readSetting,
  SettingService,
} from '../configuration/index.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { ACCESS_LOG_ACCESS, ACCESS_LOG_PATH, addAccessLogPages } from './access-log-pages.js';
import { KnexAccessLog } from './knex-access-log.js';
import { KnexExpiredRecordings, namedQueues } from './knex-expired-recordings.js';
import { isRecordingId } from './recording.js';
import { knexHearingLog } from './knex-hearing-log.js';
import { KnexRecordingCare } from './knex-recording-care.js';
import { KnexRecordingStore } from './knex-recording-store.js';
import { RecordingCollector, type CollectorLog } from './recording-collector.js';
import { addCarePages } from './recording-care-pages.js';
import { CARE_ACCESS, RecordingCareService } from './recording-care-service.js';
import { recordingPages } from './recording-pages.js';
import { KnexSealedRecordings } from './knex-sealed-recordings.js';
import { withPlain, type RecordingShelf } from './recording-shelf.js';
import { Resealer, type ResealerParts } from './resealer.js';
import { SEALING_SETTING, sealingKey } from './sealing.js';
import type { UnreadableReporter } from './unreadable.js';
import { addSealingPages, SEALING_PATH } from './sealing-pages.js';
import { SEALING_ACCESS, SealingService } from './sealing-service.js';
import { RecordingService, type RecordingServiceParts } from './recording-service.js';
import {
  expireRecordings,
  queueFieldOf,
  RETENTION_MAX_DAYS,
  RETENTION_SETTING,
  retentionSchema,
  type RetentionParts,
} from './retention.js';

export { KnexRecordingStore } from './knex-recording-store.js';
export type { Peaks, Recording } from './recording.js';
export type { RecordingFolder } from './recording-sound.js';
export type { RecordingShelf } from './recording-shelf.js';
export type { Hearing, Integrity } from './recording-service.js';
export { RecordingService } from './recording-service.js';
export { RecordingCareService } from './recording-care-service.js';
export type { CollectorCounters, RecordingCollector } from './recording-collector.js';

/** Opens the folder of kept recordings with its keys. */
export function openRecordingShelf({
  config,
  database,
  clock,
  log,
}: {
  readonly config: Pick<Config, 'varDir' | 'recordingKeys'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: UnreadableReporter['log'];
}): RecordingShelf {
  const keys = keyFile(config.recordingKeys);
  const sealed = new KnexSealedRecordings(database);
  const rule = async () => (await readSetting(database, SEALING_SETTING)).value;
  const key = () => sealingKey(keys, () => sealed.isAnySealed(), new Date(clock.now()));
  const folder = recordingFolder(join(config.varDir, 'recordings'), {
    key: async () => ((await rule()).mode === 'off' ? undefined : key()),
    find: async (id) => (await keys.all()).find((one) => one.id === id)?.key,
  });
  const reporter = { audit: knexAuditLog(database), log };
  return {
    ...{ folder, keys, sealed, rule, key },
    withPlain: (recording, work) => withPlain({ folder, ...reporter }, recording, work),
  };
}

/** The job that brings recordings from the node; for the role `jobs`. Call `wake` when the ledger wrote a recording's end. */
export function makeRecordingCollector(
  config: Pick<Config, 'ari'>,
  shelf: Pick<RecordingShelf, 'folder'>,
  database: Database,
  clock: Clock,
  log: CollectorLog,
): RecordingCollector {
  // Commands only: a second event socket of the same application would take the calls' events away.
  const files = new HttpRecordings(new HttpCommands(config.ari, newCounters()));
  return new RecordingCollector({
    store: new KnexRecordingStore(database),
    folder: shelf.folder,
    encoder: soxRecordingEncoder,
    nodeFiles: (node) => (node === config.ari.node ? files : undefined),
    clock,
    log,
  });
}

/** Recordings as pages use them. */
export interface RecordingsFeature extends FeatureModule {
  readonly service: RecordingService;
  readonly care: RecordingCareService;
}

export interface RecordingsParts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly shelf: RecordingShelf;
  readonly clock: Clock;
  readonly log: RecordingServiceParts['log'];
  /** ISO 3166 country of the site: how national numbers are read in searches. */
  readonly country: string;
  readonly onMessageHeard: RecordingServiceParts['onMessageHeard'];
}

/** Wires hearing and checking, searching, remarks, holding, and for how long recordings are kept. */
export function makeRecordingsFeature(parts: RecordingsParts): RecordingsFeature {
  const { database, announcer, shelf, clock, log, country, onMessageHeard } = parts;
  const store = new KnexRecordingStore(database);
  const service = new RecordingService({
    store,
    folder: shelf.folder,
    audit: knexAuditLog(database),
    hearings: knexHearingLog(database),
    ...{ clock, log },
    onMessageHeard,
  });
  const care = new RecordingCareService({
    store: new KnexRecordingCare(database, knexAuditLog, country),
    find: (id) => (isRecordingId(id) ? store.find(id) : Promise.resolve(undefined)),
    clock,
  });
  const pages = recordingPages(service);
  addAccessLogPages(pages, { log: new KnexAccessLog(database), clock });
  addCarePages(pages, { care, clock });
  addSettingPages(pages, {
    ...{ path: '/setup/recording-retention', permission: 'queues.edit' },
    ...{ view: 'recordings/retention', prefix: 'recordings.retention' },
    ...{ saved: 'recordings.retention.saved', schema: retentionSchema },
    service: new SettingService(
      new KnexSettingStore(database, knexAuditLog, RETENTION_SETTING),
      announcer,
      { permission: 'queues.edit', announces: 'settings' },
    ),
    values: (times) => ({ ...times }),
    data: async ({ t, body }, stored) => ({
      title: t('recordings.retention.title'),
      styles: ['setup'],
      most: RETENTION_MAX_DAYS,
      queues: (await namedQueues(database)).map(({ id, name }) => ({
        field: queueFieldOf(id),
        name,
        // What was typed, where it was refused.
        value: stored === undefined ? body[queueFieldOf(id)] : stored.queueDays[String(id)],
      })),
    }),
  });
  addSealingPages(pages, {
    settings: new SettingService(
      new KnexSettingStore(database, knexAuditLog, SEALING_SETTING),
      announcer,
      { permission: SEALING_ACCESS, announces: 'settings' },
    ),
    service: new SealingService({
      ...{ recordings: shelf.sealed, keys: shelf.keys, clock },
      audit: knexAuditLog(database),
    }),
  });
  return {
    ...{ name: 'recordings', service, care, pages },
    menu: [
      {
        ...{ group: 'calls', label: 'recordings.title', icon: 'player-record' },
        ...{ href: '/recordings', access: CARE_ACCESS, order: 25 },
      },
      {
        ...{ group: 'system', label: 'recordings.access.title', icon: 'player-record' },
        ...{ href: ACCESS_LOG_PATH, access: ACCESS_LOG_ACCESS, order: 21 },
      },
      {
        ...{ group: 'routing', label: 'recordings.retention.title', icon: 'clock' },
        ...{ href: '/setup/recording-retention', access: 'queues.edit', order: 61 },
      },
      {
        ...{ group: 'routing', label: 'recordings.sealing.title', icon: 'lock' },
        ...{ href: SEALING_PATH, access: SEALING_ACCESS, order: 62 },
      },
    ],
  };
}

/** Deletes recordings when their time is over, until the scope ends. For the role `jobs`. */
export function startRetention(
  server: Scope,
  {
    database,
    shelf,
    ...parts
  }: { readonly database: Database; readonly shelf: RecordingShelf } & Pick<
    RetentionParts,
    'clock' | 'log'
  >,
): void {
  expireRecordings(server, {
    ...parts,
    recordings: new KnexExpiredRecordings(database, knexAuditLog),
    times: async () => (await readSetting(database, RETENTION_SETTING)).value,
    removeFile: (path) => shelf.folder.remove(path),
  });
}

/** Seals older recordings where the site wants that, until the scope ends. For the role `jobs`. */
export function startSealing(
  server: Scope,
  {
    database,
    shelf,
    ...parts
  }: { readonly database: Database; readonly shelf: RecordingShelf } & Pick<
    ResealerParts,
    'clock' | 'log'
  >,
): void {
  const { folder, keys, sealed: recordings, rule, key } = shelf;
  const audit = knexAuditLog(database);
  new Resealer({ ...parts, folder, keys, recordings, rule, key, audit }).run(server);
}
