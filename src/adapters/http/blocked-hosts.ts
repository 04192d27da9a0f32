import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { mayConnect } from './address-guard.js';

/** A page does not wait longer for names of servers; what is not known by then is not said. */
const LOOK_LIMIT_MS = 500;
/** Names are looked up again after this. */
const KEPT_MS = 60_000;
/** Names that are kept; then all are looked up anew. */
const MOST_KEPT = 1_000;

/** Says which servers {@link mayConnect} refuses, before anything is sent to them. */
export class BlockedHosts {
  readonly #known = new Map<
    string,
    { readonly until: number; readonly isBlocked: Promise<boolean> }
  >();

  constructor(
    private readonly allowed: readonly string[],
    private readonly now: () => number,
  ) {}

  /** Those of the hosts (names, or addresses as URLs have them) that are refused. Never rejects. */
  async among(hosts: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await Promise.all(
      hosts.map(async (host) => ((await this.#isBlocked(host)) ? [host] : [])),
    );
    return new Set(found.flat());
  }

  #isBlocked(host: string): Promise<boolean> {
    const known = this.#known.get(host);
    if (known !== undefined && known.until > this.now()) return known.isBlocked;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const isBlocked = inTime(this.#look(host));
    this.#known.set(host, { until: this.now() + KEPT_MS, isBlocked });
    return isBlocked;
  }

  async #look(host: string): Promise<boolean> {
    const name = host.replace(/^\[|\]$/g, '');
    const isRefused = (address: string): boolean => !mayConnect(address, this.allowed);
    if (isIP(name) > 0) return isRefused(name);
    try {
      return (await lookup(name, { all: true })).some(({ address }) => isRefused(address));
    } catch {
      // A name that nobody knows is not refused; it fails when it is asked.
      return false;
    }
  }
}

/** What is not known in time is not held against anybody. */
function inTime(look: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false);
    }, LOOK_LIMIT_MS);
    void look.then((isBlocked) => {
      clearTimeout(timer);
      resolve(isBlocked);
    });
  });
}
