import type { Logger } from '../../adapters/log/logger.js';
import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { Directory } from '../../telephony/directory.js';
import type { DecisionLog, Desk, LiveDecision, LiveView } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule, type MenuEntry } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { TodayFigures } from '../home/index.js';
import type { NotReadyToday } from '../not-ready-reasons/index.js';
import { KnexTargetStore } from '../configuration/index.js';
import { addQueueActionPages } from './actions/queue-action-pages.js';
import { QueueActionService } from './actions/queue-action-service.js';
import { addDayPages } from './day/day-pages.js';
import { agentDayTopics } from './day/day-values.js';
import { KnexAgentDayReports } from './day/knex-agent-day-reports.js';
import { addAgentPages } from './agent-pages.js';
import type { BoardSources } from './board.js';
import { addDecisionPage } from './decision-page.js';
import { DECISIONS_SHOWN } from './decision-values.js';
import { KnexLiveQueueReports } from './knex-live-queue-reports.js';
import { addLinePage } from './line-page.js';
import { LiveLookup } from './live-lookup.js';
import {
  averageHandleTime,
  type Handled,
  type LiveQueueReports,
  type PriorityOrigin,
} from './live-queue-reports.js';
import { addLiveQueuePages } from './live-queue-pages.js';
import { LiveQueueService } from './live-queue-service.js';
import { addMonitorPages } from './monitor-pages.js';
import { addSteeringPages } from './steering-pages.js';
import { liveQueueTopics } from './topics.js';
import { addWhyPages } from './why-pages.js';

export type { BoardSources } from './board.js';
export { inAgentOrder } from './agent-values.js';
export { LiveLookup } from './live-lookup.js';

/** Calls of today are counted again after so long while somebody looks. */
const CALLS_FRESH_MS = 10_000;

/** What the live pages stand on. `zone` is the site's: where "today" begins. */
export interface LiveQueuesParts {
  readonly database: Database;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly decisions: DecisionLog;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly zone: string;
  readonly figures: TodayFigures;
  readonly notReadyToday: NotReadyToday;
}

/** The live pages, and what other live pages show of the day, too. */
export interface LiveQueuesFeature extends FeatureModule {
  readonly sources: BoardSources;
  /** Something of it was read again. */
  onChange(listener: () => void): () => void;
}

/** The queues and agents of now, and what supervisors do with them. */
export function makeLiveQueuesFeature(parts: LiveQueuesParts): LiveQueuesFeature {
  const reports = new KnexLiveQueueReports(parts.database);
  const { sources, ready, onChange } = makeSources(parts, reports);
  const audit = knexAuditLog(parts.database);
  const service = new LiveQueueService({
    live: parts.live,
    desk: parts.desk,
    directory: parts.directory,
    audit,
  });
  const actions = new QueueActionService({ ...parts, audit });
  const { topics, family, filtered } = liveQueueTopics(sources, onChange);
  const pages = new PageRoutes();
  const pageParts = {
    service,
    reports,
    sources,
    ready,
    live: parts.live,
    directory: parts.directory,
    clock: parts.clock,
    zone: parts.zone,
  };
  addLiveQueuePages(pages, pageParts);
  addLinePage(pages, pageParts);
  addDecisionPage(pages, pageParts);
  addSteeringPages(pages, pageParts);
  addAgentPages(pages, pageParts);
  addMonitorPages(pages, pageParts);
  addWhyPages(pages, pageParts);
  addDayPages(pages, { ...pageParts, dayReports: new KnexAgentDayReports(parts.database) });
  const targets = new KnexTargetStore(parts.database);
  addQueueActionPages(pages, { ...pageParts, actions, targets });
  return {
    name: 'live-queues',
    sources,
    onChange,
    pages,
    menu: [menuEntry('queues', 'users-group', 20), menuEntry('agents', 'headset', 30)],
    liveTopics: topics,
    liveFamilies: [family, filtered, agentDayTopics(sources, onChange)],
  };
}

const menuEntry = (name: 'queues' | 'agents', icon: string, order: number): MenuEntry => ({
  group: 'live',
  label: `live-queues.menu.${name}`,
  icon,
  href: `/live/${name}`,
  access: 'live.read',
  order,
});

/** Lookups in the background for what the picture of now does not have. */
function makeSources(parts: LiveQueuesParts, reports: LiveQueueReports) {
  const { directory, clock, figures, notReadyToday } = parts;
  const report =
    (message: string) =>
    (error: unknown): void => {
      parts.logger.warn({ err: error }, message);
    };
  const decisions = new LiveLookup<QueueId, readonly LiveDecision[]>(async (queues) => {
    const read = queues.map(
      async (id) => [id, await parts.decisions.latest(id, DECISIONS_SHOWN)] as const,
    );
    return new Map(await Promise.all(read));
  }, report('decisions could not be read'));
  const origins = new LiveLookup<CallId, PriorityOrigin>(
    (calls) => reports.priorityOrigins(calls),
    report('reasons of priorities could not be read'),
  );
  const calls = new LiveLookup<'all', ReadonlyMap<AgentId, number>>(async () => {
    const { startAt } = siteDayOf(clock.now(), parts.zone);
    return new Map([['all', await reports.callsSince(new Date(startAt))]]);
  }, report('calls of today could not be counted'));
  const handled = new LiveLookup<'all', readonly Handled[]>(async () => {
    const { startAt } = siteDayOf(clock.now(), parts.zone);
    return new Map([['all', await reports.handledSince(new Date(startAt))]]);
  }, report('handle times of today could not be read'));
  const sources: BoardSources = {
    directory,
    reasons: { directory, today: notReadyToday },
    today: () => figures.latest,
    decisions: (queue) => decisions.get(queue.id, queue.decisions) ?? [],
    priorityOrigin: (call, priority) => origins.get(call, priority),
    callsToday: (agent) => {
      const counts = calls.get('all', Math.floor(clock.now() / CALLS_FRESH_MS));
      return counts && (counts.get(agent) ?? 0);
    },
    handleTime: (of) => {
      const rows = handled.get('all', Math.floor(clock.now() / CALLS_FRESH_MS)) ?? [];
      return averageHandleTime(
        rows.filter((row) =>
          'agentId' in of ? row.agentId === of.agentId : row.queueId === of.queueId,
        ),
      );
    },
  };
  const lookups = [decisions, origins, calls, handled] as const;
  return {
    sources,
    /** Waits until what was asked for was read. */
    ready: async (): Promise<void> => {
      await Promise.all([
        figures.fresh(),
        notReadyToday.ready(),
        ...lookups.map((lookup) => lookup.ready()),
      ]);
    },
    onChange: (listener: () => void): (() => void) => {
      const ends = [...lookups, figures, notReadyToday].map((one) => one.onChange(listener));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
