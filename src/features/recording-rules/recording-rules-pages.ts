import { RECORDING_MODES } from '../../engines/recording/policy.js';
import type { RecordingSettings } from '../../telephony/recording-settings.js';
import { PageRoutes } from '../../web/kit/index.js';
import { addSettingPages, type SettingService } from '../configuration/index.js';
import { formValues, MAX_PAUSE_S, recordingForm } from './recording-rules.js';

/** The page of what holds for recording on the whole site. */
export function recordingRulesPages(service: SettingService<RecordingSettings>): PageRoutes {
  const pages = new PageRoutes();
  addSettingPages(pages, {
    path: '/setup/recording',
    permission: 'queues.edit',
    view: 'recording-rules/edit',
    prefix: 'recording-rules.form',
    saved: 'recording-rules.saved',
    schema: recordingForm,
    service,
    values: formValues,
    data: ({ t }) => ({
      title: t('recording-rules.title'),
      styles: ['setup'],
      limits: MAX_PAUSE_S,
      modes: RECORDING_MODES.map((value) => ({ value, label: t(`recording.rule.${value}`) })),
    }),
  });
  return pages;
}
