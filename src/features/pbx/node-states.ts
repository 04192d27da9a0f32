import type { TrunkId } from '../../kernel/ids.js';
import type { EndpointState, RegistrationState } from '../../telephony/ari/port.js';
import type { PjsipObject } from '../../telephony/ari/provisioning.js';

export type Registration = RegistrationState['status'];

/** What a node last said of its endpoints and registrations. */
export class NodeStates {
  /** By endpoint; undefined until the node has said so once. */
  #online: ReadonlyMap<string, boolean> | undefined;
  /** By the two addresses by which the node names a registration. */
  #registering: ReadonlyMap<string, TrunkId> = new Map();
  #registrations: ReadonlyMap<TrunkId, Registration> = new Map();

  /** Undefined while nothing is known; false for an endpoint that the node does not have. */
  isOnline(endpoint: string): boolean | undefined {
    return this.#online && (this.#online.get(endpoint) ?? false);
  }

  /** Undefined for a trunk that does not register, and while unknown. */
  registration(trunk: TrunkId): Registration | undefined {
    return this.#registrations.get(trunk);
  }

  get hasRegistrations(): boolean {
    return this.#registering.size > 0;
  }

  /** Answers the endpoints that came or went; all of them the first time. */
  takeEndpoints(states: readonly EndpointState[]): readonly string[] {
    const before = this.#online;
    const online = new Map(states.map((state) => [state.name, state.online]));
    this.#online = online;
    const names = new Set([...online.keys(), ...(before?.keys() ?? [])]);
    return [...names].filter(
      (name) => before === undefined || (before.get(name) ?? false) !== (online.get(name) ?? false),
    );
  }

  /** Which registrations there should be, by the objects that were pushed. */
  expectRegistrations(objects: readonly PjsipObject[]): void {
    this.#registering = new Map(
      objects
        .filter(({ type }) => type === 'registration')
        .map(({ id, fields }) => [
          `${fields['client_uri'] ?? ''} ${fields['server_uri'] ?? ''}`,
          Number(id.replace('trunk-', '')) as TrunkId,
        ]),
    );
    const trunks = new Set(this.#registering.values());
    this.#registrations = new Map([...this.#registrations].filter(([trunk]) => trunks.has(trunk)));
  }

  /** A registration that the node does not name was not tried yet. */
  takeRegistrations(states: readonly RegistrationState[]): void {
    const said = new Map(
      states.map(({ clientUri, serverUri, status }) => [`${clientUri} ${serverUri}`, status]),
    );
    this.#registrations = new Map(
      [...this.#registering].map(([key, trunk]) => [trunk, said.get(key) ?? 'unregistered']),
    );
  }
}
