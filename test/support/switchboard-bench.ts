import { NO_WRAP_UP, PLAIN_QUEUE } from '../../src/engines/acd/acd-events.js';
import { indexRegions } from '../../src/engines/routing/region.js';
import { VirtualClock, settle } from '../../src/kernel/clock.js';
import type { AgentStateChange } from '../../src/kernel/agent-state-change.js';
import type { CallEvent } from '../../src/kernel/call-event.js';
import type {
  AgentId,
  CallId,
  ChannelId,
  DidId,
  ExtensionId,
  FlowId,
  PromptId,
  QueueId,
  TrunkId,
} from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import { AgentRoster, type RosterEntry } from '../../src/telephony/calls/agent-roster.js';
import type { Call } from '../../src/telephony/calls/call.js';
import type { JournalEntry } from '../../src/telephony/calls/journal.js';
import { ConferenceRooms } from '../../src/telephony/calls/conference-rooms.js';
import { PromptLibrary } from '../../src/telephony/calls/prompts.js';
import type { CallServices } from '../../src/telephony/calls/services.js';
import { Switchboard } from '../../src/telephony/calls/switchboard.js';
import type { PromptTake } from '../../src/telephony/prompt-takes.js';
import type { SelfService } from '../../src/telephony/self-service.js';
import type { DirectorySnapshot, FlowConfig, QueueConfig } from '../../src/telephony/directory.js';
import { FakeAsterisk } from './fake-asterisk.js';
import type { Callback, CallbackStore } from '../../src/telephony/callbacks.js';
import { callNow, Callbacks } from '../../src/telephony/calls/callbacks.js';
import type { RouteDecision } from '../../src/engines/routing/rule.js';
import { keepRosterTrue } from '../../src/telephony/calls/roster-reconciler.js';
import type { CallbackId } from '../../src/kernel/ids.js';

export const SALES = 1 as QueueId;
export const MENU = 1 as FlowId;
export const ADA = 1 as AgentId;
export const BEN = 2 as AgentId;
export const DID = '+442079460110';
export const CALLER = '+442079460999';

const extension = (id: number, permission: 'internal' | 'national' = 'national') => ({
  id: id as ExtensionId,
  number: String(2000 + id),
  name: `Desk ${String(id)}`,
  permission,
  callerId: '',
  recordInternal: false,
  voicemail: false,
  ringTimeoutMs: 20_000,
  language: 'en' as const,
});

export const salesQueue: QueueConfig = {
  id: SALES,
  name: 'Sales',
  ...PLAIN_QUEUE,
  ringTimeoutMs: 15_000,
  wrapUp: { ...NO_WRAP_UP, ms: 10_000 },
  maxWaitMs: 120_000,
  maxLength: 0,
  overflow: { kind: 'voicemail', queueId: SALES },
  leavesWhenEmpty: true,
  announceEveryMs: 0,
  maxPerAgent: 0,
  clearsAtClosing: false,
  stickyMs: 0,
  stickyDays: 7,
  autoAnswers: false,
  tellsPlace: false,
  tellsWait: false,
  tellEveryMs: 0,
  record: true,
  serviceLevelMs: 20_000,
  members: [ADA, BEN],
};

/** Menu: 1 sales, 2 extension 2003, 3 voicemail; no key twice ends it. */
export const menuFlow: FlowConfig = {
  id: MENU,
  name: 'Main',
  version: 1,
  definition: {
    start: 'menu',
    steps: {
      menu: {
        kind: 'menu',
        label: 'Main menu',
        prompt: 1,
        timeoutS: 5,
        retries: 1,
        choices: { '1': 'sales', '2': 'desk', '3': 'message' },
        noInput: 'bye',
        wrongKey: 'bye',
      },
      sales: { kind: 'queue', label: 'Sales', queue: 1, priority: 0 },
      desk: { kind: 'extension', label: 'Desk 3', extension: 3, noAnswer: 'message' },
      message: { kind: 'voicemail', label: 'Message', queue: 1 },
      bye: { kind: 'hangup', label: 'Bye', prompt: 1 },
    },
  },
};

const agent = (id: AgentId, name: string) => ({
  id,
  name,
  number: `90${String(id)}`,
  pin: '1234',
  extensionId: Number(id) as ExtensionId,
  queues: [SALES],
  results: new Map(),
  skills: new Map(),
});

