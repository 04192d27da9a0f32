import type { RecordingSettings } from '../../telephony/recording-settings.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexSettingStore,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import { recordingRulesPages } from './recording-rules-pages.js';
import { RECORDING_SETTING } from './recording-rules.js';

export { RECORDING_SETTING } from './recording-rules.js';

/** What holds for recording on the whole site. */
export interface RecordingRulesFeature extends FeatureModule {
  readonly service: SettingService<RecordingSettings>;
}

/** Wires the page on MariaDB. */
export function makeRecordingRulesFeature({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>): RecordingRulesFeature {
  const service = new SettingService(
    new KnexSettingStore(database, knexAuditLog, RECORDING_SETTING),
    announcer,
    { permission: 'queues.edit', announces: 'settings' },
  );
  return {
    name: 'recording-rules',
    service,
    pages: recordingRulesPages(service),
    menu: [
      {
        group: 'routing',
        label: 'recording-rules.title',
        icon: 'player-record',
        href: '/setup/recording',
        access: 'queues.edit',
        order: 60,
      },
    ],
  };
}
