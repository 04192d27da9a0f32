import type { FlowDefinition } from '../../engines/ivr/flow.js';
import type { FlowId, UserId } from '../../kernel/ids.js';
import type { UsedRowWriter, VersionedStore } from '../configuration/index.js';
import type { FlowReports } from './flow-reports.js';
import type { KnexFlowTestStore } from './knex-flow-test-store.js';
import type { FlowDraft, FlowName, FlowSort, FlowVersion, StoredFlow } from './flow.js';

/** Flows, their published versions and their drafts. */
export interface FlowStore extends VersionedStore<FlowId, FlowName, StoredFlow, FlowSort> {
  /** A published version; undefined where there is none. */
  definition(id: FlowId, version: number): Promise<FlowDefinition | undefined>;
  /** The steps being worked on; undefined where they are as published. */
  draft(id: FlowId): Promise<FlowDraft | undefined>;
  /** The newest first. */
  versions(id: FlowId): Promise<readonly FlowVersion[]>;
  changeFlows<T>(work: (writer: FlowWriter) => Promise<T>): Promise<T>;
}

/** Writing flows inside one transaction. Lock the flow, or replace its row, before anything else. */
export interface FlowWriter extends UsedRowWriter<FlowId, FlowName, StoredFlow> {
  /** What steps can name; none of it changes until the end. */
  readonly reports: FlowReports;
  /** Tests of flows, as they are until the end. */
  readonly tests: KnexFlowTestStore;
  /** Keeps others from changing the flow until the end; throws `conflict` unless `version` is the stored one. */
  lockVersion(id: FlowId, version: number): Promise<void>;
  /** A new flow has no version that callers could hear. */
  startUnpublished(id: FlowId): Promise<void>;
  /** Adds a save. `base` is what an undo of the first save comes back to. */
  addDraft(
    id: FlowId,
    base: FlowDefinition,
    next: FlowDefinition,
    by: UserId | undefined,
  ): Promise<void>;
  /** Takes the last save back, or does it again; false where there is none. */
  moveDraft(id: FlowId, direction: 'undo' | 'redo'): Promise<boolean>;
  /** Forgets all saves. */
  dropDraft(id: FlowId): Promise<void>;
  /** Publishes: adds the next version, makes it the one that callers hear, and raises the row's version. Gives its number. */
  addVersion(
    id: FlowId,
    definition: FlowDefinition,
    about: { readonly by: UserId | undefined; readonly note: string },
  ): Promise<number>;
}
