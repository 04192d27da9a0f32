import type { Knex } from 'knex';
import { flowDefinitionSchema } from '../../engines/ivr/flow.js';
import { promptIdsOf } from '../../engines/ivr/references.js';
import type { PromptId } from '../../kernel/ids.js';
import { readTarget, type Usage } from '../configuration/index.js';

/** Reads where prompts are played. Archived flows, queues and DIDs do not count; of a flow its published version does. */
export interface PromptReports {
  /** Flows and queues by the prompt that they play. */
  uses(): Promise<ReadonlyMap<PromptId, readonly Usage[]>>;
  /** DIDs whose callers enter one of these flows. */
  didsOf(flows: readonly number[]): Promise<readonly Usage[]>;
}

interface FlowRow {
  readonly id: number;
  readonly name: string;
  readonly definition: unknown;
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

  /** Callers hear the announcement, agents the whisper. */
  async #queues(): Promise<
    readonly { readonly id: number; readonly name: string; readonly prompts: ReadonlySet<number> }[]
  > {
    const rows = await this.db('queues')
      .whereNull('archived_at')
      .where((either) => {
        void either.whereNotNull('announcement_prompt_id').orWhereNotNull('whisper_prompt_id');
      })
      .orderBy('name')
      .forShare()
      .select<{ id: number; name: string; announcement: number | null; whisper: number | null }[]>({
        id: 'id',
        name: 'name',
        announcement: 'announcement_prompt_id',
        whisper: 'whisper_prompt_id',
      });
    return rows.map(({ id, name, announcement, whisper }) => ({
      id,
      name,
      prompts: new Set([announcement, whisper].filter((prompt) => prompt !== null)),
    }));
  }

  #flows(): Promise<readonly FlowRow[]> {
    return this.db('ivr_flows')
      .join('ivr_flow_versions', (on) => {
        on.on('ivr_flow_versions.flow_id', 'ivr_flows.id').andOn(
          'ivr_flow_versions.flow_version',
          'ivr_flows.published_version',
        );
      })
      .whereNull('ivr_flows.archived_at')
      .orderBy('ivr_flows.name')
      .forShare()
      .select<FlowRow[]>('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_versions.definition');
  }
}

function promptsOf(definition: unknown): ReadonlySet<number> {
  const value: unknown = typeof definition === 'string' ? JSON.parse(definition) : definition;
  return new Set(Object.values(flowDefinitionSchema.parse(value).steps).flatMap(promptIdsOf));
}