export function demoDirectory(queue: QueueConfig = salesQueue): DirectorySnapshot {
  const extensions = [extension(1), extension(2), extension(3), extension(4, 'internal')];
  return {
    trunks: new Map(
      [1, 2].map((id) => [
        id as TrunkId,
        {
          id: id as TrunkId,
          name: `Carrier ${String(id)}`,
          technology: 'sip' as const,
          enabled: true,
          priority: id,
          maxChannels: 0,
          callerId: DID,
        },
      ]),
    ),
    didsByNumber: new Map([
      [
        DID,
        {
          id: 1 as DidId,
          number: DID,
          name: 'Main',
          target: { kind: 'flow' as const, id: MENU },
          language: 'en' as const,
        },
      ],
    ]),
    extensions: new Map(extensions.map((e) => [e.id, e])),
    extensionsByNumber: new Map(extensions.map((e) => [e.number, e])),
    queues: new Map([[queue.id, queue]]),
    agents: new Map([agent(ADA, 'Ada'), agent(BEN, 'Ben')].map((a) => [a.id, a])),
    skills: new Map(),
    regions: indexRegions([]),
    flows: new Map([[MENU, menuFlow]]),
    prompts: new Map([
      [1 as PromptId, { id: 1 as PromptId, name: 'Greeting', files: { en: 'a'.repeat(64) } }],
    ]),
    music: new Map(),
    calendars: new Map(),
    routingRules: [],
    hooks: [],
    conferences: new Map(),
    conferencesByNumber: new Map(),
    lookups: new Map(),
    notReadyReasons: new Map(),
    dispositions: new Map(),
  };
}

/** The table of callbacks, in memory. */
export class CallbackRows implements CallbackStore {
  readonly rows = new Map<CallbackId, Callback>();
  isAway = false;

  #check(): Promise<void> {
    return this.isAway ? Promise.reject(new Error('the database is away')) : Promise.resolve();
  }

  async add(callback: Callback): Promise<boolean> {
    await this.#check();
    for (const row of await this.open()) if (row.number === callback.number) return false;
    this.rows.set(callback.id, callback);
    return true;
  }

  async open(): Promise<readonly Callback[]> {
    await this.#check();
    return [...this.rows.values()].filter(
      ({ state }) => state === 'waiting' || state === 'calling',
    );
  }

  async update(id: CallbackId, change: Partial<Callback>): Promise<void> {
    await this.#check();
    const row = this.rows.get(id);
    if (row !== undefined) this.rows.set(id, { ...row, ...change });
  }

  async reopen(id: CallbackId): Promise<Callback | undefined> {
    await this.#check();
    const row = this.rows.get(id);
    if (row?.state !== 'cancelled') return undefined;
    for (const other of await this.open()) if (other.number === row.number) return undefined;
    const open: Callback = { ...row, state: 'waiting' };
    this.rows.set(id, open);
    return open;
  }
}

/** Other systems, as a test wants them. */
export class SelfServiceStub implements SelfService {
  readonly webhooks: Parameters<SelfService['sendWebhook']>[0][] = [];
  fetch: SelfService['fetch'] = () => Promise.resolve({ kind: 'fetched', variables: {} });
  lookUp: SelfService['lookUp'] = () => Promise.resolve({ kind: 'no-rows' });
  findCustomer: SelfService['findCustomer'] = () => Promise.resolve({ kind: 'not-found' });
  checkPin: SelfService['checkPin'] = () => Promise.resolve({ kind: 'pin-ok' });
  sendWebhook: SelfService['sendWebhook'] = (webhook) => {
    this.webhooks.push(webhook);
    return Promise.resolve();
  };
}

/** The real switchboard on the small Asterisk and a virtual clock. */
export class SwitchboardBench {
  readonly clock = new VirtualClock(1_000_000);
  readonly ari: FakeAsterisk;
  readonly ledger: CallEvent[] = [];
  readonly journal = new Map<CallId, JournalEntry>();
  readonly agentMemory = new Map<AgentId, RosterEntry>();
  readonly calls = new Map<CallId, Call>();
  readonly unregistered = new Set<string>();
  readonly errors: unknown[] = [];
  /** What the reconciler of the roster had to mend. */
  readonly healed: string[] = [];
  /** Changes of agents' states, in order. */
  readonly states: AgentStateChange[] = [];
  roster!: AgentRoster;
  callbacks!: Callbacks;
  /** Callbacks as the database would keep them. */
  readonly callbackRows: CallbackRows;
  /** Whether the queues' calendars say open. */
  isOpen = true;
  /** What other systems say to flows. */
  readonly selfService: SelfServiceStub = new SelfServiceStub();
  /** What rules and hooks say of the next calls. */
  routed: Partial<RouteDecision> = {};
  route: CallServices['route'] = (_call, queue, priority, attributes) =>
    Promise.resolve({
      ...{ queue, priority, isVip: false, requirements: [], attributes, reasons: [] },
      ...this.routed,
    });
  #switchboard!: Switchboard;
  #server!: Scope;
  #stop!: () => void;
  #done!: Promise<void>;

  /** Recordings of prompts that pages asked for, what was told of them, and whether they can be saved. */
  readonly takes = new Map<string, PromptTake>();
  readonly takeNotes: string[] = [];
  keepsTakes = true;

