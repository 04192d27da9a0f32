import type { Clock } from '../../kernel/clock.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { KnexSurveyStore } from './knex-survey-store.js';
import { KnexSurveyResults } from './knex-survey-results.js';
import { addResultPages } from './result-pages.js';
import { surveyPages } from './survey-pages.js';
import { SurveyResultsService } from './survey-results-service.js';
import { SurveyService } from './survey-service.js';

export { KnexSurveyHistory } from './knex-survey-history.js';
export { surveySchema } from './survey-form.js';
export { SurveyService } from './survey-service.js';

/** What callers are asked by keys. */
export interface SurveysFeature extends FeatureModule {
  readonly service: SurveyService;
}

/** Wires surveys on MariaDB. */
export function makeSurveysFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer'> & { readonly clock: Clock },
): SurveysFeature {
  const { database, announcer, clock } = parts;
  const store = new KnexSurveyStore(database, knexAuditLog);
  const service = new SurveyService(store, announcer);
  const results = new SurveyResultsService(new KnexSurveyResults(database), knexAuditLog(database));
  const usage = new KnexUsageReports(database);
  return {
    name: 'surveys',
    service,
    pages: surveyPages(
      { service, store, usage },
      addResultPages(new PageRoutes(), { service: results, clock }),
    ),
    menu: [
      {
        group: 'calls',
        label: 'survey.results.title',
        icon: 'clipboard-list',
        href: '/quality/surveys',
        access: 'calls.read',
        order: 50,
      },
      {
        group: 'routing',
        label: 'surveys.title',
        icon: 'clipboard-list',
        href: '/setup/surveys',
        access: 'surveys.edit',
        order: 50,
      },
    ],
  };
}
