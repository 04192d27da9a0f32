import { CarrierAri, type CarrierAddress, type CarrierEvent } from './carrier-ari.js';
import { Party, PLACED } from './party.js';

/** What happens at a desk phone, or at an outside number, when a call arrives there. */
export type Pickup = (party: Party) => Promise<void> | void;

/** A call to be placed. */
export interface Dialling {
  /** The number that is called, as the pbx gets it. */
  readonly to: string;
  /** Caller's number; a desk phone shows its own. */
  readonly from?: string;
  readonly name?: string;
  /** How long it may ring. */
  readonly ringMs?: number;
  /** Channel variables of the call. */
  readonly variables?: Readonly<Record<string, string>>;
}

let serial = 0;

/**
 * The telephone company and the desk phones beyond the pbx: places calls, picks up, refuses, lets ring. What nobody here
 * cares for is sent back to the carrier's dialplan, which behaves as asterisk/carrier/README.md says.
 */
export class Carrier {
  readonly #pickups = new Map<string, Pickup>();
  readonly #parties = new Set<Party>();
  readonly #stopListening: () => void;

  private constructor(readonly ari: CarrierAri) {
    this.#stopListening = ari.listen((event) => {
      this.#arrive(event);
    });
  }

  /** `onLost`: see {@link CarrierAri.connect}. */
  static async connect(
    address: CarrierAddress,
    onLost: (reason: string) => void,
  ): Promise<Carrier> {
    return new Carrier(await CarrierAri.connect(address, onLost));
  }

  /** A call from outside over the trunk. Resolves when it is under way: `party.answered()` waits for the pbx. */
  call(dialling: Dialling): Promise<Party> {
    return this.#place(`PJSIP/${dialling.to}@pbx`, dialling.from ?? '', dialling);
  }

  /** A call from the old telephone system that stands beside the pbx. */
  callFromOtherPbx(dialling: Dialling): Promise<Party> {
    return this.#place(`PJSIP/${dialling.to}@oldpbx`, dialling.from ?? '', dialling);
  }

  /** A call that somebody dials at a desk phone. `variables`: of its channel. */
  dial(phone: string, to: string, variables: Dialling['variables'] = {}): Promise<Party> {
    return this.#place(`PJSIP/${to}@phone${phone}`, phone, { to, from: phone, variables });
  }

  /**
   * Says what happens at a phone or an outside number from now on, until the answered function is called. `''` is
   * every desk phone that has nothing of its own.
   */
  at(number: string, pickup: Pickup): () => void {
    this.#pickups.set(number, pickup);
    return () => {
      if (this.#pickups.get(number) === pickup) this.#pickups.delete(number);
    };
  }

  /** The next call that rings at a number: it is ringing and nobody has picked up. Rejects after the limit. */
  ringsAt(number: string, limitMs: number): Promise<Party> {
    return new Promise((resolve, reject) => {
      const before = this.#pickups.get(number);
      const timer = setTimeout(() => {
        undo();
        reject(new Error(`${number} did not ring within ${String(limitMs)} ms`));
      }, limitMs);
      const undo = this.at(number, async (party) => {
        clearTimeout(timer);
        undo();
        if (before !== undefined) this.at(number, before);
        await party.ring();
        resolve(party);
      });
    });
  }

  /** Calls that are up or under way. */
  get parties(): readonly Party[] {
    return [...this.#parties];
  }

  /** Ends every call and forgets every behaviour. */
  async clear(limitMs = 5_000): Promise<void> {
    this.#pickups.clear();
    const parties = this.parties;
    await Promise.all(parties.map((party) => party.hangUp()));
    await Promise.all(parties.map((party) => party.ended(limitMs)));
  }

  /** Ends what an interrupted program left on the carrier: every channel and every bridge. */
  async sweep(): Promise<void> {
    for (const kind of ['channels', 'bridges']) {
      const left = (await this.ari.request('GET', `/${kind}`)) as readonly {
        readonly id: string;
      }[];
      for (const { id } of left) await this.ari.requestIfThere('DELETE', `/${kind}/${id}`);
    }
  }

  /** Ends every call and disconnects. */
  async close(): Promise<void> {
    await this.clear();
    this.#stopListening();
    this.ari.close();
  }

  async #place(endpoint: string, number: string, dialling: Dialling): Promise<Party> {
    const id = `lab-${String(process.pid)}-${String(++serial)}`;
    const party = this.#welcome(new Party(this.ari, id, number));
    const name = (dialling.name ?? '').replaceAll('"', '\\"');
    try {
      await this.ari.request('POST', '/channels', {
        body: {
          endpoint,
          channelId: id,
          app: this.ari.app,
          appArgs: PLACED,
          timeout: Math.ceil((dialling.ringMs ?? 60_000) / 1000),
          callerId: name === '' ? number : `"${name}" <${number}>`,
          ...(dialling.variables === undefined ? {} : { variables: dialling.variables }),
        },
      });
    } catch (error) {
      this.#parties.delete(party);
      throw error;
    }
    return party;
  }

  #welcome(party: Party): Party {
    this.#parties.add(party);
    const stop = this.ari.listen((event) => {
      if (event.type !== 'ChannelDestroyed' || event.channel?.id !== party.id) return;
      this.#parties.delete(party);
      stop();
    });
    return party;
  }

  #arrive(event: CarrierEvent): void {
    if (event.type !== 'StasisStart' || event.channel === undefined) return;
    const [kind, number = ''] = event.args;
    if (kind !== 'phone' && kind !== 'pbx') return;
    const pickup =
      this.#pickups.get(number) ?? (kind === 'phone' ? this.#pickups.get('') : undefined);
    const channel = event.channel;
    const work =
      pickup === undefined
        ? this.ari.requestIfThere('POST', `/channels/${channel.id}/continue`).then(() => undefined)
        : this.#receive(channel, number, pickup);
    work.catch((error: unknown) => {
      // A pickup that fails must be seen: the process (a test run, the demonstration) ends with it.
      queueMicrotask(() => {
        throw error;
      });
    });
  }

  async #receive(
    channel: { readonly id: string; readonly caller: { name: string; number: string } },
    number: string,
    pickup: Pickup,
  ): Promise<void> {
    const party = this.#welcome(new Party(this.ari, channel.id, number, channel.caller));
    // Without this its end would not be told: Asterisk tells it of channels that we originated only.
    const isThere = await this.ari.requestIfThere(
      'POST',
      `/applications/${this.ari.app}/subscription`,
      {
        query: { eventSource: `channel:${channel.id}` },
      },
    );
    if (!isThere) {
      this.#parties.delete(party);
      return;
    }
    await pickup(party);
  }
}

/** Rings, picks up after a while and says a tone. */
export const answering =
  (afterMs: number, tone: number): Pickup =>
  async (party) => {
    await party.ring();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await party.answer();
    await party.say(tone);
  };

/** Busy: 486. */
export const busy: Pickup = (party) => party.hangUp(17);

/** Declines: 403. */
export const declining: Pickup = (party) => party.hangUp(21);

/** Rings, and nobody comes. */
export const ringing: Pickup = (party) => party.ring();
