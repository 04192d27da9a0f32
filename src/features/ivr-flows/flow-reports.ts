import type { Knex } from 'knex';
import type { FlowDefinition } from '../../engines/ivr/flow.js';
import type { FlowKnowledge } from '../../engines/ivr/knowledge.js';
import { subFlowsOf, type ReferenceKind } from '../../engines/ivr/references.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import type { Calendar } from '../../engines/routing/calendar.js';
import type { CalendarId, FlowId } from '../../kernel/ids.js';
import { readTarget, type Usage } from '../configuration/index.js';
import { readDraft } from './flow.js';

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

/** A DID: its number is its name here. */
export interface DidChoice extends Choice {
  readonly label: string;
}

/** Everything that steps can name, archived rows left out. */
export interface FlowChoices {
  readonly prompts: readonly PromptChoice[];
  readonly queues: readonly Choice[];
  readonly extensions: readonly ExtensionChoice[];
  readonly calendars: readonly Choice[];
  readonly skills: readonly Choice[];
  readonly dids: readonly DidChoice[];
  /** Databases for look-ups. */
  readonly connections: readonly Choice[];
  /** Conference rooms. */
  readonly rooms: readonly Choice[];
  /** Published flows. */
  readonly flows: readonly Choice[];
}

/** Published flows that a flow enters, by id. */
export type SubFlows = ReadonlyMap<number, FlowDefinition>;

/** What pages and checks of flows read from other tables. */
export interface FlowReports {
  choices(): Promise<FlowChoices>;
  /** DIDs and queues that lead to a flow. */
  usesOf(id: FlowId): Promise<readonly Usage[]>;
  /** How many DIDs and queues lead to each flow. */
  useCounts(): Promise<ReadonlyMap<FlowId, number>>;
  /** Languages in which callers enter a flow: those of its DIDs. */
  languagesOf(id: FlowId): Promise<readonly Language[]>;
  /** Published flows that these steps enter, and those that these enter in turn. */
  subFlowsOf(definition: FlowDefinition): Promise<SubFlows>;
  /** Every calendar, archived ones too: a draft may still name them. */
  calendars(): Promise<ReadonlyMap<CalendarId, Calendar>>;
}

/** Things of one kind that steps can name. */
export function choicesOf(choices: FlowChoices, kind: ReferenceKind): readonly Choice[] {
  switch (kind) {
    case 'prompt':
      return choices.prompts;
    case 'queue':
      return choices.queues;
    case 'extension':
      return choices.extensions;
    case 'calendar':
      return choices.calendars;
    case 'skill':
      return choices.skills;
    case 'did':
      return choices.dids;
    case 'flow':
      return choices.flows;
    case 'connection':
      return choices.connections;
    case 'room':
      return choices.rooms;
    case 'survey':
      // Nobody can make one yet.
      return [];
  }
}

const idsOf = (choices: readonly Choice[]): ReadonlySet<number> =>
  new Set(choices.map((choice) => choice.id));

/** What a check of the flow `self` has to know. */
export const knowledgeOf = (
  choices: FlowChoices,
  {
    self,
    languages,
    subFlows,
  }: {
    readonly self: FlowId;
    readonly languages: readonly Language[];
    readonly subFlows: SubFlows;
  },
): FlowKnowledge => ({
  self,
  prompts: new Map(choices.prompts.map((prompt) => [prompt.id, prompt])),
  queues: idsOf(choices.queues),
  extensions: new Map(choices.extensions.map((extension) => [extension.id, extension])),
  calendars: idsOf(choices.calendars),
  skills: idsOf(choices.skills),
  dids: idsOf(choices.dids),
  connections: idsOf(choicesOf(choices, 'connection')),
  rooms: idsOf(choicesOf(choices, 'room')),
  surveys: idsOf(choicesOf(choices, 'survey')),
  flows: new Map(
    choices.flows.map(({ id, name }) => {
      const definition = subFlows.get(id);
      return [id, definition === undefined ? { name } : { name, definition }];
    }),
  ),
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
    const [prompts, files, queues, extensions, calendars, skills, dids, flows, connections, rooms] =
      await Promise.all([
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
        this.#living('skills').orderBy('name').select<Choice[]>('id', 'name'),
        this.#living('dids')
          .orderBy('number')
          .select<DidChoice[]>('id', { name: 'number' }, { label: 'name' }),
        this.#living('ivr_flows')
          .where('published_version', '>', 0)
          .orderBy('name')
          .select<Choice[]>('id', 'name'),
        this.#living('lookup_connections').orderBy('name').select<Choice[]>('id', 'name'),
        this.#living('conferences').orderBy('number').select<Choice[]>('id', 'name'),
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
      skills,
      dids,
      flows,
      connections,
      rooms,
    };
  }

  async subFlowsOf(definition: FlowDefinition): Promise<SubFlows> {
    const found = new Map<number, FlowDefinition>();
    let wanted = subFlowsOf(definition.steps);
    while (wanted.length > 0) {
      const rows = await this.#publishedFlows(wanted);
      for (const row of rows) found.set(row.id, readDraft(row.definition));
      wanted = rows
        .flatMap((row) => subFlowsOf(found.get(row.id)?.steps ?? {}))
        .filter((id) => !found.has(id));
    }
    return found;
  }

  async calendars(): Promise<ReadonlyMap<CalendarId, Calendar>> {
    const rows = await this.db('calendars').select<
      { id: CalendarId; zone: string; weekly: unknown; exceptions: unknown }[]
    >('id', 'zone', 'weekly', 'exceptions');
    return new Map(rows.map((row) => [row.id, { zone: row.zone, ...readCalendarColumns(row) }]));
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

  #publishedFlows(
    ids: readonly number[],
  ): Promise<readonly { readonly id: number; readonly definition: unknown }[]> {
    return this.db('ivr_flows')
      .join('ivr_flow_versions', (on) => {
        on.on('ivr_flow_versions.flow_id', 'ivr_flows.id').andOn(
          'ivr_flow_versions.flow_version',
          'ivr_flows.published_version',
        );
      })
      .whereIn('ivr_flows.id', ids)
      .whereNull('ivr_flows.archived_at')
      .select<{ id: number; definition: unknown }[]>(
        'ivr_flows.id',
        'ivr_flow_versions.definition',
      );
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
