import type { Knex } from 'knex';
import type { FlowKnowledge } from '../../engines/ivr/validation.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { FlowId } from '../../kernel/ids.js';
import { readTarget, type Usage } from '../configuration/index.js';

/** Something that a step can name. */
export interface Choice {
  readonly id: number;
  readonly name: string;
}
export interface PromptChoice extends Choice {
  readonly languages: readonly Language[];
}
export interface ExtensionChoice extends Choice {
  readonly voicemail: boolean;
}

/** Everything that steps can name, archived rows left out. */
export interface FlowChoices {
  readonly prompts: readonly PromptChoice[];
  readonly queues: readonly Choice[];
  readonly extensions: readonly ExtensionChoice[];
  readonly calendars: readonly Choice[];
}

/** What pages and checks of flows read from other tables. */
export interface FlowReports {
  choices(): Promise<FlowChoices>;
  /** DIDs and queues that lead to a flow. */
  usesOf(id: FlowId): Promise<readonly Usage[]>;
  /** How many DIDs and queues lead to each flow. */
  useCounts(): Promise<ReadonlyMap<FlowId, number>>;
  /** Languages in which callers enter a flow: those of its DIDs. */
  languagesOf(id: FlowId): Promise<readonly Language[]>;
}

/** What a check of a flow has to know. */
export const knowledgeOf = (
  choices: FlowChoices,
  languages: readonly Language[],
): FlowKnowledge => ({
  prompts: new Map(choices.prompts.map((prompt) => [prompt.id, prompt])),
  queues: new Set(choices.queues.map((queue) => queue.id)),
  extensions: new Map(choices.extensions.map((extension) => [extension.id, extension])),
  calendars: new Set(choices.calendars.map((calendar) => calendar.id)),
  languages,
});

interface DidRow {
  readonly id: number;
  readonly number: string;
  readonly target: unknown;
  readonly language: string;
}

/** The reports on MariaDB. Within a transaction the rows read stay as they are until its end. */
export class KnexFlowReports implements FlowReports {
  constructor(private readonly db: Knex) {}

  async choices(): Promise<FlowChoices> {
    const [prompts, files, queues, extensions, calendars] = await Promise.all([
      this.#living('prompts').orderBy('name').select<Choice[]>('id', 'name'),
      this.db('prompt_files').select<{ prompt_id: number; language: Language }[]>(
        'prompt_id',
        'language',
      ),
      this.#living('queues').orderBy('name').select<Choice[]>('id', 'name'),
      this.#living('extensions')
        .orderBy('number')
        .select<{ id: number; number: string; name: string; voicemail: number }[]>(
          'id',
          'number',
          'name',
          'voicemail',
        ),
      this.#living('calendars').orderBy('name').select<Choice[]>('id', 'name'),
    ]);
    return {
      prompts: prompts.map((prompt) => ({
        ...prompt,
        languages: LANGUAGES.filter((language) =>
          files.some((file) => file.prompt_id === prompt.id && file.language === language),
        ),
      })),
      queues,
      extensions: extensions.map((row) => ({
        id: row.id,
        name: `${row.number} ${row.name}`,
        voicemail: row.voicemail === 1,
      })),
      calendars,
    };
  }

  async usesOf(id: FlowId): Promise<readonly Usage[]> {
    const [dids, queues] = await Promise.all([this.#dids(), this.#queues()]);
    return [
      ...dids
        .filter((row) => leadsTo(row.target, id))
        .map((row): Usage => ({ kind: 'did', id: row.id, name: row.number })),
      ...queues
        .filter((row) => leadsTo(row.overflow, id))
        .map((row): Usage => ({ kind: 'queue', id: row.id, name: row.name })),
    ];
  }

  async useCounts(): Promise<ReadonlyMap<FlowId, number>> {
    const [dids, queues] = await Promise.all([this.#dids(), this.#queues()]);
    const counts = new Map<FlowId, number>();
    for (const column of [...dids.map((row) => row.target), ...queues.map((row) => row.overflow)]) {
      const target = readTarget(column);
      if (target.kind === 'flow') counts.set(target.id, (counts.get(target.id) ?? 0) + 1);
    }
    return counts;
  }

  async languagesOf(id: FlowId): Promise<readonly Language[]> {
    const dids = (await this.#dids()).filter((row) => leadsTo(row.target, id));
    return LANGUAGES.filter((language) => dids.some((row) => row.language === language));
  }

  #dids(): Promise<readonly DidRow[]> {
    return this.#living('dids')
      .orderBy('number')
      .select<DidRow[]>('id', 'number', 'target', 'language');
  }

  #queues(): Promise<readonly { id: number; name: string; overflow: unknown }[]> {
    return this.#living('queues')
      .orderBy('name')
      .select<{ id: number; name: string; overflow: unknown }[]>('id', 'name', 'overflow');
  }

  #living(table: string): Knex.QueryBuilder {
    return this.db(table).whereNull('archived_at').forShare();
  }
}

function leadsTo(column: unknown, id: FlowId): boolean {
  const target = readTarget(column);
  return target.kind === 'flow' && target.id === id;
}
