import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { FlowDefinition } from '../../engines/ivr/flow.js';
import type { FlowProblem } from '../../engines/ivr/problems.js';
import { hostsOf } from '../../engines/ivr/url-host.js';
import { validateFlow } from '../../engines/ivr/validation.js';
import type { Language } from '../../kernel/call-event.js';
import type { RowQuery, Usage } from '../configuration/index.js';
import { diffFlows, isSameFlow, type FlowDiff } from './flow-diff.js';
import { knowledgeOf, type FlowChoices, type FlowReports } from './flow-reports.js';
import { about } from './flow-audit.js';
import {
  failedTests,
  notPublishable,
  publishSteps,
  type PublishResult,
} from './flow-publishing.js';
import type { FlowStore } from './flow-store.js';
import type { FlowDraft, FlowSort, FlowVersion, StoredFlow } from './flow.js';

const NO_STEPS: FlowDefinition = { start: '', steps: {} };

/** Everything that the editor shows of one flow. */
export interface FlowInWork {
  readonly flow: StoredFlow;
  /** The steps as they would be published. */
  readonly definition: FlowDefinition;
  readonly published: FlowDefinition | undefined;
  readonly draft: FlowDraft | undefined;
  readonly problems: readonly FlowProblem[];
  readonly diff: FlowDiff;
  readonly choices: FlowChoices;
  /** DIDs and queues that lead here. */
  readonly uses: readonly Usage[];
}

/**
 * Managing IVR flows. Changes collect in a draft that no caller hears; publishing checks it and makes the next version.
 * Published versions never change: calls in progress stay on theirs. Each change names the version of the row that the
 * page showed; `conflict` is thrown when somebody else was faster.
 */
export class FlowService {
  constructor(
    private readonly store: FlowStore,
    private readonly reports: FlowReports,
    private readonly announcer: Announcer,
    /** The site's IANA zone, in which tests of flows tell their time. */
    private readonly zone: string,
    /** Of servers those that flows may not ask. */
    private readonly blockedHosts: (
      hosts: readonly string[],
    ) => Promise<ReadonlySet<string>> = () => Promise.resolve(new Set()),
  ) {}

  async list(actor: Actor, query: RowQuery<FlowSort>): Promise<ListResult<StoredFlow>> {
    requirePermission(actor, 'flows.edit');
    return this.store.list(query);
  }

  /** Archived flows too; throws `not-found`. */
  async get(actor: Actor, id: FlowId): Promise<StoredFlow> {
    requirePermission(actor, 'flows.edit');
    const flow = await this.store.find(id);
    if (flow === undefined) throw new AppError('not-found', `no flow ${String(id)}`);
    return flow;
  }

  /** How many DIDs and queues lead to each flow. */
  async useCounts(actor: Actor): Promise<ReadonlyMap<FlowId, number>> {
    requirePermission(actor, 'flows.edit');
    return this.reports.useCounts();
  }

  /** A flow with its steps, what is wrong with them, and what they can name. */
  async open(actor: Actor, id: FlowId): Promise<FlowInWork> {
    const flow = await this.get(actor, id);
    const [draft, published, choices, languages, uses] = await Promise.all([
      this.store.draft(id),
      this.store.definition(id, flow.publishedVersion),
      this.reports.choices(),
      this.reports.languagesOf(id),
      this.reports.usesOf(id),
    ]);
    const definition = draft?.definition ?? published ?? NO_STEPS;
    const problems = await this.#problems(definition, { choices, self: id, languages });
    const diff = diffFlows(published, definition);
    return { flow, definition, published, draft, problems, diff, choices, uses };
  }

  /** A new flow that is published at once: what seeds and imports need. Throws `invalid-fields` where it has errors. */
  async create(
    actor: Actor,
    values: { readonly name: string; readonly definition: FlowDefinition },
  ): Promise<FlowId> {
    requirePermission(actor, 'flows.edit');
    const id = await this.store.changeFlows(async (writer) => {
      const created = await writer.insert({ name: values.name });
      const result = await publishSteps(writer, actor, created, values);
      if (result.kind === 'refused') throw notPublishable(result.problems);
      return created;
    });
    await this.announcer.configurationChanged('flows');
    return id;
  }

  /** A new flow that nobody hears until it is published. */
  async createDraft(
    actor: Actor,
    values: { readonly name: string; readonly definition: FlowDefinition },
  ): Promise<FlowId> {
    requirePermission(actor, 'flows.edit');
    return this.store.changeFlows(async (writer) => {
      const id = await writer.insert({ name: values.name });
      await writer.startUnpublished(id);
      await writer.addDraft(id, values.definition, values.definition, actor.userId);
      await writer.audit.record(actor, about('flow.create', id, values.name));
      return id;
    });
  }

  async rename(actor: Actor, id: FlowId, version: number, name: string): Promise<void> {
    const flow = await this.get(actor, id);
    await this.store.changeFlows(async (writer) => {
      await writer.replace(id, version, { name });
      await writer.audit.record(actor, {
        ...about('flow.change', id, name),
        changes: { name: [flow.name, name] },
      });
    });
    await this.announcer.configurationChanged('flows');
  }

  /** Saves changed steps as the draft. `change` sees the steps as they are now and gives what they shall be. */
  async edit(
    actor: Actor,
    id: FlowId,
    version: number,
    change: (definition: FlowDefinition) => FlowDefinition,
  ): Promise<void> {
    const { flow, definition } = await this.open(actor, id);
    if (flow.version !== version) throw changedMeanwhile(id);
    const next = change(definition);
    await this.store.changeFlows(async (writer) => {
      await writer.replace(id, version, { name: flow.name });
      await writer.addDraft(id, definition, next, actor.userId);
    });
  }

