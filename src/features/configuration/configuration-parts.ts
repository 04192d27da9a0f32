import type { Knex } from 'knex';
import type { Announcer } from '../../kernel/announcer.js';
import type { LiveView } from '../../telephony/live.js';
import type { SecretBox } from './secrets.js';

/** What the features of the set-up area are wired with. */
export interface ConfigurationParts {
  readonly database: Knex;
  readonly announcer: Announcer;
  readonly secrets: SecretBox;
  readonly live: LiveView;
  /** ISO 3166 country whose numbering plan national numbers follow. */
  readonly country: string;
}
