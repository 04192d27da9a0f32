import type { QueueLogLine } from './lines.js';

/** What became of somebody who rang. Instants in ms since the epoch. */
export interface OldOffer {
  readonly agent: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'no-answer' | 'caller-left' | 'failed';
}

export interface OldTransfer {
  readonly how: 'blind' | 'consult';
  /** What was dialled; '' where the log does not say. */
  readonly to: string;
}

export interface OldTalk {
  readonly agent: string;
  readonly startedAt: number;
  readonly rangMs: number;
  readonly endedAt: number;
  readonly ending: 'caller' | 'agent' | OldTransfer;
}

/** One time that a caller stood in a queue of the old system. Complete: who was answered has a talk with an end. */
export interface OldVisit {
  readonly queue: string;
  readonly enteredAt: number;
  readonly place: number;
  readonly offers: readonly OldOffer[];
  readonly leftAt: number;
  readonly waitedMs: number;
  readonly outcome: 'answered' | 'abandoned' | 'overflowed';
  /** A code of the ledger. */
  readonly reason: string;
  readonly talk?: OldTalk;
}

/** A call of the old system whose beginning and end the log has; at least one visit. */
export interface OldCall {
  readonly uniqueId: string;
  readonly from: string;
  readonly fromName: string;
  /** The dialled number; '' where the log does not say. */
  readonly to: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly visits: readonly OldVisit[];
}

/** A call that cannot be told: the log begins within it, ends within it, or lacks a line of it. */
export interface UnfinishedCall {
  readonly uniqueId: string;
  /** Number of its first line. */
  readonly n: number;
  /** Of the last line that the log has of it, in ms since the epoch. */
  readonly lastAt: number;
  readonly why: 'no-begin' | 'no-end';
}

export interface CollectorListener {
  finished(call: OldCall): void;
  unfinished(call: UnfinishedCall): void;
}

/** A call is finished when the log is so far past its last line. */
export const FINISHED_AFTER_MS = 3_600_000;
/** Who talks writes no lines: so long a talk may last. A caller who was transferred may come back as late. */
export const LONGEST_TALK_MS = 86_400_000;
const SWEEP_EVERY_MS = 600_000;
/** Calls that go on at once; beyond it the oldest count as unfinished, so that no file fills the memory. */
const MAX_OPEN = 200_000;

type Visit = {
  -readonly [K in keyof Omit<OldVisit, 'offers' | 'outcome' | 'talk'>]: OldVisit[K];
} & {
  readonly offers: OldOffer[];
  outcome?: OldVisit['outcome'];
  talk?: Partial<Pick<OldTalk, 'endedAt' | 'ending'>> & Omit<OldTalk, 'endedAt' | 'ending'>;
};

interface Open {
  readonly uniqueId: string;
  readonly n: number;
  readonly startedAt: number;
  lastAt: number;
  from: string;
  fromName: string;
  to: string;
  readonly visits: Visit[];
  broken?: UnfinishedCall['why'];
}

/** Events of queues' members and of the queueing itself: they say nothing of a call. */
const NOT_OF_CALLS = new Set(['NONE', 'REALTIME', 'MANAGER', '']);
const OF_CALLS = new Set([
  ...['ENTERQUEUE', 'DID', 'JOINEMPTY', 'RINGNOANSWER', 'RINGCANCELED', 'AGENTDUMP', 'CONNECT'],
  ...['COMPLETEAGENT', 'COMPLETECALLER', 'TRANSFER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER'],
  ...['ABANDON', 'EXITWITHTIMEOUT', 'EXITWITHKEY', 'EXITEMPTY', 'SYSCOMPAT'],
]);

/** Whether a line is about a call at all. */
export const isOfCall = ({ uniqueId, event }: QueueLogLine): boolean =>
  OF_CALLS.has(event) && !NOT_OF_CALLS.has(uniqueId);

/** Puts lines together to calls, each told when it is finished. Holds the calls that go on, and those of the last hour. */
export class CallCollector {
  readonly #open = new Map<string, Open>();
  #latestAt = 0;
  #sweptAt = 0;

  constructor(private readonly listener: CollectorListener) {}

  /**
   * Takes the `n`-th line. `order`: it is far older than those before; `place`: the call was not so far that this could
   * happen. Such lines are left out.
   */
  take(line: QueueLogLine, n: number): 'taken' | 'order' | 'place' {
    if (line.at < this.#latestAt - FINISHED_AFTER_MS) return 'order';
    this.#latestAt = Math.max(this.#latestAt, line.at);
    if (this.#latestAt - this.#sweptAt >= SWEEP_EVERY_MS) this.#sweep();
    if (!isOfCall(line)) return 'taken';
    const call = this.#open.get(line.uniqueId) ?? this.#begin(line, n);
    // The clock of the old system may have stepped back: within a call nothing does.
    const at = Math.max(line.at, call.lastAt);
    call.lastAt = at;
    return happen(call, line, at) ? 'taken' : 'place';
  }

  /** The log is at its end: what is not over yet is unfinished. */
  end(): void {
    for (const call of this.#open.values()) this.#close(call);
    this.#open.clear();
  }

  #begin({ uniqueId, at }: QueueLogLine, n: number): Open {
    const call: Open = {
      ...{ uniqueId, n, startedAt: at, lastAt: at, visits: [] },
      ...{ from: '', fromName: '', to: '' },
    };
    this.#open.set(uniqueId, call);
    if (this.#open.size > MAX_OPEN) {
      const [oldest] = this.#open.values();
      if (oldest !== undefined) this.#drop(oldest);
    }
    return call;
  }

  #sweep(): void {
    this.#sweptAt = this.#latestAt;
    for (const call of this.#open.values()) {
      const mayGoOn = !isOver(call) || isTransferred(call);
      const keptMs = mayGoOn ? LONGEST_TALK_MS : FINISHED_AFTER_MS;
      if (call.lastAt < this.#latestAt - keptMs) this.#drop(call);
    }
  }

  #drop(call: Open): void {
    this.#open.delete(call.uniqueId);
    this.#close(call);
  }

  #close(call: Open): void {
    const { uniqueId, n, visits, lastAt } = call;
    // Only its number is known: it never came to a queue.
    if (visits.length === 0 && call.broken === undefined) return;
    const why = call.broken ?? (isOver(call) ? undefined : 'no-end');
    if (why !== undefined) {
      this.listener.unfinished({ uniqueId, n, lastAt, why });
      return;
    }
    const { from, fromName, to, startedAt } = call;
    this.listener.finished({
      ...{ uniqueId, from, fromName, to, startedAt, endedAt: lastAt },
      visits: visits as readonly OldVisit[],
    });
  }
}

