import { TONES } from '../support/lab-company.js';
import { CHAOS_DIDS } from './company.js';
import { note, type ChaosSite } from './site.js';
import { nextCaller, WatchedCall } from './watched-call.js';

const EVERY_MS = 400;
/** So many callers try at a time: on a busy machine each costs what it is to measure. */
const AT_ONCE = 5;
const LIMIT_MS = 60_000;

/** How long until a new caller hears the menu, and the calls by which that was tried: the ledger must have them too. */
export interface Service {
  readonly ms: number;
  readonly calls: readonly WatchedCall[];
}

/** Calls again and again until one of the callers hears the menu. */
export async function firstService(site: ChaosSite): Promise<Service> {
  const startedAt = Date.now();
  const calls: WatchedCall[] = [];
  const works: Promise<void>[] = [];
  let servedAt: number | undefined;
  while (servedAt === undefined && Date.now() - startedAt < LIMIT_MS) {
    if (calls.filter(({ endedAt }) => endedAt === undefined).length >= AT_ONCE) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS / 4));
      continue;
    }
    const from = nextCaller();
    const call = new WatchedCall(
      'menu',
      from,
      await site.carrier.call({ to: CHAOS_DIDS.menu, from }),
    );
    calls.push(call);
    works.push(
      hearsMenu(call).then((heard) => {
        if (heard) servedAt ??= Date.now();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const ms = (servedAt ?? Date.now()) - startedAt;
  if (servedAt === undefined) note('  no new caller was served');
  // Nobody hangs up before the ledger can know of the call.
  await Promise.all(calls.map((call) => call.hangUp('caller')));
  await Promise.all(works);
  return { ms, calls };
}

async function hearsMenu({ caller }: WatchedCall): Promise<boolean> {
  try {
    await caller.answered(LIMIT_MS);
    await caller.listen();
  } catch {
    // Hung up because another one was faster: that is told by the figure.
    return false;
  }
  const heard = caller.ear.waitForTone(TONES.menu.en, LIMIT_MS).then(
    () => true,
    () => false,
  );
  return Promise.race([heard, caller.endsWithin(LIMIT_MS).then(() => false)]);
}
