import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk, LiveView } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import type { NotReadyToday } from '../not-ready-reasons/index.js';
import { KnexPreviewRecords } from '../previews/index.js';
import { deskTopic } from './desk-values.js';
import { KnexWrapUpStore } from './knex-wrap-up-store.js';
import { DispositionsByPhone, type PhoneDispositionParts } from './phone-dispositions.js';
import { WrapUpService, type DispositionListener } from './wrap-up-service.js';
import { workspacePages } from './workspace-pages.js';
import { WorkspaceReports } from './workspace-reports.js';
import { WorkspaceService } from './workspace-service.js';

/** What agents say on their phones, for the role `calls`. */
export const makePhoneDispositions = ({
  database,
  ...parts
}: Omit<PhoneDispositionParts, 'store'> & { readonly database: Database }): DispositionsByPhone =>
  new DispositionsByPhone({ ...parts, store: new KnexWrapUpStore(database) });

/** What the agent's page stands on. */
export interface WorkspaceDependencies {
  readonly database: Database;
  readonly liveView: LiveView;
  readonly desk: Desk;
  /** Kept up to date by whoever opened it. */
  readonly directory: Pick<Directory, 'current'>;
  readonly notReadyToday: NotReadyToday;
  readonly results: DispositionListener;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
  /** ISO country whose numbering plan national numbers follow. */
  readonly country: string;
}

/** The agent's page, and what other parts of it ask about the call of now. */
export interface WorkspaceFeature extends FeatureModule {
  readonly wrapUp: WrapUpService;
}

/** Wires the agent's page; its menu entry is seen by users who work as agents. */
export function makeWorkspaceFeature(parts: WorkspaceDependencies): WorkspaceFeature {
  const { database, liveView: live, desk, directory, clock, zone, country, notReadyToday } = parts;
  const reports = new WorkspaceReports(database);
  const records = new KnexPreviewRecords(database);
  const service = new WorkspaceService({
    ...{ reports, records, live, desk, directory, clock, zone, country },
  });
  const store = new KnexWrapUpStore(database);
  const wrapUp = new WrapUpService({ store, live, desk, directory, clock, results: parts.results });
  return {
    name: 'workspace',
    wrapUp,
    pages: workspacePages({
      service,
      wrapUp,
      live,
      directory,
      notReadyToday,
      now: () => clock.now(),
    }),
    menu: [
      {
        group: 'work',
        label: 'workspace.title',
        icon: 'headset',
        href: '/workspace',
        access: 'workspace.use',
        order: 10,
        isFor: (actor) => actor.agentId !== undefined,
      },
    ],
    liveTopics: [deskTopic({ directory, today: notReadyToday })],
  };
}
