import { AriError, type PbxAdmin, type PjsipType } from './port.js';
import type { PjsipObject } from './provisioning.js';
import {
  isSame,
  keyOf,
  partsOf,
  planProvisioning,
  type Fields,
  type NodeObjects,
  type ObjectKey,
} from './provisioning-plan.js';

const TYPES: readonly PjsipType[] = ['auth', 'aor', 'endpoint', 'identify', 'registration'];
/** Objects that are read or pushed at the same time: more does not make Asterisk faster. */
const PARALLEL = 8;

export interface ProvisioningOutcome {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Objects that the node would not take; the others were carried out all the same. */
  readonly failed: readonly { readonly key: ObjectKey; readonly reason: string }[];
}

/**
 * Brings one node's SIP objects in line with what is wanted. What was pushed or read once is remembered, so that a run
 * with nothing to do asks the node only for its lists; objects that vanished are noticed by those. Objects that were
 * edited on the node are noticed after {@link forget}, which belongs to each new connection.
 * One run at a time. Rejects with {@link AriError} when the node cannot be reached; then run again.
 */
export class ProvisioningRunner {
  readonly #known = new Map<ObjectKey, Fields>();

  constructor(private readonly admin: PbxAdmin) {}

  /** Trusts nothing from before: the next run reads every object from the node. */
  forget(): void {
    this.#known.clear();
  }

  async reconcile(desired: readonly PjsipObject[]): Promise<ProvisioningOutcome> {
    const plan = planProvisioning(desired, await this.#look(desired));
    const failed: { key: ObjectKey; reason: string }[] = [];
    const attempt = async (key: ObjectKey, run: () => Promise<void>): Promise<void> => {
      this.#known.delete(key);
      try {
        await run();
      } catch (error) {
        if (!(error instanceof AriError) || error.failure !== 'refused') throw error;
        failed.push({ key, reason: error.message });
      }
    };
    for (const group of plan.deletes)
      await inParallel(group, (key) =>
        attempt(key, () => {
          const { type, id } = partsOf(key);
          return this.admin.deleteObject(type, id);
        }),
      );
    for (const group of plan.puts)
      await inParallel(group, (object) =>
        attempt(keyOf(object), async () => {
          await this.admin.putObject(object.type, object.id, object.fields);
          this.#known.set(keyOf(object), object.fields);
        }),
      );
    const { added, changed, removed, unchanged } = plan;
    return { added, changed, removed, unchanged, failed };
  }

  /** What the node has of ours and of what is wanted. */
  async #look(desired: readonly PjsipObject[]): Promise<NodeObjects> {
    const listed = await this.#list();
    for (const key of this.#known.keys()) if (!listed.has(key)) this.#known.delete(key);
    const wanted = new Map(desired.map((object) => [keyOf(object), object]));
    const objects = new Map<ObjectKey, Fields>();
    await inParallel([...listed], async (key) => {
      const known = this.#known.get(key);
      if (known !== undefined) {
        objects.set(key, known);
        return;
      }
      const { type, id } = partsOf(key);
      const fields = await this.admin.getObject(type, id);
      if (fields === undefined) return;
      objects.set(key, fields);
      const object = wanted.get(key);
      if (object && isSame(object, fields)) this.#known.set(key, object.fields);
    });
    const hasOthers = [...objects.keys()].some((key) => !wanted.has(key));
    const endpoints = hasOthers ? await this.admin.endpoints() : [];
    return { objects, endpoints: new Set(endpoints.map(({ name }) => name)) };
  }

  async #list(): Promise<Set<ObjectKey>> {
    const listed = new Set<ObjectKey>();
    await inParallel(TYPES, async (type) => {
      for (const id of await this.admin.listObjects(type)) listed.add(keyOf({ type, id }));
    });
    return listed;
  }
}

/** Runs all, a few at a time; rejects with the first failure, after those that had begun have ended. */
async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failure) return;
      try {
        await run(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  if (failure) throw failure.error;
}
