import {
  guessAgent,
  guessQueue,
  type KnownAgent,
} from '../../engines/reporting/queue-log/summary.js';
import { isKnownZone } from '../../engines/routing/wall-clock.js';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { ImportId, ImportState, LogImport, NamedHere } from './import.js';
import type { LogFolder } from './log-files.js';
import type { QueueLogStore } from './queue-log-store.js';

const PERMISSION = 'history.import';
/** What a name becomes where it is none of ours. */
export const FORMER = 'former';

/** A file as it was uploaded, and where it lies. */
export interface UploadedLog {
  readonly fileName: string;
  readonly bytes: number;
  readonly path: string;
}

/** What a name of the old system can be here; `chosen` is the text of the form: an id, or {@link FORMER}. */
export interface NameChoice {
  readonly field: string;
  readonly name: string;
  readonly chosen: string;
}

export interface NameChoices {
  readonly queues: readonly NameChoice[];
  readonly agents: readonly NameChoice[];
  readonly ourQueues: readonly NamedHere<QueueId>[];
  readonly ourAgents: readonly KnownAgent[];
}

/** Nobody works on it, and it can be run, for the first time or again. */
export const canStart = ({ state, summary }: LogImport): boolean =>
  summary !== undefined && ['checked', 'cancelled', 'failed', 'broken'].includes(state);
/** Nobody works on it, and what it has is not known. */
export const canCheck = ({ state, summary }: LogImport): boolean =>
  summary === undefined && ['cancelled', 'failed', 'broken'].includes(state);
const AT_WORK: readonly ImportState[] = ['check-waits', 'checking', 'waits', 'running'];
export const isAtWork = ({ state }: LogImport): boolean => AT_WORK.includes(state);

/** Imports of old logs, as an administrator uses them. */
export class QueueLogService {
  constructor(
    private readonly store: QueueLogStore,
    private readonly folder: LogFolder,
    private readonly clock: Clock,
  ) {}

  list(actor: Actor): Promise<readonly LogImport[]> {
    requirePermission(actor, PERMISSION);
    return this.store.list();
  }

  async get(actor: Actor, id: ImportId): Promise<LogImport> {
    requirePermission(actor, PERMISSION);
    const found = await this.store.find(id);
    if (found === undefined) throw new AppError('not-found', `no import ${String(id)}`);
    return found;
  }

  /** Keeps the files and lets them be looked at. Throws `invalid-fields`. */
  async upload(actor: Actor, files: readonly UploadedLog[], zone: string): Promise<ImportId> {
    requirePermission(actor, PERMISSION);
    const problems: FieldProblem[] = [];
    if (files.length === 0) problems.push({ field: 'files', message: 'form.problem.file-needed' });
    if (files.some(({ bytes }) => bytes === 0))
      problems.push({ field: 'files', message: 'queue-log.problem.empty' });
    if (!isKnownZone(zone)) problems.push({ field: 'zone', message: 'queue-log.problem.zone' });
    if (problems.length > 0) throw new AppError('invalid-fields', 'no log to import', problems);
    // Whoever works on imports must not find it before its files are there.
    const id = await this.store.insert(actor, {
      ...{ zone, at: new Date(this.clock.now()) },
      files: files.map(({ fileName, bytes }) => ({ name: fileName.slice(0, 200), bytes })),
    });
    try {
      await this.folder.keep(
        id,
        files.map(({ path }) => path),
      );
    } catch (error) {
      await this.folder.remove(id);
      await this.store.remove(actor, id);
      throw error;
    }
    await this.store.move(id, ['uploading'], 'check-waits');
    return id;
  }

  /** What the names are here: as they were chosen, else as the last time, else guessed. */
  async choices({ summary, names }: LogImport): Promise<NameChoices> {
    const [ourQueues, ourAgents] = await Promise.all([this.store.queues(), this.store.agents()]);
    const [oldQueues, oldAgents] = await Promise.all([
      this.store.remembered('queue'),
      this.store.remembered('agent'),
    ]);
    const choose = (
      ours: readonly { readonly id: number }[],
      ...ids: readonly (number | undefined)[]
    ): string => {
      const id = ids.find((one) => one !== undefined);
      return ours.some((own) => own.id === id) ? String(id) : FORMER;
    };
    return {
      ...{ ourQueues, ourAgents },
      queues: (summary?.queues ?? []).map(({ name }, n) => ({
        ...{ field: `queue.${String(n)}`, name },
        chosen: choose(
          ourQueues,
          ownOf(names?.queues, name)?.id,
          oldQueues.get(name)?.id,
          guessQueue(name, ourQueues),
        ),
      })),
      agents: (summary?.agents ?? []).map(({ name }, n) => ({
        ...{ field: `agent.${String(n)}`, name },
        chosen: choose(
          ourAgents,
          ownOf(names?.agents, name)?.id,
          oldAgents.get(name)?.id,
          guessAgent(name, ourAgents),
        ),
      })),
    };
  }

  /** Runs it with these names, by field. Throws `invalid-fields` where a name is not chosen, `conflict` where it runs already. */
  async start(
    actor: Actor,
    id: ImportId,
    chosen: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const found = await this.get(actor, id);
    if (!canStart(found)) throw new AppError('conflict', `import ${String(id)} cannot start`);
    const { queues, agents, ourQueues, ourAgents } = await this.choices(found);
    const problems: FieldProblem[] = [];
    const idsOf = <Id extends number>(
      choices: readonly NameChoice[],
      ours: readonly { readonly id: Id }[],
    ) => {
      const ids = Object.create(null) as Record<string, Id | undefined>;
      for (const { field, name } of choices) {
        const own = ours.find((one) => String(one.id) === chosen[field]);
        ids[name] = own?.id;
        if (own === undefined && chosen[field] !== FORMER)
          problems.push({ field, message: 'form.problem.choose' });
      }
      return ids;
    };
    const names = {
      queues: idsOf<QueueId>(queues, ourQueues),
      agents: idsOf<AgentId>(agents, ourAgents),
    };
    if (problems.length > 0) throw new AppError('invalid-fields', 'names are missing', problems);
    if (!(await this.store.choose(actor, id, names)))
      throw new AppError('conflict', `import ${String(id)} cannot start`);
  }

  /** Looks at the files again. */
  async checkAgain(actor: Actor, id: ImportId): Promise<void> {
    const found = await this.get(actor, id);
    if (!canCheck(found)) throw new AppError('conflict', `import ${String(id)} cannot be checked`);
    await this.store.move(id, ['cancelled', 'failed', 'checking'], 'check-waits');
  }

  /** What is written already stays; running it again goes on. */
  async cancel(actor: Actor, id: ImportId): Promise<void> {
    await this.get(actor, id);
    await this.store.move(id, ['check-waits', 'checking', 'waits', 'running'], 'cancelled');
  }

  /** Takes it off the list with its files. Imported calls stay. */
  async remove(actor: Actor, id: ImportId): Promise<void> {
    const found = await this.get(actor, id);
    if (isAtWork(found)) throw new AppError('conflict', `import ${String(id)} is worked on`);
    await this.store.remove(actor, id);
    await this.folder.remove(id);
  }

  async problems(actor: Actor, id: ImportId): Promise<string> {
    const { summary } = await this.get(actor, id);
    if (summary === undefined) throw new AppError('not-found', 'nothing was looked at yet');
    return this.folder.problems(id);
  }
}

/** A name of another system may be called like a part of every object. */
const ownOf = <T>(names: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