  constructor(
    readonly directory: DirectorySnapshot = demoDirectory(),
    former?: SwitchboardBench,
  ) {
    this.ari = former?.ari ?? new FakeAsterisk(this.clock);
    this.callbackRows = former?.callbackRows ?? new CallbackRows();
    if (former) {
      this.clock = former.clock;
      this.ledger = former.ledger;
      for (const [id, entry] of former.journal) this.journal.set(id, entry);
      for (const [id, entry] of former.agentMemory) this.agentMemory.set(id, entry);
    }
  }

  async start(): Promise<this> {
    let ready = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      ready = resolve;
    });
    this.#done = Scope.run('server', async (server) => {
      this.#server = server;
      const stopped = new Promise<void>((resolve) => {
        this.#stop = resolve;
      });
      await this.#wire(server);
      ready();
      await stopped;
    }).catch((error: unknown) => {
      this.errors.push(error);
    });
    await started;
    this.ari.events.publishConnection({ type: 'up' });
    await this.settle();
    return this;
  }

  async #wire(server: Scope): Promise<void> {
    const { directory, clock } = this;
    const live = {
      current: directory,
      flowVersion: (id: FlowId) => Promise.resolve(directory.flows.get(id)),
    };
    this.roster = new AgentRoster(server, {
      clock,
      directory: live,
      store: {
        write: (entry) => this.agentMemory.set(entry.id, entry),
        readAll: () => Promise.resolve([...this.agentMemory.values()]),
        writePointer: () => undefined,
        readPointers: () => Promise.resolve([]),
      },
      stateLog: { appendAgentState: (change) => this.states.push(change) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      onDecision: () => undefined,
      onChange: () => undefined,
      isRegistered: (number) => !this.unregistered.has(number),
    });
    await this.roster.open();
    this.callbacks = new Callbacks(server, {
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      directory: live,
      roster: this.roster,
      store: this.callbackRows,
      country: 'GB',
      ari: this.ari,
      isRegistered: (number) => !this.unregistered.has(number),
      callNow: (id) => callNow(this.calls.get(id)),
      take: (event) => {
        this.#switchboard.take(this.ari, event);
      },
      onChange: () => undefined,
    });
    this.callbacks.open();
    keepRosterTrue(server, {
      clock,
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (_fields, message) => this.healed.push(message),
      },
      roster: this.roster,
      calls: this.calls,
      isTry: (id) => this.callbacks.person(id) !== undefined,
    });
    const services: CallServices = {
      clock,
      directory: live,
      prompts: new PromptLibrary(
        live,
        {
          systemPrompt: (name) => name,
          pieces: (sounds) => sounds.map(({ name }) => name),
        },
        'http://media',
        { say: (text) => Promise.resolve(`said-${text}`) },
      ),
      takes: {
        find: (id) => Promise.resolve(this.takes.get(id)),
        note: (id, state) => this.takeNotes.push(`${id} ${state}`),
        keep: (take, wav) => {
          this.takeNotes.push(`${take.id} kept ${String(wav.length)}`);
          return Promise.resolve(this.keepsTakes);
        },
      },
      roster: this.roster,
      endpoints: {
        isRegistered: (number) => !this.unregistered.has(number),
        isTrunkOnline: () => true,
      },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields, message) => this.errors.push({ message, ...fields }),
      },
      zone: 'Europe/London',
      country: 'GB',
      callbacks: this.callbacks,
      isOpen: () => this.isOpen,
      selfService: this.selfService,
      rooms: new ConferenceRooms(),
      route: (...asked) => this.route(...asked),
      server,
      calls: this.calls,
      ariOf: () => this.ari,
    };
    this.#switchboard = new Switchboard({
      services,
      ledger: { append: (event) => this.ledger.push(event) },
      journal: {
        write: (entry) => this.journal.set(entry.facts.id, structuredClone(entry)),
        remove: (id) => this.journal.delete(id),
        readAll: () => Promise.resolve([...this.journal.values()]),
      },
      calls: this.calls,
      onChange: () => undefined,
    });
    this.#switchboard.attach(this.ari);
  }

  /** A call from outside to the main number. */
  async callIn(to = DID, from = CALLER): Promise<ChannelId> {
    const channel = this.ari.arrive({ callerNumber: from, args: ['trunk', to] });
    await this.settle();
    return channel;
  }

  signIn(agentId: AgentId): void {
    this.roster.signIn(agentId, Number(agentId) as ExtensionId);
    this.roster.available(agentId);
  }

  async press(channel: ChannelId, keys: string): Promise<void> {
    this.ari.press(channel, keys);
    await this.advance(200);
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 12; i++) await settle();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settle();
  }

  kinds(): string[] {
    return this.ledger.map((event) => event.kind);
  }
  last<K extends CallEvent['kind']>(kind: K): Extract<CallEvent, { kind: K }> | undefined {
    return this.ledger.findLast((e): e is Extract<CallEvent, { kind: K }> => e.kind === kind);
  }

  /** The process is gone from one moment to the next: nothing of it is cleared away. */
  kill(): void {
    this.ari.events.onArrival(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stop();
    this.#server.cancel('stopped');
    await this.#done;
  }
}
