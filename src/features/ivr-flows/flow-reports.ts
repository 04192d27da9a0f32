import type { Knex } from 'knex';
import type { FlowDefinition } from '../../engines/ivr/flow.js';
import type { FlowKnowledge } from '../../engines/ivr/knowledge.js';
import { subFlowsOf, type ReferenceKind } from '../../engines/ivr/references.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import type { Calendar } from '../../engines/routing/calendar.js';
import type { CalendarId, FlowId } from '../../kernel/ids.js';
import type { Target } from '../../telephony/directory.js';
import {
  KnexUsageReports,
  publishedFlows,
  readOverflows,
  readTarget,
  type OverflowColumns,
  type Usage,
} from '../configuration/index.js';
import { entryLanguages, linksOf, type FlowLinks } from './entry-languages.js';
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
  readonly surveys: readonly Choice[];
  readonly campaigns: readonly Choice[];
  readonly ringGroups: readonly Choice[];
  /** Published flows. */
  readonly flows: readonly Choice[];
}

/** Published flows that a flow enters, by id. */
export type SubFlows = ReadonlyMap<number, FlowDefinition>;

/** Steps that a flow has not got yet. */
export interface OtherSteps {
  readonly id: FlowId;
  readonly definition: FlowDefinition;
}

/** What pages and checks of flows read from other tables. */
export interface FlowReports {
  choices(): Promise<FlowChoices>;
  /** The same with archived ones, which older versions name. */
  choicesEver(): Promise<FlowChoices>;
  /** DIDs and queues that lead to a flow, and published flows that enter it. */
  usesOf(id: FlowId): Promise<readonly Usage[]>;
  /** How many DIDs, queues and published flows lead to each flow. */
  useCounts(): Promise<ReadonlyMap<FlowId, number>>;
  /** Languages in which callers enter a flow: those of the DIDs that lead to it, also over other flows and queues. */
  languagesOf(id: FlowId): Promise<readonly Language[]>;
  /** Published flows that these steps enter, and those that these enter in turn; one of them with other steps `instead`. */
  subFlowsOf(definition: FlowDefinition, instead?: OtherSteps): Promise<SubFlows>;
  /** Published flows that enter a flow, themselves or through others. */
  flowsThatEnter(
    id: FlowId,
  ): Promise<readonly (Choice & { readonly definition: FlowDefinition })[]>;
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
    case 'ring-group':
      return choices.ringGroups;
    case 'survey':
      return choices.surveys;
    case 'campaign':
      return choices.campaigns;
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
    blockedHosts,
  }: {
    readonly self: FlowId;
    readonly languages: readonly Language[];
    readonly subFlows: SubFlows;
    readonly blockedHosts?: ReadonlySet<string>;
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
  ringGroups: idsOf(choices.ringGroups),
  surveys: idsOf(choicesOf(choices, 'survey')),
  campaigns: idsOf(choices.campaigns),
  flows: new Map(
    choices.flows.map(({ id, name }) => {
      const definition = subFlows.get(id);
      return [id, definition === undefined ? { name } : { name, definition }];
    }),
  ),
  languages,
  ...(blockedHosts && { blockedHosts }),
});

interface QueueRow extends OverflowColumns {
  readonly id: number;
  readonly name: string;
}

interface DidRow {
  readonly id: number;
  readonly number: string;
  readonly target: unknown;
  readonly language: string;
}

/** The reports on MariaDB. Within a transaction the rows read stay as they are until its end. */
export class KnexFlowReports implements FlowReports {
  constructor(
    private readonly db: Knex,
    /** Links of published versions, which never change. */
    private readonly links = new Map<string, FlowLinks>(),
  ) {}

  choices(): Promise<FlowChoices> {
    return this.#choices((table) => this.#living(table));
  }

  choicesEver(): Promise<FlowChoices> {
    return this.#choices((table) => this.db(table));
  }

  async #choices(rowsOf: (table: string) => Knex.QueryBuilder): Promise<FlowChoices> {
    const [
      prompts,
      files,
      queues,
      extensions,
      calendars,
      skills,
      dids,
      flows,
      connections,
      rooms,
      surveys,
      campaigns,
      ringGroups,
    ] = await Promise.all([
      rowsOf('prompts').orderBy('name').select<Choice[]>('id', 'name'),
      this.db('prompt_files').select<{ prompt_id: number; language: Language }[]>(
        'prompt_id',
        'language',
      ),
      rowsOf('queues').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('extensions')
        .orderBy('number')
        .select<{ id: number; number: string; name: string; voicemail: number }[]>(
          'id',
          'number',
          'name',
          'voicemail',
        ),
      rowsOf('calendars').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('skills').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('dids')
        .orderBy('number')
        .select<DidChoice[]>('id', { name: 'number' }, { label: 'name' }),
      rowsOf('ivr_flows')
        .where('published_version', '>', 0)
        .orderBy('name')
        .select<Choice[]>('id', 'name'),
      rowsOf('lookup_connections').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('conferences').orderBy('number').select<Choice[]>('id', 'name'),
      rowsOf('surveys').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('campaigns').orderBy('name').select<Choice[]>('id', 'name'),
      rowsOf('ring_groups').orderBy('name').select<Choice[]>('id', 'name'),
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
      surveys,
      campaigns,
      ringGroups,
    };
  }

