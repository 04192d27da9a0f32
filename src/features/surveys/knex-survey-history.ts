import type { Knex } from 'knex';
import type { SurveyHistory } from '../../telephony/survey-history.js';

/** Reads who was asked from the table that the ledger fills, by one covering index. */
export class KnexSurveyHistory implements SurveyHistory {
  constructor(private readonly db: Knex) {}

  async askedSince(number: string, sinceAt: number): Promise<boolean> {
    const row = await this.db('survey_runs')
      .where('from_number', number)
      .where('offered_at', '>=', new Date(sinceAt))
      .first<object | undefined>('offered_at');
    return row !== undefined;
  }
}
