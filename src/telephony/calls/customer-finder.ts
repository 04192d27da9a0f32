import type { Clock } from '../../kernel/clock.js';
import type { CallId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import { isKnownZone, wallTime } from '../../engines/routing/wall-clock.js';
import { regionOf } from '../../engines/routing/region.js';
import { contactWithin } from '../caller-contacts.js';
import { recallWithin, type CallerHistory } from '../caller-history.js';
import type { Directory } from '../directory.js';
import type { FoundCustomer } from '../self-service.js';
import type { CallLog } from './services.js';

export interface CustomerSources {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly directory: Directory;
  readonly history: CallerHistory;
  /** The contact who has a number; rejects while the database is away. */
  readonly contactOf: (number: string) => Promise<{ readonly name: string } | undefined>;
  readonly zone: string;
  readonly country: string;
}

/**
 * What the house knows of a number: a colleague's extension, a contact, or somebody who called before. `customer_calls`,
 * `customer_last_call` (an ISO date), `customer_last_agent`, `customer_region`, `customer_name`; what is not known is ''.
 */
export async function findCustomer(
  sources: CustomerSources,
  typed: string,
  call: CallId,
): Promise<FoundCustomer> {
  const { current } = sources.directory;
  const colleague = current.extensionsByNumber.get(typed.trim());
  const number = normaliseNumber(typed, sources.country);
  const past =
    colleague !== undefined || number === ''
      ? undefined
      : await recallWithin(sources.history, sources, number, call);
  const known = past === 'unknown' ? undefined : past;
  const found =
    colleague !== undefined || number === ''
      ? undefined
      : await contactWithin(sources, call, () => sources.contactOf(number));
  const contact = found === 'unknown' ? undefined : found;
  const isStranger = colleague === undefined && contact === undefined;
  if (isStranger && (known === undefined || known.calledAt.length === 0))
    return { kind: 'not-found' };
  const last = known?.calledAt[0];
  const agent = known?.lastAgent && current.agents.get(known.lastAgent.agent);
  return {
    kind: 'found',
    variables: {
      customer_name: colleague?.name ?? contact?.name ?? '',
      customer_calls: String(known?.calledAt.length ?? 0),
      customer_last_call: last === undefined ? '' : dateOf(last, sources.zone),
      customer_last_agent: agent?.name ?? '',
      customer_region: regionOf(current.regions, number)?.region.name ?? '',
    },
  };
}

const dateOf = (at: number, zone: string): string =>
  isKnownZone(zone) ? wallTime(at, zone).date : '';
