/** What kind of configuration changed. */
export type ConfigurationKind =
  | 'trunks'
  | 'dids'
  | 'extensions'
  | 'call-handling'
  | 'queues'
  | 'agents'
  | 'past-results'
  | 'flows'
  | 'prompts'
  | 'music'
  | 'surveys'
  | 'scripts'
  | 'calendars'
  | 'campaigns'
  | 'skills'
  | 'regions'
  | 'routing-rules'
  | 'hooks'
  | 'lookups'
  | 'conferences'
  | 'ring-groups'
  | 'paging-groups'
  | 'parking'
  | 'operator'
  | 'desk-phones'
  | 'speed-dials'
  | 'feature-codes'
  | 'reasons'
  | 'wallboards'
  | 'alarm-rules'
  | 'dispositions'
  | 'settings';

/** Tells every process that configuration was saved, so that it applies to calls from now on. */
export interface Announcer {
  configurationChanged(kind: ConfigurationKind): Promise<void>;
}
