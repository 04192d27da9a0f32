import type { Knex } from 'knex';
import {
  draftDefinitionSchema,
  type FlowDefinition,
  type FlowStep,
} from '../../engines/ivr/flow.js';
import { referencesOf, type ReferenceKind } from '../../engines/ivr/references.js';
import type { Usage } from './usage.js';

/** What a step can name. */
export interface NamedByStep {
  readonly kind: ReferenceKind;
  readonly id: number;
  /** Only steps that lead to its mailbox. */
  readonly mailbox?: boolean;
}

interface FlowRow {
  readonly id: number;
  readonly name: string;
  readonly definition: unknown;
}

/** Flows whose published version names it, the flow itself left out. */
export async function flowsNaming(db: Knex, named: NamedByStep): Promise<readonly Usage[]> {
  const rows = await db('ivr_flows')
    .join('ivr_flow_versions', (on) => {
      on.on('ivr_flow_versions.flow_id', 'ivr_flows.id').andOn(
        'ivr_flow_versions.flow_version',
        'ivr_flows.published_version',
      );
    })
    .whereNull('ivr_flows.archived_at')
    .orderBy('ivr_flows.name')
    .select<FlowRow[]>('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_versions.definition');
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