  async subFlowsOf(definition: FlowDefinition, instead?: OtherSteps): Promise<SubFlows> {
    const found = new Map<number, FlowDefinition>();
    let wanted = subFlowsOf(definition.steps);
    while (wanted.length > 0) {
      const rows = await publishedFlows(this.db).whereIn('ivr_flows.id', wanted);
      for (const row of rows)
        found.set(row.id, row.id === instead?.id ? instead.definition : readDraft(row.definition));
      wanted = rows
        .flatMap((row) => subFlowsOf(found.get(row.id)?.steps ?? {}))
        .filter((id) => !found.has(id));
    }
    return found;
  }

  async flowsThatEnter(
    id: FlowId,
  ): Promise<readonly (Choice & { readonly definition: FlowDefinition })[]> {
    const flows = await this.#publishedLinks();
    const found = new Set<number>([id]);
    // A set goes on to what is added while it is read: flows that enter flows are found too.
    for (const entered of found)
      for (const flow of flows) if (flow.enters.includes(entered)) found.add(flow.id);
    found.delete(id);
    if (found.size === 0) return [];
    const rows = await publishedFlows(this.db).whereIn('ivr_flows.id', [...found]);
    return rows.map((row) => ({ ...row, definition: readDraft(row.definition) }));
  }

  async calendars(): Promise<ReadonlyMap<CalendarId, Calendar>> {
    const rows = await this.db('calendars').select<
      { id: CalendarId; zone: string; weekly: unknown; exceptions: unknown }[]
    >('id', 'zone', 'weekly', 'exceptions');
    return new Map(rows.map((row) => [row.id, { zone: row.zone, ...readCalendarColumns(row) }]));
  }

  async usesOf(id: FlowId): Promise<readonly Usage[]> {
    const [dids, queues, flows] = await Promise.all([
      this.#dids(),
      this.#queues(),
      new KnexUsageReports(this.db).ofSubFlow(id),
    ]);
    return [
      ...dids
        .filter((row) => leadsTo(readTarget(row.target), id))
        .map((row): Usage => ({ kind: 'did', id: row.id, name: row.number })),
      ...queues
        .filter((row) => readOverflows(row).some((target) => leadsTo(target, id)))
        .map((row): Usage => ({ kind: 'queue', id: row.id, name: row.name })),
      ...flows,
    ];
  }

  async useCounts(): Promise<ReadonlyMap<FlowId, number>> {
    const [dids, queues, flows] = await Promise.all([
      this.#dids(),
      this.#queues(),
      publishedFlows(this.db),
    ]);
    const counts = new Map<FlowId, number>();
    const count = (id: FlowId) => counts.set(id, (counts.get(id) ?? 0) + 1);
    /** Whatever leads to a flow several times uses it once. */
    const countOnce = (targets: readonly Target[]): void => {
      for (const id of new Set(targets.flatMap((one) => (one.kind === 'flow' ? [one.id] : []))))
        count(id);
    };
    for (const { target } of dids) countOnce([readTarget(target)]);
    for (const queue of queues) countOnce(readOverflows(queue));
    for (const flow of flows)
      for (const id of subFlowsOf(readDraft(flow.definition).steps))
        if (id !== flow.id) count(id as FlowId);
    return counts;
  }

  async languagesOf(id: FlowId): Promise<readonly Language[]> {
    const [dids, queues, flows] = await Promise.all([
      this.#dids(),
      this.#queues(),
      this.#publishedLinks(),
    ]);
    return entryLanguages(id, {
      dids: dids.map(({ target, language }) => ({ target: readTarget(target), language })),
      queues: queues.map((row) => ({ id: row.id, overflows: readOverflows(row) })),
      flows,
    });
  }

  /** What leads from each published flow to others. Steps are read once a version: the editor asks with each page. */
  async #publishedLinks(): Promise<readonly (FlowLinks & { readonly id: number })[]> {
    const rows = await this.db('ivr_flows')
      .where('published_version', '>', 0)
      .whereNull('archived_at')
      .select<{ id: number; version: number }[]>('id', { version: 'published_version' });
    const keyOf = ({ id, version }: { id: number; version: number }): string =>
      `${String(id)}/${String(version)}`;
    const missing = rows.filter((row) => !this.links.has(keyOf(row)));
    if (missing.length > 0) {
      const ids = missing.map(({ id }) => id);
      const flows = await publishedFlows(this.db).whereIn('ivr_flows.id', ids);
      const steps = new Map<number, FlowDefinition['steps']>(
        flows.map((flow) => [flow.id, storedSteps(flow.definition)]),
      );
      for (const row of missing) this.links.set(keyOf(row), linksOf(steps.get(row.id) ?? {}));
    }
    return rows.flatMap((row) => {
      const links = this.links.get(keyOf(row));
      return links === undefined ? [] : [{ id: row.id, ...links }];
    });
  }

  #dids(): Promise<readonly DidRow[]> {
    return this.#living('dids')
      .orderBy('number')
      .select<DidRow[]>('id', 'number', 'target', 'language');
  }

  #queues(): Promise<readonly QueueRow[]> {
    return this.#living('queues')
      .orderBy('name')
      .select<QueueRow[]>('id', 'name', 'overflow', 'overflow_for');
  }

  #living(table: string): Knex.QueryBuilder {
    return this.db(table).whereNull('archived_at').forShare();
  }
}

/** Steps of a published flow as they were checked when it was published. */
const storedSteps = (column: unknown): FlowDefinition['steps'] =>
  ((typeof column === 'string' ? JSON.parse(column) : column) as FlowDefinition).steps;

const leadsTo = (target: Target, id: FlowId): boolean => target.kind === 'flow' && target.id === id;
