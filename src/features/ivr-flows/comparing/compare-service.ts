import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import { requirePermission, type Actor } from '../../../kernel/actor.js';
import { AppError } from '../../../kernel/errors.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { FlowChoices, FlowReports } from '../flow-reports.js';
import type { FlowStore } from '../flow-store.js';
import type { FlowVersion, StoredFlow } from '../flow.js';

/** A published version by its number, or what is being worked on: as published where there is no draft. */
export type Side = number | 'draft';

/** Two states of a flow. */
export interface ComparedFlow {
  readonly flow: StoredFlow;
  readonly versions: readonly FlowVersion[];
  readonly before: FlowDefinition;
  readonly after: FlowDefinition;
  /** Names of what steps name, archived ones too. */
  readonly choices: FlowChoices;
}

/** Reads two states of a flow beside each other. */
export class CompareService {
  constructor(
    private readonly store: FlowStore,
    private readonly reports: FlowReports,
  ) {}

  /** Without sides the published version and the draft. Throws `not-found`. */
  async open(
    actor: Actor,
    id: FlowId,
    sides: { readonly from?: Side; readonly to?: Side },
  ): Promise<ComparedFlow & { readonly from: Side; readonly to: Side }> {
    requirePermission(actor, 'flows.edit');
    const flow = await this.store.find(id);
    if (flow === undefined) throw new AppError('not-found', `no flow ${String(id)}`);
    const { from = flow.publishedVersion, to = 'draft' } = sides;
    const [versions, choices, before, after] = await Promise.all([
      this.store.versions(id),
      this.reports.choicesEver(),
      this.#steps(flow, from),
      this.#steps(flow, to),
    ]);
    return { flow, versions, choices, before, after, from, to };
  }

  /** Version 0 is the flow before the first: it has no steps. */
  async #steps({ id, publishedVersion }: StoredFlow, side: Side): Promise<FlowDefinition> {
    const draft = side === 'draft' ? await this.store.draft(id) : undefined;
    if (draft !== undefined) return draft.definition;
    const number = side === 'draft' ? publishedVersion : side;
    if (number === 0) return { start: '', steps: {} };
    const definition = await this.store.definition(id, number);
    if (definition === undefined)
      throw new AppError('not-found', `flow ${String(id)} has no version ${String(number)}`);
    return definition;
  }
}
