import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { NotReadyReasonService } from './not-ready-reason-service.js';
import {
  LIMIT_MAX_MIN,
  notReadyReasonSchema,
  REASON_ICONS,
  REASON_SORTS,
  type StoredNotReadyReason,
} from './not-ready-reason.js';

const nameIn = (page: PageContext, reason: StoredNotReadyReason): string =>
  page.language === 'zh-CN' ? reason.nameZh : reason.nameEn;

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));
/** A new reason comes last. */
const LAST = 100;

/** The set-up pages of not-ready reasons. */
export const notReadyReasonPages = (service: NotReadyReasonService): PageRoutes =>
  rowPages({
    name: 'not-ready-reasons',
    permission: 'reasons.edit',
    service,
    schema: notReadyReasonSchema,
    list: {
      sorts: REASON_SORTS,
      defaultSort: 'position',
      columns: [
        { label: 'not-ready-reasons.column.name', sort: 'name' },
        { label: 'not-ready-reasons.column.other-name' },
        { label: 'not-ready-reasons.form.position', sort: 'position', numeric: true },
        { label: 'not-ready-reasons.form.limit-min', numeric: true },
        { label: 'not-ready-reasons.form.day-limit-min', numeric: true },
        { label: 'not-ready-reasons.column.agents' },
        { label: 'not-ready-reasons.column.key' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: (page, reasons) =>
        reasons.map((reason) => ({
          icon: reason.icon,
          otherName: page.language === 'zh-CN' ? reason.nameEn : reason.nameZh,
          position: reason.position,
          limit: minutes(page, reason.limitMin),
          dayLimit: minutes(page, reason.dayLimitMin),
          agentsMayChoose: reason.agentsMayChoose,
          digit: reason.digit,
          active: reason.active,
          updatedAt: reason.updatedAt,
        })),
    },
    title: nameIn,
    newValues: () => ({
      icon: REASON_ICONS[0],
      position: LAST,
      limitMin: 0,
      dayLimitMin: 0,
      agentsMayChoose: true,
      digit: '',
      prompt: '',
      active: true,
    }),
    values: (_page, reason) => ({ ...reason, prompt: reason.prompt ?? '' }),
    data: async (page) => ({
      styles: ['setup'],
      maxMin: LIMIT_MAX_MIN,
      icons: REASON_ICONS.map((icon) => ({
        value: icon,
        label: page.t(`not-ready-reasons.icon.${icon}`),
      })),
      prompts: (await service.nameOptions(page.actor)).map(({ id, name }) => ({
        value: id,
        label: name,
      })),
      digits: DIGITS.map((digit) => ({ value: digit, label: `*12${digit}` })),
    }),
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
  });

const minutes = (page: PageContext, count: number): string =>
  count === 0 ? '' : page.t('configuration.duration.min', { count });
