import { ALARM_KINDS, ALARM_LEVELS } from '../../engines/alarm/watch.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { clockText, rowPages, type RowService } from '../configuration/index.js';
import type { AlarmRuleId } from '../../kernel/ids.js';
import { valueText } from './alarm-words.js';
import {
  ALARM_RULE_SORTS,
  alarmRuleSchema,
  type AlarmRuleDraft,
  type AlarmRuleSort,
  type StoredAlarmRule,
} from './alarm-rule.js';
import type { KnexAlarmRuleStore } from './knex-alarm-rule-store.js';

export type AlarmRuleService = RowService<
  AlarmRuleId,
  AlarmRuleDraft,
  StoredAlarmRule,
  AlarmRuleSort
>;

/** The set-up pages of rules. */
export const alarmRulePages = (
  service: AlarmRuleService,
  store: Pick<KnexAlarmRuleStore, 'queueOptions'>,
): PageRoutes =>
  rowPages({
    name: 'alarm-rules',
    permission: 'alarms.edit',
    service,
    schema: alarmRuleSchema,
    list: {
      sorts: ALARM_RULE_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'alarm-rules.form.name', sort: 'name' },
        { label: 'alarm-rules.form.kind', sort: 'kind' },
        { label: 'alarm-rules.form.threshold' },
        { label: 'alarm-rules.column.told' },
        { label: 'alarm-rules.column.state' },
        { label: '' },
      ],
      rows: (page, rules) =>
        rules.map((rule) => ({
          kind: page.t(`alarms.kind.${rule.kind}`),
          threshold: valueText(rule.kind, rule.threshold),
          told: [...rule.mails, ...(rule.webhook === '' ? [] : [rule.webhook])].join(', '),
          isOn: rule.enabled,
          level: page.t(`alarms.level.${rule.level}`),
        })),
    },
    title: (_page, rule) => rule.name,
    newValues: () => ({
      ...{ kind: 'waiting', level: 'warning', enabled: true, threshold: 300, holdS: 0 },
      ...{ queues: [], mails: '', webhook: '', quietFrom: '', quietTo: '' },
    }),
    values: (_page, rule) => ({
      ...rule,
      mails: rule.mails.join('\n'),
      quietFrom: rule.quietFrom === rule.quietTo ? '' : clockText(rule.quietFrom),
      quietTo: rule.quietFrom === rule.quietTo ? '' : clockText(rule.quietTo),
    }),
    data: (page) => formData(page, store),
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
  });

async function formData(page: PageContext, store: Pick<KnexAlarmRuleStore, 'queueOptions'>) {
  const queues = await store.queueOptions();
  return {
    styles: ['setup'],
    scripts: ['check-filter'],
    kinds: ALARM_KINDS.map((value) => ({ value, label: page.t(`alarms.kind.${value}`) })),
    levels: ALARM_LEVELS.map((value) => ({ value, label: page.t(`alarms.level.${value}`) })),
    queueOptions: queues.map(({ id, name }) => ({ value: String(id), label: name })),
    zone: page.zone,
  };
}
