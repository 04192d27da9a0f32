import { ALARM_KINDS } from '../../engines/alarm/watch.js';
import { can } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AlarmId } from '../../kernel/ids.js';
import { listView, PageRoutes, readList, type PageContext } from '../../web/kit/index.js';
import type { AlarmService } from './alarm-service.js';
import { measuredText, subjectPath, valueText } from './alarm-words.js';
import { ALARM_STATES, type Alarm } from './alarm.js';

export const ALARMS_PATH = '/live/alarms';
const ACCESS = 'alarms.read';

/** What is wrong and was wrong; taking it in hand. */
export function alarmPages(service: AlarmService): PageRoutes {
  const pages = new PageRoutes();
  pages.get(ALARMS_PATH, ACCESS, (page) => show(page, service));
  pages.get(`${ALARMS_PATH}/:id`, ACCESS, (page) => showOne(page, service));
  pages.post(`${ALARMS_PATH}/:id/acknowledge`, ACCESS, (page) => acknowledge(page, service));
  return pages;
}

async function show(page: PageContext, service: AlarmService): Promise<void> {
  const request = readList(page, {
    path: ALARMS_PATH,
    sorts: ['began'],
    defaultSort: '-began',
    filters: ['state', 'kind'],
  });
  const { rows, total } = await service.list(page.actor, {
    search: request.search,
    offset: request.offset,
    limit: request.limit,
    state: ALARM_STATES.find((one) => one === request.filters['state']),
    kind: ALARM_KINDS.find((one) => one === request.filters['kind']),
  });
  const options = (values: readonly string[], prefix: string) =>
    values.map((value) => ({ value, label: page.t(`${prefix}.${value}`) }));
  page.render('alarms/list', {
    title: page.t('alarms.title'),
    styles: ['live'],
    scripts: ['alarms'],
    list: listView(request, { rows: rows.map((alarm) => view(page, alarm)), total }, [
      { label: 'alarms.column.what' },
      { label: 'alarms.column.about' },
      { label: 'alarms.column.value' },
      { label: 'alarms.column.began' },
      { label: 'alarms.column.ended' },
      { label: 'alarms.column.by' },
      { label: '' },
    ]),
    states: options(ALARM_STATES, 'alarms.state'),
    kinds: options(ALARM_KINDS, 'alarms.kind'),
    mayEdit: can(page.actor, 'alarms.edit'),
  });
}

const view = (page: PageContext, alarm: Alarm) => ({
  id: alarm.id,
  name: alarm.ruleName,
  level: page.t(`alarms.level.${alarm.level}`),
  icon:
    alarm.endedAt !== undefined
      ? 'circle-check'
      : alarm.level === 'critical'
        ? 'alert-octagon'
        : 'alert-triangle',
  tone: alarm.endedAt !== undefined ? 'off' : alarm.level === 'critical' ? 'alarm' : 'wrapup',
  about: alarm.subjectName,
  aboutHref: subjectPath(alarm),
  measured: measuredText(alarm),
  limit:
    valueText(alarm.kind, alarm.threshold) === ''
      ? ''
      : page.t('alarms.limit', { limit: valueText(alarm.kind, alarm.threshold) }),
  beganAt: alarm.beganAt,
  endedAt: alarm.endedAt,
  acknowledgedAt: alarm.acknowledgedAt,
  acknowledgedBy: alarm.acknowledgedBy,
  note: alarm.note,
});

async function showOne(
  page: PageContext,
  service: AlarmService,
  problem?: string,
  status = 200,
): Promise<void> {
  const alarm = await service.get(page.actor, page.id<AlarmId>());
  page.render(
    'alarms/one',
    {
      title: alarm.ruleName,
      crumbs: [{ label: page.t('alarms.title'), href: ALARMS_PATH }],
      styles: ['live'],
      alarm: { ...view(page, alarm), toldAt: alarm.toldAt },
      advice: page.t(`alarms.advice.${alarm.kind}`),
      note: page.body['note'],
      problem,
    },
    status,
  );
}

async function acknowledge(page: PageContext, service: AlarmService): Promise<void> {
  const { note = '' } = page.body;
  try {
    const isFirst = await service.acknowledge(page.actor, page.id(), String(note).trim());
    await page.redirect(ALARMS_PATH, {
      message: isFirst ? 'alarms.acknowledged' : 'alarms.acknowledged-before',
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    const [first] = error.problems;
    await showOne(page, service, first && page.t(first.message, first.params), 422);
  }
}
