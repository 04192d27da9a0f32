import type { Clock } from '../../kernel/clock.js';
import type { ExtensionId, TrunkId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, type AriPort } from '../../telephony/ari/port.js';
import type { PjsipObject } from '../../telephony/ari/provisioning.js';
import { ProvisioningRunner } from '../../telephony/ari/provisioning-runner.js';
import type { CallLog, EndpointStates } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveExtension, LiveTrunk } from '../../telephony/live.js';

/** States are asked for at least this often; events of the node ask sooner. */
const REFRESH_MS = 5_000;
/** A reconcile that failed (database or node away) is tried again after this. */
const RETRY_MS = 5_000;

export interface PbxParts {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: CallLog;
  /** Every object that the node should have. With passwords in clear: never logged. */
  readonly desired: () => Promise<readonly PjsipObject[]>;
}

type PhoneListener = (extension: ExtensionId, isRegistered: boolean) => void;
type Registration = NonNullable<LiveTrunk['registration']>;

/** One node's phones and trunks. */
export class PbxService implements EndpointStates {
  readonly #runner: ProvisioningRunner;
  /** By endpoint; undefined until the node has said so once. */
  #online: ReadonlyMap<string, boolean> | undefined;
  readonly #registrations = new Map<TrunkId, Registration>();
  readonly #listeners = new Set<PhoneListener>();
  #registering = new Map<string, TrunkId>();
  #isAsked = false;
  #reconciling: Promise<void> | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly parts: PbxParts,
  ) {
    const { ari } = parts;
    this.#runner = new ProvisioningRunner(ari.admin);
    ari.events.onConnection((event) => {
      if (event.type !== 'up') return;
      this.#runner.forget();
      this.reconcile();
    });
    ari.admin.onEndpointChange(() => {
      this.#background('endpoint states', () => this.#refresh());
    });
    scope.fork('endpoint states', async (s) => {
      for (;;) {
        await this.#quietly('endpoint states', () => this.#refresh());
        await parts.clock.sleep(REFRESH_MS, s.signal);
      }
    });
  }

  /** Until the node has told, every phone counts as registered: a call to it finds out. */
  isRegistered(extension: string): boolean {
    return this.#online === undefined || this.#online.get(extension) === true;
  }
  isTrunkOnline(trunk: number): boolean {
    return this.#online === undefined || this.#online.get(`trunk-${String(trunk)}`) === true;
  }

  /** Told when a phone registers or is lost. */
  onPhone(listener: PhoneListener): void {
    this.#listeners.add(listener);
  }

  trunks(): readonly Omit<LiveTrunk, 'channels'>[] {
    return [...this.parts.directory.current.trunks.values()]
      .filter((trunk) => trunk.enabled)
      .map(({ id, name, maxChannels }) => {
        const registration = this.#registrations.get(id);
        const online = this.#online?.get(`trunk-${String(id)}`) ?? false;
        return {
          id,
          name,
          online,
          maxChannels,
          ...(registration === undefined ? {} : { registration }),
        };
      });
  }

  extensions(): readonly LiveExtension[] {
    return [...this.parts.directory.current.extensions.values()].map(({ id, number }) => ({
      id,
      number,
      registered: this.#online?.get(number) ?? false,
    }));
  }

  /** Makes the node as configured; a change during a run is carried out by another one behind it. */
  reconcile(): void {
    this.#isAsked = true;
    this.#reconciling ??= this.#run().finally(() => {
      this.#reconciling = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#isAsked && !this.scope.cancelled) {
      this.#isAsked = false;
      if (await this.#quietly('reconcile', () => this.#reconcileOnce())) continue;
      this.#isAsked = true;
      await this.parts.clock.sleep(RETRY_MS, this.scope.signal);
    }
  }

  async #reconcileOnce(): Promise<void> {
    const { log, ari, clock, desired } = this.parts;
    const startedAt = clock.now();
    const objects = await desired();
    this.#registering = registrationsOf(objects);
    const { failed, ...done } = await this.#runner.reconcile(objects);
    const fields = { node: ari.node, ...done, ms: clock.now() - startedAt };
    if (failed.length > 0) log.error({ ...fields, failed }, 'the node refused SIP objects');
    else if (done.added + done.changed + done.removed > 0) log.info(fields, 'SIP objects pushed');
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const { admin } = this.parts.ari;
    const states = await admin.endpoints();
    const before = this.#online;
    const online = new Map(states.map((state) => [state.name, state.online]));
    this.#online = online;
    for (const { id, number } of this.parts.directory.current.extensions.values()) {
      const isOnline = online.get(number) ?? false;
      if (before?.get(number) !== isOnline)
        for (const listener of this.#listeners) listener(id, isOnline);
    }
    const registrations = await admin.registrations();
    if (registrations === undefined) return;
    this.#registrations.clear();
    for (const trunk of this.#registering.values()) this.#registrations.set(trunk, 'unregistered');
    for (const { clientUri, serverUri, status } of registrations) {
      const trunk = this.#registering.get(`${clientUri} ${serverUri}`);
      if (trunk !== undefined) this.#registrations.set(trunk, status);
    }
  }

  #background(name: string, run: () => Promise<void>): void {
    if (this.scope.cancelled) return;
    this.scope.fork(name, async () => {
      await this.#quietly(name, run);
    });
  }

  /** False where the node or the database is away; anything else is logged as a bug. */
  async #quietly(name: string, run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      const isAway = error instanceof AriError && error.failure === 'unavailable';
      if (!isAway) this.parts.log.warn({ err: error, node: this.parts.ari.node }, `${name} failed`);
      return false;
    }
  }
}

/** Which trunk a registration belongs to, by the two addresses by which the node names it. */
function registrationsOf(objects: readonly PjsipObject[]): Map<string, TrunkId> {
  return new Map(
    objects
      .filter((object) => object.type === 'registration')
      .map(({ id, fields }) => [
        `${fields['client_uri'] ?? ''} ${fields['server_uri'] ?? ''}`,
        Number(id.replace('trunk-', '')) as TrunkId,
      ]),
  );
}
