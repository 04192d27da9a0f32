import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { conferencePages } from './conference-pages.js';
import { ConferenceService } from './conference-service.js';
import { KnexConferenceStore } from './knex-conference-store.js';
import { addLiveRoomPages } from './live/live-room-pages.js';
import { LiveRoomService } from './live/live-room-service.js';
import { roomTopics } from './live/room-values.js';

export { NEW_CONFERENCE } from './conference.js';

/** Rooms in which everybody hears everybody. */
export interface ConferencesFeature extends FeatureModule {
  readonly service: ConferenceService;
}

/** The set-up of rooms, without pages. */
export function openConferences(
  parts: Pick<ConfigurationParts, 'database' | 'announcer' | 'secrets'>,
): ConferenceService {
  const store = new KnexConferenceStore(parts.database, knexAuditLog);
  return new ConferenceService(store, parts.announcer, parts.secrets);
}

interface ConferencesParts extends ConfigurationParts {
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
}

/** Wires them on MariaDB. */
export function makeConferencesFeature(parts: ConferencesParts): ConferencesFeature {
  const service = openConferences(parts);
  const usage = new KnexUsageReports(parts.database);
  const live = new LiveRoomService({ ...parts, audit: knexAuditLog(parts.database) });
  const { topics, family } = roomTopics(parts.directory);
  return {
    name: 'conferences',
    service,
    pages: addLiveRoomPages(conferencePages(service, usage, parts.country), {
      ...parts,
      service: live,
    }),
    liveTopics: topics,
    liveFamilies: [family],
    menu: [
      {
        group: 'live',
        label: 'rooms.title',
        icon: 'users-group',
        href: '/live/conferences',
        access: 'live.read',
        order: 50,
      },
      {
        group: 'phones',
        label: 'conferences.title',
        icon: 'users-group',
        href: '/setup/conferences',
        access: 'extensions.edit',
        order: 20,
      },
    ],
  };
}