const isOver = ({ visits, broken }: Open): boolean => {
  const last = visits.at(-1);
  if (broken !== undefined) return true;
  return last?.outcome !== undefined && (last.talk === undefined || last.talk.ending !== undefined);
};

const isTransferred = ({ visits }: Open): boolean =>
  typeof visits.at(-1)?.talk?.ending === 'object';

/** A number of seconds as ms; undefined where it is none. */
const seconds = (text: string | undefined): number | undefined =>
  /^\d{1,7}$/.test(text ?? '') ? Number(text) * 1_000 : undefined;
const count = (text: string | undefined): number =>
  /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;

function happen(call: Open, { event, queue, agent, data }: QueueLogLine, at: number): boolean {
  const last = call.visits.at(-1);
  const waiting = last?.outcome === undefined ? last : undefined;
  const talking =
    last?.talk !== undefined && last.talk.ending === undefined ? last.talk : undefined;
  const leave = (outcome: OldVisit['outcome'], reason: string, waited?: string): boolean => {
    if (waiting === undefined) return missed(call);
    Object.assign(waiting, { outcome, reason, leftAt: at });
    waiting.waitedMs = seconds(waited) ?? at - waiting.enteredAt;
    return true;
  };
  const offer = (outcome: OldOffer['outcome'], rang: string | undefined): boolean => {
    if (waiting === undefined) return missed(call);
    const startedAt = Math.max(waiting.enteredAt, at - count(rang));
    waiting.offers.push({ agent, startedAt, endedAt: at, outcome });
    return true;
  };
  const hangUp = (ending: OldTalk['ending']): boolean => {
    if (talking === undefined) return missed(call);
    Object.assign(talking, { endedAt: at, ending });
    return true;
  };
  const enter = (place: number): Visit => {
    // Whoever enters a queue has left the one before, and the log does not say how.
    if (waiting !== undefined || talking !== undefined) call.broken ??= 'no-end';
    const visit: Visit = {
      ...{ queue, enteredAt: at, place, offers: [], leftAt: at, waitedMs: 0, reason: '' },
    };
    call.visits.push(visit);
    return visit;
  };
  switch (event) {
    case 'DID':
      if (call.to === '') call.to = data[0] ?? '';
      return true;
    case 'ENTERQUEUE':
      if (call.from === '') call.from = data[1] ?? '';
      if (call.fromName === '') call.fromName = data[3] ?? '';
      enter(Math.max(1, count(data[2])));
      return true;
    case 'JOINEMPTY':
      Object.assign(enter(1), { outcome: 'overflowed', reason: 'nobody-signed-in' });
      return true;
    case 'RINGNOANSWER':
      return offer('no-answer', data[0]);
    case 'RINGCANCELED':
      return offer('caller-left', data[0]);
    case 'AGENTDUMP':
      return offer('failed', '0');
    case 'CONNECT':
      if (!leave('answered', '', data[0]) || waiting === undefined) return false;
      waiting.talk = {
        ...{ agent, startedAt: at },
        rangMs: Math.min(seconds(data[2]) ?? 0, at - waiting.enteredAt),
      };
      return true;
    case 'COMPLETEAGENT':
      return hangUp('agent');
    case 'COMPLETECALLER':
      return hangUp('caller');
    case 'TRANSFER':
    case 'BLINDTRANSFER':
      return hangUp({ how: 'blind', to: data[0] ?? '' });
    case 'ATTENDEDTRANSFER':
      return hangUp({ how: 'consult', to: '' });
    case 'ABANDON':
      return leave('abandoned', 'caller-left', data[2]);
    case 'SYSCOMPAT':
      return leave('abandoned', 'old-incompatible');
    case 'EXITWITHTIMEOUT':
      return leave('overflowed', 'max-wait', data[2]);
    case 'EXITWITHKEY':
      return leave('overflowed', 'old-exit-key', data[3]);
    default:
      return leave('overflowed', 'nobody-signed-in', data[2]);
  }
}

/** The log begins within the call, where nothing is known of it; else the line stands out of place. */
function missed(call: Open): boolean {
  if (call.visits.length > 0) return false;
  call.broken ??= 'no-begin';
  return true;
}
