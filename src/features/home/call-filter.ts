import type { Direction } from '../../kernel/call-event.js';
import type { QueueId } from '../../kernel/ids.js';
import type { LiveCall, LiveSnapshot } from '../../telephony/live.js';

const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound', 'internal'];
/** What people ask for: in line, in talk, and everything else. */
export const CALL_PHASES = ['queue', 'talk', 'other'] as const;
const MAX_SEARCH = 40;

/** Which calls a list shows; '' for all. */
export interface CallFilter {
  readonly direction: Direction | '';
  readonly queue: QueueId | '';
  readonly phase: (typeof CALL_PHASES)[number] | '';
  /** Part of a number or a name. */
  readonly search: string;
}

/** What an address or a topic's name asks for; what makes no sense is left out. */
export function readCallFilter(query: Readonly<Record<string, string | undefined>>): CallFilter {
  const { direction = '', queue = '', phase = '', q = '' } = query;
  return {
    direction: DIRECTIONS.find((one) => one === direction) ?? '',
    queue: /^[1-9]\d{0,9}$/.test(queue) ? (Number(queue) as QueueId) : '',
    phase: CALL_PHASES.find((one) => one === phase) ?? '',
    search: q.trim().slice(0, MAX_SEARCH),
  };
}

/** The filter as it stands in addresses, without what is left open. */
export const callQuery = ({ direction, queue, phase, search }: CallFilter): string =>
  new URLSearchParams({
    ...(direction === '' ? {} : { direction }),
    ...(queue === '' ? {} : { queue: String(queue) }),
    ...(phase === '' ? {} : { phase }),
    ...(search === '' ? {} : { q: search }),
  }).toString();

/** The picture with these calls only. Numbers are not searched for those who do not see them whole. */
export function withCalls(
  snapshot: LiveSnapshot | undefined,
  { direction, queue, phase, search }: CallFilter,
  masksNumbers: boolean,
): LiveSnapshot | undefined {
  if (snapshot === undefined) return undefined;
  const wanted = search.toLowerCase();
  const digits = masksNumbers ? '' : search.replace(/[\s().-]/g, '').replace(/^0+/, '');
  const agents = new Map(snapshot.agents.map(({ id, name }) => [id, name]));
  const fits = (call: LiveCall): boolean =>
    (direction === '' || call.direction === direction) &&
    (queue === '' || call.queueId === queue) &&
    (phase === '' || phaseOf(call) === phase) &&
    (wanted === '' ||
      [call.fromName, call.agentId === undefined ? '' : (agents.get(call.agentId) ?? '')].some(
        (name) => name.toLowerCase().includes(wanted),
      ) ||
      (/^\+?\d+$/.test(digits) &&
        [call.from, call.to, call.other ?? ''].some((number) => number.includes(digits))));
  return { ...snapshot, calls: snapshot.calls.filter(fits) };
}

const phaseOf = ({ stage }: LiveCall): CallFilter['phase'] =>
  stage === 'queue' || stage === 'talk' ? stage : 'other';
