import type { PageRoutes } from '../../web/kit/index.js';
import { addSettingPages, type SettingService } from '../configuration/index.js';
import { TIMES_LIMITS, timesSchema, type FollowUpTimes } from './escalation-setting.js';

/** The page that says when what nobody does is shown to supervisors, and when it becomes the team's. */
export function addTimesPage(pages: PageRoutes, service: SettingService<FollowUpTimes>): void {
  addSettingPages(pages, {
    path: '/setup/follow-ups',
    permission: 'reasons.edit',
    view: 'follow-ups/times',
    prefix: 'follow-ups.times',
    saved: 'follow-ups.times.saved',
    schema: timesSchema,
    service,
    values: ({ escalateMs, handOnMs }) => ({
      escalateS: escalateMs / 1_000,
      handOnS: handOnMs / 1_000,
    }),
    data: ({ t }) => ({
      title: t('follow-ups.times.title'),
      styles: ['setup'],
      limits: TIMES_LIMITS,
    }),
  });
}
