import type { Clock } from '../../kernel/clock.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, type AriPort } from '../../telephony/ari/port.js';
import { CODECS, type Codec, type PjsipObject } from '../../telephony/ari/provisioning.js';
import { ProvisioningRunner } from '../../telephony/ari/provisioning-runner.js';
import type { CallLog, EndpointStates } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveExtension } from '../../telephony/live.js';
import type { LiveTrunk } from '../../telephony/live-trunk.js';
import { Bell } from './bell.js';
import { NodeStates, type Registration } from './node-states.js';

/** States are asked for at least this often; events of the node ask sooner. */
const REFRESH_MS = 3_000;
/** Events within this time are one: a thousand phones may register at once. */
const GATHER_MS = 200;
/** A reconcile that failed (database or node away) is tried again after this. */
const RETRY_MS = 5_000;
/** Every object on the node is read back this often, in case somebody edited one there. */
const VERIFY_MS = 3_600_000;

export interface PbxParts {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: CallLog;
  /** Every object that the node should have. With passwords in clear: never logged. */
  readonly desired: () => Promise<readonly PjsipObject[]>;
}

type PhoneListener = (extension: ExtensionId, isRegistered: boolean) => void;

/** Either converts Opus: that of the distributions, and that of the maker of Asterisk. */
const OPUS_MODULES = ['codec_opus_open_source.so', 'codec_opus.so'];

/** One node's phones and trunks: kept as configured, and watched. Ends with its scope. */
export class PbxService implements EndpointStates {
  readonly #runner: ProvisioningRunner;
  readonly #states = new NodeStates();
  readonly #listeners = new Set<PhoneListener>();
  readonly #reconcile = new Bell();
  readonly #refresh = new Bell();
  #isUp = false;
  /** When Asterisk started, as far as known: what it was told before that may be lost. */
  #nodeStartedAt = '';
  #isVerified = false;
  #hasOpus = true;

  constructor(
    scope: Scope,
    private readonly parts: PbxParts,
  ) {
    const { ari } = parts;
    this.#runner = new ProvisioningRunner(ari.admin);
    ari.events.onConnection(({ type }) => {
      this.#isUp = type === 'up';
      if (!this.#isUp) return;
      this.#isVerified = false;
      this.#reconcile.ring();
      this.#refresh.ring();
    });
    ari.admin.onEndpointChange(() => {
      this.#refresh.ring();
    });
    scope.fork('reconcile SIP objects', (s) => this.#keepReconciled(s));
    scope.fork('endpoint states', (s) => this.#keepRefreshed(s));
  }

  /** Until the node has told, every phone counts as registered: a call to it finds out. */
  isRegistered(extension: string): boolean {
    return this.#states.isOnline(extension) ?? true;
  }

  isTrunkOnline(trunk: number): boolean {
    return this.#states.isOnline(`trunk-${String(trunk)}`) ?? true;
  }

  /** Told when a phone registers or is lost, and of every phone when the node is first asked. */
  onPhone(listener: PhoneListener): void {
    this.#listeners.add(listener);
  }

  trunks(): readonly Omit<LiveTrunk, 'channels'>[] {
    return [...this.parts.directory.current.trunks.values()]
      .filter((trunk) => trunk.enabled)
      .map(({ id, name, maxChannels, pbx }) => {
        const registration: Registration | undefined = this.#states.registration(id);
        return {
          id,
          name,
          online: this.#states.isOnline(`trunk-${String(id)}`) ?? false,
          maxChannels,
          ...(pbx === undefined ? {} : { isPbx: true }),
          ...(registration === undefined ? {} : { registration }),
        };
      });
  }

  extensions(): readonly LiveExtension[] {
    return [...this.parts.directory.current.extensions.values()].map(({ id, number }) => ({
      id,
      number,
      registered: this.#states.isOnline(number) ?? false,
    }));
  }

  /** The configuration changed: makes the node as configured, soon. Many calls at once are one. */
  reconcile(): void {
    this.#reconcile.ring();
  }

  /** The identity of the trunk that a registration belongs to comes from the last reconcile. */
  async #keepReconciled(scope: Scope): Promise<void> {
    const { clock } = this.parts;
    for (;;) {
      if ((await this.#reconcile.wait(scope, clock, VERIFY_MS)) === 'time') this.#runner.forget();
      await clock.sleep(GATHER_MS, scope.signal);
      if (!this.#isUp) continue;
      if (await this.#tried('reconcile', () => this.#reconcileOnce())) this.#refresh.ring();
      else {
        await clock.sleep(RETRY_MS, scope.signal);
        this.#reconcile.ring();
      }
    }
  }

  async #reconcileOnce(): Promise<void> {
    const { log, ari, clock, desired } = this.parts;
    const startedAt = clock.now();
    const objects = await desired();
    const isFirst = !this.#isVerified;
    if (isFirst) await this.#forgetAfterRestart();
    const { failed, ...done } = await this.#runner.reconcile(objects);
    this.#isVerified = true;
    this.#states.expectRegistrations(objects);
    const fields = { node: ari.node, ...done, ms: clock.now() - startedAt };
    if (failed.length > 0) log.error({ ...fields, failed }, 'the node refused SIP objects');
    else if (isFirst || done.added + done.changed + done.removed > 0)
      log.info(fields, 'SIP objects of the node are as configured');
  }

  /** A connection that was lost and came back to the same Asterisk finds everything as it was. */
  async #forgetAfterRestart(): Promise<void> {
    const nodeStartedAt = await this.parts.ari.admin.startedAt();
    if (nodeStartedAt !== this.#nodeStartedAt) this.#runner.forget();
    this.#nodeStartedAt = nodeStartedAt;
    const { admin } = this.parts.ari;
    const loaded = await Promise.all(OPUS_MODULES.map((file) => admin.hasModule(file)));
    this.#hasOpus = loaded.includes(true);
  }

  /** Codecs that the node can convert; all of them until it has told. */
  codecs(): readonly Codec[] {
    return CODECS.filter((codec) => codec !== 'opus' || this.#hasOpus);
  }

  async #keepRefreshed(scope: Scope): Promise<void> {
    const { clock } = this.parts;
    for (;;) {
      if ((await this.#refresh.wait(scope, clock, REFRESH_MS)) === 'rung')
        await clock.sleep(GATHER_MS, scope.signal);
      if (this.#isUp) await this.#tried('endpoint states', () => this.#refreshOnce());
    }
  }

  async #refreshOnce(): Promise<void> {
    const { ari, directory } = this.parts;
    const changed = this.#states.takeEndpoints(await ari.admin.endpoints());
    for (const number of changed) {
      const extension = directory.current.extensionsByNumber.get(number);
      if (extension)
        for (const listener of this.#listeners) listener(extension.id, this.isRegistered(number));
    }
    if (this.#states.hasRegistrations)
      this.#states.takeRegistrations((await ari.admin.registrations()) ?? []);
  }

  /** False where the node or the database is away; what is no outage of the node is logged. */
  async #tried(what: string, run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      const { log, ari } = this.parts;
      const isAway = error instanceof AriError && error.failure === 'unavailable';
      if (!isAway) log.warn({ err: error, node: ari.node }, `${what} failed`);
      return false;
    }
  }
}