  /** Takes the last save of the draft back, or does it again. */
  async move(actor: Actor, id: FlowId, version: number, direction: 'undo' | 'redo'): Promise<void> {
    const flow = await this.get(actor, id);
    await this.store.changeFlows(async (writer) => {
      await writer.replace(id, version, { name: flow.name });
      await writer.moveDraft(id, direction);
    });
  }

  /** Goes back to what is published. */
  async discard(actor: Actor, id: FlowId, version: number): Promise<void> {
    const flow = await this.get(actor, id);
    if (flow.publishedVersion === 0) return;
    await this.store.changeFlows(async (writer) => {
      await writer.replace(id, version, { name: flow.name });
      await writer.dropDraft(id);
    });
  }

  /** Makes the draft the version that callers hear, unless a test of it or of a flow that enters it fails. */
  async publish(actor: Actor, id: FlowId, version: number, note = ''): Promise<PublishResult> {
    const { flow, definition, published } = await this.open(actor, id);
    if (flow.version !== version) throw changedMeanwhile(id);
    if (published && isSameFlow(diffFlows(published, definition))) return { kind: 'unchanged' };
    const result = await this.store.changeFlows(async (writer) => {
      await writer.lockVersion(id, version);
      const failed = await failedTests(writer, { id, name: flow.name, definition }, this.zone);
      if (failed.length > 0) return { kind: 'tests-failed' as const, failed };
      const values = { name: flow.name, definition, note };
      const done = await publishSteps(writer, actor, id, values, published);
      if (done.kind === 'published') await writer.dropDraft(id);
      return done;
    });
    if (result.kind === 'published') await this.announcer.configurationChanged('flows');
    return result;
  }

  /** The published versions, the newest first. */
  async versions(actor: Actor, id: FlowId): Promise<readonly FlowVersion[]> {
    await this.get(actor, id);
    return this.store.versions(id);
  }

  /** One published version and what would be wrong with it today; throws `not-found`. */
  async openVersion(actor: Actor, id: FlowId, number: number): Promise<FlowInWork> {
    const open = await this.open(actor, id);
    const definition = await this.#definition(id, number);
    const languages = await this.reports.languagesOf(id);
    return {
      ...open,
      definition,
      problems: await this.#problems(definition, { choices: open.choices, self: id, languages }),
      diff: diffFlows(open.published, definition),
    };
  }

  /** Publishes an older version again, as a new one, unless a test fails and it is not wanted `anyway`. A draft stays as it is. */
  async restoreVersion(
    actor: Actor,
    id: FlowId,
    version: number,
    number: number,
    anyway = false,
  ): Promise<PublishResult> {
    const { flow, published } = await this.open(actor, id);
    const definition = await this.#definition(id, number);
    if (published && isSameFlow(diffFlows(published, definition))) return { kind: 'unchanged' };
    const result = await this.store.changeFlows(async (writer) => {
      await writer.lockVersion(id, version);
      const failed = anyway
        ? []
        : await failedTests(writer, { id, name: flow.name, definition }, this.zone);
      if (failed.length > 0) return { kind: 'tests-failed' as const, failed };
      return publishSteps(writer, actor, id, { name: flow.name, definition }, published);
    });
    if (result.kind === 'published') await this.announcer.configurationChanged('flows');
    return result;
  }

  /** Takes a flow out of use. Where a DID or a queue leads to it, nothing happens and these are given back. */
  async archive(actor: Actor, id: FlowId): Promise<readonly Usage[]> {
    requirePermission(actor, 'flows.edit');
    const uses = await this.store.changeFlows(async (writer) => {
      const flow = await writer.lock(id);
      const found = await writer.uses(id);
      if (found.length > 0 || flow.archivedAt !== undefined) return found;
      await writer.setArchived(id, true);
      await writer.audit.record(actor, about('flow.archive', id, flow.name));
      return found;
    });
    if (uses.length === 0) await this.announcer.configurationChanged('flows');
    return uses;
  }

  async restore(actor: Actor, id: FlowId): Promise<void> {
    requirePermission(actor, 'flows.edit');
    await this.store.changeFlows(async (writer) => {
      const flow = await writer.lock(id);
      if (flow.archivedAt === undefined) return;
      await writer.setArchived(id, false);
      await writer.audit.record(actor, about('flow.restore', id, flow.name));
    });
    await this.announcer.configurationChanged('flows');
  }

  /** What is wrong with steps as things stand now. */
  async #problems(
    definition: FlowDefinition,
    {
      choices,
      ...about
    }: {
      readonly choices: FlowChoices;
      readonly self: FlowId;
      readonly languages: readonly Language[];
    },
  ): Promise<readonly FlowProblem[]> {
    const [subFlows, blockedHosts] = await Promise.all([
      this.reports.subFlowsOf(definition),
      this.blockedHosts(hostsOf(Object.values(definition.steps))),
    ]);
    return validateFlow(definition, knowledgeOf(choices, { ...about, subFlows, blockedHosts }));
  }

  async #definition(id: FlowId, number: number): Promise<FlowDefinition> {
    const definition = await this.store.definition(id, number);
    if (definition === undefined)
      throw new AppError('not-found', `flow ${String(id)} has no version ${String(number)}`);
    return definition;
  }
}

const changedMeanwhile = (id: FlowId): AppError =>
  new AppError('conflict', `flow ${String(id)} was changed meanwhile`);
