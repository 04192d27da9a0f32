import type { Knex } from 'knex';
import {
  draftDefinitionSchema,
  flowDefinitionSchema,
  type FlowStep,
} from '../../engines/ivr/flow.js';
import { promptIdsOf } from '../../engines/ivr/references.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { PromptId } from '../../kernel/ids.js';
import { publishedFlows, readTarget, type FlowRow, type Usage } from '../configuration/index.js';

/** Reads where prompts are played. Archived flows, queues and DIDs do not count; of a flow its published version does. */
export interface PromptReports {
  /** Flows, queues, hold music, surveys and not-ready reasons by the prompt that they play. */
  uses(): Promise<ReadonlyMap<PromptId, readonly Usage[]>>;
  /** Flows that somebody works on and whose draft plays a prompt: it would be published with the draft. */
  draftsOf(id: PromptId): Promise<readonly Usage[]>;
  /** Languages that callers hear: those of DIDs, and those that published flows switch to; all where there are no DIDs. */
  languages(): Promise<readonly Language[]>;
  /** DIDs whose callers enter one of these flows. */
  didsOf(flows: readonly number[]): Promise<readonly Usage[]>;
}

/** The reports on MariaDB; within a transaction the rows read stay as they are until its end. */
export class KnexPromptReports implements PromptReports {
  constructor(private readonly db: Knex) {}

