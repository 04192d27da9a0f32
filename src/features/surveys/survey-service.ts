import type { Announcer } from '../../kernel/announcer.js';
import type { SurveyId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import { describeSurvey } from './survey-description.js';
import type { SurveyStore } from './survey-store.js';
import type { StoredSurvey, SurveyDraft, SurveySort } from './survey.js';

/** Surveys. One that a queue or a flow asks cannot be archived. */
export class SurveyService extends RowService<SurveyId, SurveyDraft, StoredSurvey, SurveySort> {
  constructor(surveys: SurveyStore, announcer: Announcer) {
    super(surveys, announcer, {
      permission: 'surveys.edit',
      objectKind: 'survey',
      announces: 'surveys',
      nameOf: (draft) => draft.name,
      describe: async (draft) => {
        const names = (await surveys.promptOptions()).map(({ id, name }) => [id, name] as const);
        return describeSurvey(draft, new Map(names));
      },
    });
  }
}
