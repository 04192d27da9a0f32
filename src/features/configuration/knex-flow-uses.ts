import type { Knex } from 'knex';
import {
  draftDefinitionSchema,
  type FlowDefinition,
  type FlowStep,
} from '../../engines/ivr/flow.js';
import { referencesOf, type ReferenceKind } from '../../engines/ivr/references.js';
import type { FlowId } from '../../kernel/ids.js';
import type { Usage } from './usage.js';

/** What a step can name. */
export interface NamedByStep {
  readonly kind: ReferenceKind;
  readonly id: number;
  /** Only steps that lead to its mailbox. */
  readonly mailbox?: boolean;
}

/** A flow and the steps of one of its versions, or of its draft, as the column gives them. */
export interface FlowRow {
  readonly id: FlowId;
  readonly name: string;
  readonly definition: unknown;
}

/** The published version of each flow that is not archived; order and further conditions are the caller's. */
export const publishedFlows = (db: Knex): Knex.QueryBuilder<object, FlowRow[]> =>
  db<object>('ivr_flows')
    .join<object>('ivr_flow_versions', (on) => {
      on.on('ivr_flow_versions.flow_id', 'ivr_flows.id').andOn(
        'ivr_flow_versions.flow_version',
        'ivr_flows.published_version',
      );
    })
    .whereNull('ivr_flows.archived_at')
    .select<FlowRow[]>('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_versions.definition');

/** Flows whose published version names it, the flow itself left out. */
export async function flowsNaming(db: Knex, named: NamedByStep): Promise<readonly Usage[]> {
  const rows = await publishedFlows(db).orderBy('ivr_flows.name');
  // Published versions were checked when they were published.
  return usesIn(rows, named, (definition) => definition as FlowDefinition);
}

/** Flows whose draft names it, as it was saved last. */
export async function draftsNaming(db: Knex, named: NamedByStep): Promise<readonly Usage[]> {
  const rows = await db('ivr_flow_drafts')
    .join('ivr_flows', 'ivr_flows.id', 'ivr_flow_drafts.flow_id')
    .whereNull('ivr_flows.archived_at')
    .whereIn(
      'ivr_flow_drafts.id',
      db('ivr_flow_drafts').where({ undone: false }).groupBy('flow_id').max('id'),
    )
    .orderBy('ivr_flows.name')
    .select<FlowRow[]>('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_drafts.definition');
  return usesIn(rows, named, (definition) => draftDefinitionSchema.parse(definition));
}

const usesIn = (
  rows: readonly FlowRow[],
  named: NamedByStep,
  read: (definition: unknown) => { readonly steps: Readonly<Record<string, unknown>> },
): readonly Usage[] =>
  rows
    .filter((row) => !(named.kind === 'flow' && row.id === named.id))
    .filter(({ definition }) =>
      Object.values(
        read(typeof definition === 'string' ? JSON.parse(definition) : definition).steps,
      ).some((step) => names(step as FlowStep, named)),
    )
    .map(({ id, name }): Usage => ({ kind: 'flow', id, name }));

/** Only where somebody leaves a message is an extension's mailbox of interest. */
const names = (step: FlowStep, named: NamedByStep): boolean =>
  (named.mailbox !== true || step.kind === 'voicemail' || step.kind === 'record') &&
  referencesOf(step).some(({ kind, id }) => kind === named.kind && id === named.id);
