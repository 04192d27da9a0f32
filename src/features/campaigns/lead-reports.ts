import type { Knex } from 'knex';
import { likePattern, type ListQuery, type ListResult } from '../../kernel/list.js';
import type { CampaignId, ContactId, LeadId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';

export const LEAD_STATES = ['open', 'calling', 'done', 'refused', 'removed'] as const;
export const LEAD_SORTS = ['next', 'name', 'attempts'] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];

const COLUMNS: Readonly<Record<LeadSort, string>> = {
  next: 'leads.next_at',
  name: 'contacts.name',
  attempts: 'leads.attempts',
};

/** A person of a campaign as a list shows it. */
export interface LeadLine {
  readonly id: LeadId;
  readonly contact_id: ContactId;
  readonly name: string;
  readonly state: (typeof LEAD_STATES)[number];
  readonly attempts: number;
  readonly next_at: Date;
  readonly last_result: string;
  readonly held_by: string;
  readonly agent_name: string | null;
  /** The first number; '' where there is none. */
  readonly number: string;
}

/** One page of the people of a campaign. */
export interface LeadQuery extends ListQuery<LeadSort> {
  readonly state: string | undefined;
  /** A rule or a result. */
  readonly heldBy: string | undefined;
}

/** People of campaigns, as lists show them. */
export class LeadReports {
  /** @param country where national numbers in searches are read */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(campaign: CampaignId, query: LeadQuery): Promise<ListResult<LeadLine>> {
    const [counted] = await this.#matching(campaign, query).count<{ total: number }[]>({
      total: '*',
    });
    const rows = await this.#matching(campaign, query)
      .leftJoin('agents', 'agents.id', 'leads.agent_id')
      .orderBy(COLUMNS[query.sortBy], query.descending ? 'desc' : 'asc')
      .orderBy('leads.id')
      .offset(query.offset)
      .limit(query.limit)
      .select<Omit<LeadLine, 'number'>[]>(
        'leads.*',
        'contacts.name as name',
        'agents.name as agent_name',
      );
    const numbers = await this.#firstNumbers(rows.map((row) => row.contact_id));
    return {
      rows: rows.map((row) => ({ ...row, number: numbers.get(row.contact_id) ?? '' })),
      total: counted?.total ?? 0,
    };
  }

  #matching(campaign: CampaignId, { state, heldBy, search }: LeadQuery) {
    const query = this.db('leads')
      .join('contacts', 'contacts.id', 'leads.contact_id')
      .where('leads.campaign_id', campaign);
    const known = LEAD_STATES.find((one) => one === state);
    if (known !== undefined) void query.where('leads.state', known);
    if (heldBy !== undefined) void query.where('leads.held_by', heldBy);
    if (search === '') return query;
    const number = normaliseNumber(search, this.country);
    const withNumber = this.db('contact_numbers').where({ number }).select('contact_id');
    return query.where((either) => {
      void either.whereILike('contacts.name', likePattern(search));
      if (number.startsWith('+')) void either.orWhereIn('leads.contact_id', withNumber);
    });
  }

  async #firstNumbers(contacts: readonly ContactId[]): Promise<ReadonlyMap<ContactId, string>> {
    const rows = await this.db('contact_numbers')
      .whereIn('contact_id', contacts)
      .orderBy([{ column: 'contact_id' }, { column: 'position', order: 'desc' }])
      .select<{ contact_id: ContactId; number: string }[]>('contact_id', 'number');
    return new Map(rows.map((row) => [row.contact_id, row.number]));
  }
}
