import type { TransferTarget } from '../../engines/talk/talk.js';
import type { AgentId, ExtensionId, QueueId } from '../../kernel/ids.js';
import type { DirectorySnapshot } from '../../telephony/directory.js';
import type { LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import type { ChoiceGroup, TransferChoice } from './workspace.js';

/** More of a kind are found by typing more. */
const SHOWN = 8;
/** As forms send it. */
const ANY_SLOT = 'any';
const DIALLABLE = /^\+?[0-9]{2,20}$/;

/** What a form sends of a choice; undefined where it is none. */
export function parseTarget(text: string): TransferTarget | undefined {
  const [, kind, value = ''] = /^(extension|queue|flow|number|park):(.+)$/.exec(text) ?? [];
  if (kind === 'number') return { kind, number: value };
  if (kind === 'park') return { kind, slot: value === ANY_SLOT ? '' : value };
  const id = Number(value);
  if (!Number.isInteger(id) || id <= 0) return undefined;
  switch (kind) {
    case 'extension':
      return { kind, id: id as ExtensionId };
    case 'queue':
      return { kind, id: id as QueueId };
    case 'flow':
      return { kind, id };
    default:
      return undefined;
  }
}

type Directory = Pick<DirectorySnapshot, 'extensions' | 'queues' | 'flows' | 'ringGroups'>;

interface Search {
  /** As typed; '' shows what is near at hand. */
  readonly query: string;
  readonly agentId: AgentId;
  /** What this agent transferred to lately, the newest first: `kind:value`. */
  readonly recent: readonly string[];
  /** What parking is called; '' where nothing can be parked. */
  readonly parkName: string;
}

/** Whom and what a call can be sent to, in groups, those who are free first; what is typed narrows it down. */
export function transferChoices(
  directory: Directory,
  live: LiveSnapshot | undefined,
  { query, agentId, recent, parkName }: Search,
): readonly { readonly group: ChoiceGroup; readonly choices: readonly TransferChoice[] }[] {
  const me = live?.agents.find(({ id }) => id === agentId);
  const words = query.normalize('NFKC').trim().toLowerCase();
  const number = words.replace(/[\s().-]/g, '');
  const fits = ({ name, number: own }: TransferChoice): boolean =>
    words === '' ||
    name.toLowerCase().includes(words) ||
    (number !== '' && own !== '' && own.startsWith(number));
  const people = peopleOf(directory, live, me);
  const queues = queuesOf(directory, live, me);
  const flows = flowsOf(directory);
  const ringGroups = groupsOf(directory);
  const all = [...people, ...queues, ...flows, ...ringGroups];
  const found = (choices: readonly TransferChoice[]) => choices.filter(fits).slice(0, SHOWN);
  const known = [...people, ...ringGroups].some((one) => one.number === number);
  const groups: readonly (readonly [ChoiceGroup, readonly TransferChoice[]])[] = [
    ['number', DIALLABLE.test(number) && !known ? [dialled(number)] : []],
    ['recent', words === '' ? recent.flatMap((key) => recentChoice(key, all)) : []],
    ['people', found(people)],
    ['queues', found(queues)],
    ['flows', words === '' ? [] : found(flows)],
    ['groups', words === '' ? [] : found(ringGroups)],
    ['park', parkName === '' ? [] : found([anySlot(parkName)])],
  ];
  return groups.flatMap(([group, choices]) => (choices.length === 0 ? [] : [{ group, choices }]));
}

const dialled = (number: string): TransferChoice => ({
  ...{ kind: 'number', value: number, name: '', number, canBeAsked: true, state: undefined },
});

const anySlot = (name: string): TransferChoice => ({
  ...{ kind: 'park', value: ANY_SLOT, name, number: '', canBeAsked: false, state: undefined },
});

function recentChoice(key: string, all: readonly TransferChoice[]): readonly TransferChoice[] {
  const known = all.find(({ kind, value }) => `${kind}:${value}` === key);
  if (known !== undefined) return [known];
  return key.startsWith('number:') ? [dialled(key.slice('number:'.length))] : [];
}

function peopleOf(
  { extensions }: Directory,
  live: LiveSnapshot | undefined,
  me: LiveAgent | undefined,
): readonly TransferChoice[] {
  const agents = new Map(
    live?.agents
      .filter(({ state, extension }) => state !== 'signed-out' && extension !== '')
      .map((agent) => [agent.extension, agent]),
  );
  const registered = new Set(
    live?.extensions.filter((one) => one.registered).map((one) => one.number),
  );
  const busy = busyNumbers(live);
  return [...extensions.values()]
    .filter(({ number }) => number !== me?.extension)
    .map(({ id, number, name }): TransferChoice => {
      const agent = agents.get(number);
      const is = !registered.has(number) ? 'away' : busy.has(number) ? 'busy' : 'free';
      return {
        kind: 'extension',
        value: String(id),
        name: agent?.name ?? name,
        number,
        canBeAsked: true,
        state:
          agent === undefined
            ? { kind: 'phone', is }
            : { kind: 'agent', state: agent.state, reason: agent.reason },
      };
    })
    .sort(
      (a, b) => rankOf(a) - rankOf(b) || a.number.localeCompare(b.number, 'en', { numeric: true }),
    );
}

/** Extensions in a call that is not that of a signed-in agent. */
function busyNumbers(live: LiveSnapshot | undefined): ReadonlySet<string> {
  return new Set(
    live?.calls.flatMap((call) => [
      ...(call.direction === 'inbound' || call.about !== undefined ? [] : [call.from]),
      ...(call.talk?.parties.map(({ number }) => number) ?? []),
    ]),
  );
}

/** Who can take the call now comes first. */
function rankOf({ state }: TransferChoice): number {
  if (state?.kind === 'agent') return state.state === 'available' ? 0 : 2;
  if (state?.kind === 'phone') return state.is === 'free' ? 1 : state.is === 'busy' ? 2 : 3;
  return 1;
}

function queuesOf(
  { queues }: Directory,
  live: LiveSnapshot | undefined,
  me: LiveAgent | undefined,
): readonly TransferChoice[] {
  return [...queues.values()]
    .map(({ id, name }): TransferChoice => {
      const line = live?.queues.find((one) => one.id === id);
      const free = live?.agents.filter(
        (agent) => agent.state === 'available' && agent.queues.includes(id),
      );
      return {
        ...{ kind: 'queue', value: String(id), name, number: '', canBeAsked: true },
        state: {
          kind: 'queue',
          isOpen: line?.isOpen ?? true,
          free: free?.length ?? 0,
          waiting: line?.waitingCount ?? 0,
          longestSince: line?.longestSince,
        },
      };
    })
    .sort(
      (a, b) => Number(isMine(me, b)) - Number(isMine(me, a)) || a.name.localeCompare(b.name, 'en'),
    );
}

const isMine = (me: LiveAgent | undefined, { value }: TransferChoice): boolean =>
  me?.queues.some((id) => String(id) === value) === true;

const flowsOf = ({ flows }: Directory): readonly TransferChoice[] =>
  [...flows.values()]
    .map(({ id, name }): TransferChoice => ({
      ...{ kind: 'flow', value: String(id), name, number: '', canBeAsked: true },
      state: undefined,
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** Those that can be dialled. */
const groupsOf = ({ ringGroups }: Directory): readonly TransferChoice[] =>
  [...ringGroups.values()]
    .filter(({ number }) => number !== '')
    .map(({ name, number }): TransferChoice => ({
      ...{ kind: 'number', value: number, name, number, canBeAsked: true, state: undefined },
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
