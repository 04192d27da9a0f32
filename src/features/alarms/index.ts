import { statfs } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { Database } from '../../adapters/mysql/database.js';
import type { Logger } from '../../adapters/log/logger.js';
import { readHealth } from '../../adapters/redis/health.js';
import { WebhookQueue } from '../../adapters/redis/webhook-queue.js';
import type { PhonePeaks } from '../../engines/alarm/phone-peak.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import type { AlarmRuleId, CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { LiveView } from '../../telephony/live.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { clockText, RowService } from '../configuration/index.js';
import { AlarmKeeper, type AlarmSources } from './alarm-keeper.js';
import { newsOf, type NewsParts } from './alarm-news.js';
import { alarmPages, ALARMS_PATH } from './alarm-pages.js';
import { alarmRulePages } from './alarm-rule-pages.js';
import type { AlarmRuleDraft, AlarmRuleSort, StoredAlarmRule } from './alarm-rule.js';
import { AlarmService } from './alarm-service.js';
import { differingDays, failedPercent, overdueCallers } from './knex-alarm-figures.js';
import { KnexAlarmRuleStore } from './knex-alarm-rule-store.js';
import { KnexAlarmStore } from './knex-alarm-store.js';
import { OpenAlarms } from './open-alarms.js';

export interface AlarmsParts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The page of alarms, the mark in the head of pages, and the set-up of rules. */
export function makeAlarmsFeature(parts: AlarmsParts): readonly FeatureModule[] {
  const { database, clock } = parts;
  const store = new KnexAlarmStore(database, knexAuditLog);
  const rules = new KnexAlarmRuleStore(database, knexAuditLog);
  const service = new AlarmService(store, clock);
  const ruleService = new RowService<AlarmRuleId, AlarmRuleDraft, StoredAlarmRule, AlarmRuleSort>(
    rules,
    parts.announcer,
    {
      permission: 'alarms.edit',
      objectKind: 'alarm-rule',
      announces: 'alarm-rules',
      nameOf: (draft) => draft.name,
      describe: async ({ queues, mails, quietFrom, quietTo, ...rule }) => {
        const names = new Map((await rules.queueOptions()).map(({ id, name }) => [id, name]));
        return {
          ...rule,
          queues: queues.map((id) => names.get(id) ?? String(id)).join(', '),
          mails: mails.join(', '),
          quiet: quietFrom === quietTo ? '' : `${clockText(quietFrom)}–${clockText(quietTo)}`,
        };
      },
    },
  );
  const open = new OpenAlarms(store, () => clock.now(), parts.logger);
  return [
    {
      name: 'alarms',
      pages: alarmPages(service),
      menu: [
        {
          group: 'live',
          label: 'alarms.title',
          icon: 'urgent',
          href: ALARMS_PATH,
          access: 'alarms.read',
          order: 60,
          count: async () => (await store.open()).length,
        },
      ],
      liveTopics: [open.topic],
    },
    {
      name: 'alarm-rules',
      pages: alarmRulePages(ruleService, rules),
      menu: [
        {
          group: 'system',
          label: 'alarm-rules.title',
          icon: 'urgent',
          href: '/setup/alarm-rules',
          access: 'alarms.edit',
          order: 25,
        },
      ],
    },
  ];
}

/** A picture that is older says nothing of now. */
const FRESH_MS = 10_000;
const PEAKS_KEY = 'cb:alarms:phones';

export interface AlarmJobsParts extends Omit<NewsParts, 'language'> {
  readonly database: Database;
  readonly redis: Redis;
  readonly live: Pick<LiveView, 'current' | 'receivedAt'>;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn' | 'error'>;
  /** Where the product keeps things: the disk that must not become full. */
  readonly varDir: string;
}

/** Keeps alarms; for the role `jobs`. */
export function startAlarms(server: Scope, parts: AlarmJobsParts): void {
  keeperOf(parts).run(server);
}

/** The same, to be asked by hand. */
export function keeperOf(parts: AlarmJobsParts): AlarmKeeper {
  const { database, redis, clock, log } = parts;
  const webhooks = new WebhookQueue(redis);
  return new AlarmKeeper({
    ...{ clock, log, zone: parts.zone },
    store: new KnexAlarmStore(database, knexAuditLog),
    sources: sourcesOf(parts),
    news: (alarm, rule) =>
      newsOf({ ...parts, language: parts.country === 'CN' ? 'zh-CN' : 'en' }, alarm, rule),
    send: ({ key, url, body, at }) =>
      // It is of no call.
      webhooks.add({ id: key, callId: '' as CallId, url, body, askedAt: at }),
  });
}

function sourcesOf({ database, redis, live, clock, varDir }: AlarmJobsParts): AlarmSources {
  const rules = new KnexAlarmRuleStore(database, knexAuditLog);
  return {
    snapshot: () => (clock.now() - live.receivedAt <= FRESH_MS ? live.current : undefined),
    isSipSilent: async () => {
      const sip = (await readHealth(redis, ['calls'])).get('calls')?.['sip'];
      return typeof sip === 'object' && sip !== null && 'isAnswering' in sip
        ? sip.isAnswering === false
        : undefined;
    },
    failedPercent: (now) => failedPercent(database, now),
    differingDays: (now) => differingDays(database, now),
    overdueCallers: (now) => overdueCallers(database, now),
    diskPercent: async () => {
      const { blocks, bavail } = await statfs(varDir);
      return blocks === 0 ? undefined : 100 * (1 - bavail / blocks);
    },
    rules: async () => (await rules.all()).filter(({ enabled }) => enabled),
    peaks: {
      read: async () => {
        const text = await redis.get(PEAKS_KEY);
        return text === null ? [] : (JSON.parse(text) as PhonePeaks);
      },
      write: async (peaks) => {
        await redis.set(PEAKS_KEY, JSON.stringify(peaks), 'EX', 86_400);
      },
    },
  };
}
