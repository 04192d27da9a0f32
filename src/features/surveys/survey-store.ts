import type { Language } from '../../kernel/call-event.js';
import type { PromptId, SurveyId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { StoredSurvey, SurveyDraft, SurveySort } from './survey.js';

/** A prompt that can be played instead of a spoken text, with the languages in which it can. */
export interface PromptOption {
  readonly id: PromptId;
  readonly name: string;
  readonly languages: readonly Language[];
}

/**
 * Surveys by name. A question keeps its id while answers to it can be counted together; one that is taken away, or given
 * another scale or other choices, stays for the answers that it has.
 */
export interface SurveyStore extends VersionedStore<
  SurveyId,
  SurveyDraft,
  StoredSurvey,
  SurveySort
> {
  /** Prompts in use by name. */
  promptOptions(): Promise<readonly PromptOption[]>;
}