  async uses(): Promise<ReadonlyMap<PromptId, readonly Usage[]>> {
    const uses = new Map<PromptId, Usage[]>();
    const add = (prompt: number, usage: Usage): void => {
      const known = uses.get(prompt as PromptId);
      if (known) known.push(usage);
      else uses.set(prompt as PromptId, [usage]);
    };
    for (const row of await this.#flows())
      for (const prompt of promptsOf(row.definition))
        add(prompt, { kind: 'flow', id: row.id, name: row.name });
    for (const { id, name, prompts } of await this.#queues())
      for (const prompt of prompts) add(prompt, { kind: 'queue', id, name });
    for (const { id, name, prompt } of await this.#music())
      add(prompt, { kind: 'music', id, name });
    for (const { id, name, prompt } of await this.#surveys())
      add(prompt, { kind: 'survey', id, name });
    for (const { id, name, prompt } of await this.#reasons())
      add(prompt, { kind: 'not-ready-reason', id, name });
    for (const { id, name, prompts } of await this.#campaigns())
      for (const prompt of prompts) add(prompt, { kind: 'campaign', id, name });
    return uses;
  }

  async didsOf(flows: readonly number[]): Promise<readonly Usage[]> {
    const rows = await this.db('dids')
      .whereNull('archived_at')
      .orderBy('number')
      .select<{ id: number; number: string; target: unknown }[]>('id', 'number', 'target');
    return rows.flatMap((row): Usage[] => {
      const target = readTarget(row.target);
      return target.kind === 'flow' && flows.includes(target.id)
        ? [{ kind: 'did', id: row.id, name: row.number }]
        : [];
    });
  }

  async draftsOf(id: PromptId): Promise<readonly Usage[]> {
    const rows = await this.db('ivr_flow_drafts')
      .join('ivr_flows', 'ivr_flows.id', 'ivr_flow_drafts.flow_id')
      .whereNull('ivr_flows.archived_at')
      .whereIn(
        'ivr_flow_drafts.id',
        this.db('ivr_flow_drafts').where({ undone: false }).groupBy('flow_id').max('id'),
      )
      .orderBy('ivr_flows.name')
      .select<FlowRow[]>('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_drafts.definition');
    return rows
      .filter(({ definition }) => promptsOf(definition, draftDefinitionSchema).has(id))
      .map(({ id: flow, name }) => ({ kind: 'flow', id: flow, name }));
  }

  async languages(): Promise<readonly Language[]> {
    const rows = await this.db('dids')
      .whereNull('archived_at')
      .distinct('language')
      .select<{ language: string }[]>('language');
    if (rows.length === 0) return LANGUAGES;
    const heard = new Set(rows.map(({ language }) => language));
    for (const { definition } of await this.#flows())
      for (const step of stepsOf(definition, flowDefinitionSchema))
        if (step.kind === 'language') heard.add(step.language);
    return LANGUAGES.filter((language) => heard.has(language));
  }

  /** Callers hear the announcements, agents the whisper. */
  async #queues(): Promise<
    readonly { readonly id: number; readonly name: string; readonly prompts: ReadonlySet<number> }[]
  > {
    const rows = await this.db('queues')
      .whereNull('archived_at')
      .orderBy('name')
      .forShare()
      .select<{ id: number; name: string; whisper: number | null }[]>({
        id: 'id',
        name: 'name',
        whisper: 'whisper_prompt_id',
      });
    const said = await this.db('queue_announcements')
      .forShare()
      .select<{ queue_id: number; prompt_id: number }[]>('queue_id', 'prompt_id');
    return rows.map(({ id, name, whisper }) => ({
      id,
      name,
      prompts: new Set([
        ...said.flatMap((one) => (one.queue_id === id ? [one.prompt_id] : [])),
        ...(whisper === null ? [] : [whisper]),
      ]),
    }));
  }

  #music(): Promise<readonly { readonly id: number; readonly name: string; prompt: number }[]> {
    return this.db('music')
      .join('music_prompts', 'music_prompts.music_id', 'music.id')
      .whereNull('music.archived_at')
      .orderBy('music.name')
      .forShare()
      .select<{ id: number; name: string; prompt: number }[]>({
        id: 'music.id',
        name: 'music.name',
        prompt: 'music_prompts.prompt_id',
      });
  }

  /** Each prompt once for each survey that says it. */
  async #surveys(): Promise<
    readonly { readonly id: number; readonly name: string; readonly prompt: number }[]
  > {
    const surveys = await this.db('surveys')
      .whereNull('archived_at')
      .orderBy('name')
      .forShare()
      .select<{ id: number; name: string; intro: number | null; thanks: number | null }[]>({
        ...{ id: 'id', name: 'name', intro: 'intro_prompt_id', thanks: 'thanks_prompt_id' },
      });
    const questions = await this.db('survey_questions')
      .where({ removed: false })
      .whereNotNull('prompt_id')
      .forShare()
      .select<{ survey_id: number; prompt_id: number }[]>('survey_id', 'prompt_id');
    return surveys.flatMap(({ id, name, intro, thanks }) => {
      const asked = questions.filter((one) => one.survey_id === id).map((one) => one.prompt_id);
      const said = new Set([...[intro, thanks].filter((prompt) => prompt !== null), ...asked]);
      return [...said].map((prompt) => ({ id, name, prompt }));
    });
  }

  /** Agents hear a reason's name on the phone. */
  #reasons(): Promise<readonly { readonly id: number; readonly name: string; prompt: number }[]> {
    return this.db('not_ready_reasons')
      .whereNull('archived_at')
      .whereNotNull('prompt_id')
      .orderBy('name_en')
      .forShare()
      .select<{ id: number; name: string; prompt: number }[]>({
        id: 'id',
        name: 'name_en',
        prompt: 'prompt_id',
      });
  }

  /** Messages for whom no agent is there, and for machines. */
  async #campaigns(): Promise<
    readonly { readonly id: number; readonly name: string; readonly prompts: readonly number[] }[]
  > {
    const rows = await this.db('campaigns')
      .whereNull('archived_at')
      .orderBy('name')
      .forShare()
      .select<{ id: number; name: string; abandoned: string | null; machine: string | null }[]>(
        'id',
        'name',
        this.db.raw("JSON_VALUE(settings, '$.abandonedPrompt') AS abandoned"),
        this.db.raw("JSON_VALUE(settings, '$.machinePrompt') AS machine"),
      );
    return rows.map(({ id, name, abandoned, machine }) => ({
      ...{ id, name },
      prompts: [
        ...new Set([abandoned, machine].flatMap((one) => (one === null ? [] : Number(one)))),
      ],
    }));
  }

  #flows(): Promise<readonly FlowRow[]> {
    return publishedFlows(this.db).orderBy('ivr_flows.name').forShare();
  }
}

type DefinitionSchema = typeof draftDefinitionSchema;

function stepsOf(definition: unknown, schema: DefinitionSchema): readonly FlowStep[] {
  const value: unknown = typeof definition === 'string' ? JSON.parse(definition) : definition;
  return Object.values<FlowStep>(schema.parse(value).steps);
}

const promptsOf = (
  definition: unknown,
  schema: DefinitionSchema = flowDefinitionSchema,
): ReadonlySet<number> => new Set(stepsOf(definition, schema).flatMap(promptIdsOf));
