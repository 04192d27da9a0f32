/** What kind of configuration changed. */
export type ConfigurationKind =
  | 'trunks'
  | 'dids'
  | 'extensions'
  | 'queues'
  | 'agents'
  | 'past-results'
  | 'flows'
  | 'prompts'
  | 'music'
  | 'calendars'
  | 'skills'
  | 'regions'
  | 'routing-rules'
  | 'hooks'
  | 'lookups'
  | 'conferences'
  | 'reasons'
  | 'dispositions'
  | 'settings';

/** Tells every process that configuration was saved, so that it applies to calls from now on. */
export interface Announcer {
  configurationChanged(kind: ConfigurationKind): Promise<void>;
}
