import type { AppointmentWish } from '../../src/telephony/appointments.js';
import { NO_WRAP_UP, PLAIN_QUEUE } from '../../src/engines/acd/acd-events.js';
import { PLAIN_HANDLING, type CallHandling } from '../../src/engines/reach/reach.js';
import { indexRegions } from '../../src/engines/routing/region.js';
import { VirtualClock, settle } from '../../src/kernel/clock.js';
import type { AgentStateChange } from '../../src/kernel/agent-state-change.js';
import type { CallEvent } from '../../src/kernel/call-event.js';
import type {
  AgentId,
  CallId,
  ConferenceId,
  ChannelId,
  DidId,
  ExtensionId,
  FlowId,
  FlowTrialId,
  PromptId,
  MailboxId,
  QueueId,
  RecordingId,
  TrunkId,
} from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import type { SavedEstimate } from '../../src/telephony/calls/acd-runner.js';
import { AgentRoster, type RosterEntry } from '../../src/telephony/calls/agent-roster.js';
import type { Call } from '../../src/telephony/calls/call.js';
import type { JournalEntry } from '../../src/telephony/calls/journal.js';
import { answerDesk } from '../../src/telephony/calls/desk-service.js';
import { ConferenceRooms } from '../../src/telephony/calls/rooms/conference-rooms.js';
import type { StoredRoom } from '../../src/telephony/conference-rooms.js';
import { Previews } from '../../src/telephony/calls/previews/previews.js';
import { PromptLibrary } from '../../src/telephony/calls/prompts.js';
import type { CampaignStore } from '../../src/telephony/campaigns.js';
import type { FollowUpStore } from '../../src/telephony/follow-ups.js';
import { PreviewRows } from './preview-rows.js';
import { SurveyInvitations } from '../../src/telephony/calls/survey-invitations.js';
import type { CallServices } from '../../src/telephony/calls/services.js';
import { SteeredDirectory } from '../../src/telephony/calls/steered-directory.js';
import { isInForce, type QueueChange } from '../../src/telephony/queue-changes.js';
import { Switchboard } from '../../src/telephony/calls/switchboard.js';
import type { FlowTrial, TrialNews } from '../../src/telephony/flow-trials.js';
import type { DeskAnswer, DeskCommand } from '../../src/telephony/live.js';
import type {
  BoxMark,
  BoxMessage,
  BoxOwner,
  GreetingOutcome,
  Mailbox,
  Mailboxes,
} from '../../src/telephony/mailboxes.js';
import type { PromptTake } from '../../src/telephony/prompt-takes.js';
import type { SelfService } from '../../src/telephony/self-service.js';
import type { DirectorySnapshot, FlowConfig, QueueConfig } from '../../src/telephony/directory.js';
import type { SurveyHistory } from '../../src/telephony/survey-history.js';
import { AriError, type AriPort } from '../../src/telephony/ari/port.js';
import { FakeAsterisk } from './fake-asterisk.js';
import type { Callback, CallbackStore } from '../../src/telephony/callbacks.js';
import { nextOpening } from '../../src/telephony/calls/route-sources.js';
import { callNow, Callbacks } from '../../src/telephony/calls/callbacks.js';
import { CampaignWrites } from '../../src/telephony/calls/campaign-writes.js';
import { Campaigns } from '../../src/telephony/calls/campaigns/campaigns.js';
import { LinesInMemory } from './kept-lines.js';
import { CampaignRows } from './campaign-rows.js';
import type { ExtensionUse } from '../../src/engines/limits/outside-use.js';
import type { RouteDecision } from '../../src/engines/routing/rule.js';
import { BusyCallbacks, type BusyCallback } from '../../src/telephony/calls/busy-callbacks.js';
import { isPhoneFree } from '../../src/telephony/calls/phone-lines.js';
import {
  DialMemory,
  type LastDialled,
  type PhoneMemoryStore,
} from '../../src/telephony/calls/phone-memory.js';
import { followQuietPhones } from '../../src/telephony/calls/quiet-phones.js';
import type { PhoneDispositions } from '../../src/telephony/phone-dispositions.js';
import type { PhoneSettings } from '../../src/telephony/phone-settings.js';
import type { SpokenNames } from '../../src/telephony/spoken-names.js';
import { NO_POOL } from '../../src/engines/caller-id/choose.js';
import { CallerIdTurns } from '../../src/telephony/calls/caller-id.js';
import { DEFAULT_EMERGENCY, type HelpCall } from '../../src/telephony/emergency.js';
import { DEFAULT_RECORDING, NO_RECORDING_RULES } from '../../src/telephony/recording-settings.js';
import { OutsideLines } from '../../src/telephony/calls/outside-lines.js';
import { DEFAULT_LIMITS } from '../../src/telephony/limits.js';
import { DEFAULT_PARKING } from '../../src/telephony/parking.js';
import { DEFAULT_CODES } from '../../src/telephony/feature-codes.js';
import { ownSoundKey } from '../../src/telephony/system-prompts.js';
import { keepChannelsTrue } from '../../src/telephony/calls/channel-reconciler.js';
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
  recording: NO_RECORDING_RULES,
  voicemail: false,
  ringTimeoutMs: 20_000,
  language: 'en' as const,
  handling: PLAIN_HANDLING,
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
  recording: 'always',
  recordingNotice: 'default',
  callerId: '',
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
  callerIds: NO_POOL,
  outsidePhone: '',
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
          maxIncoming: 0,
          callerId: DID,
          allowedCallerIds: [],
          mayWithhold: false,
          recording: 'default' as const,
          recordingNotice: 'default' as const,
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
    ownSounds: new Map(),
    music: new Map(),
    surveys: new Map(),
    calendars: new Map(),
    routingRules: [],
    hooks: [],
    conferences: new Map(),
    conferencesByNumber: new Map(),
    pagingGroupsByNumber: new Map(),
    speedDials: new Map(),
    ownSpeedDials: new Map(),
    featureCodes: DEFAULT_CODES,
    parking: DEFAULT_PARKING,
    recording: DEFAULT_RECORDING,
    emergency: DEFAULT_EMERGENCY,
    limits: DEFAULT_LIMITS,
    rates: [],
    numberPrivacy: { isMasked: false },
    ringGroups: new Map(),
    ringGroupsByNumber: new Map(),
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

/** What is remembered of phones, as Redis would keep it. */
export class MemoryOfPhones implements PhoneMemoryStore {
  readonly dialled = new Map<ExtensionId, LastDialled>();
  readonly callbacks = new Map<ExtensionId, BusyCallback>();
  readonly uses = new Map<ExtensionId, ExtensionUse>();
  writeUse = (use: ExtensionUse): void => void this.uses.set(use.extension, use);
  readUses = () => Promise.resolve([...this.uses.values()]);
  writeDialled = (last: LastDialled): void => void this.dialled.set(last.extension, last);
  readDialled = () => Promise.resolve([...this.dialled.values()]);
  writeCallback = (wish: BusyCallback): void => void this.callbacks.set(wish.caller, wish);
  removeCallback = (caller: ExtensionId): void => void this.callbacks.delete(caller);
  readCallbacks = () => Promise.resolve([...this.callbacks.values()]);
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

/** Boxes and messages as a test wants them; what was done with them is written down. */
export class MailboxesStub implements Mailboxes {
  readonly boxes = new Map<string, Mailbox>();
  inBox: readonly BoxMessage[] | undefined = [];
  readonly notes: string[] = [];
  greeting: GreetingOutcome = 'kept';

  of({ kind, id }: BoxOwner): Promise<Mailbox | undefined> {
    return Promise.resolve(this.boxes.get(`${kind} ${String(id)}`));
  }

  numbered(number: string): Promise<Mailbox | undefined> {
    return Promise.resolve([...this.boxes.values()].find((box) => box.number === number));
  }

  messages(): Promise<readonly BoxMessage[] | undefined> {
    return Promise.resolve(this.inBox);
  }

  mark(message: RecordingId, mark: BoxMark, by: string): Promise<boolean> {
    this.notes.push(`${message} ${mark} by ${by}`);
    return Promise.resolve(true);
  }

  keepGreeting(_box: MailboxId, wav: Buffer, by: string): Promise<GreetingOutcome> {
    this.notes.push(`greeting of ${String(wav.length)} bytes by ${by}`);
    return Promise.resolve(this.greeting);
  }
}

/** The real switchboard on the small Asterisk and a virtual clock. */
export class SwitchboardBench {
  readonly clock = new VirtualClock(1_000_000);
  readonly ari: FakeAsterisk;
  readonly ledger: CallEvent[] = [];
  /** Until when the former process is known to have lived. */
  aliveAt = 0;
  readonly helpCalls: HelpCall[] = [];
  readonly journal = new Map<CallId, JournalEntry>();
  readonly agentMemory = new Map<AgentId, RosterEntry>();
  readonly calls = new Map<CallId, Call>();
  /** What was changed in queues by hand, as Redis would keep it. */
  readonly estimateMemory = new Map<QueueId, SavedEstimate>();
  readonly changeMemory = new Map<string, QueueChange>();
  /** Conference rooms in which somebody is, as Redis would keep them. */
  readonly roomMemory = new Map<ConferenceId, StoredRoom>();
  rooms!: ConferenceRooms;
  readonly unregistered = new Set<string>();
  /** Trunks that do not answer. */
  readonly silentTrunks = new Set<TrunkId>();
  readonly errors: unknown[] = [];
  /** What the watchman of the lines has told. */
  readonly alarms: string[] = [];
  /** What the reconciler of the roster had to mend. */
  readonly healed: string[] = [];
  /** Changes of agents' states, in order. */
  readonly states: AgentStateChange[] = [];
  roster!: AgentRoster;
  callbacks!: Callbacks;
  previews!: Previews;
  campaigns!: Campaigns;
  /** Campaigns and leads as the database would keep them; `campaigns.open()` begins to dial. */
  readonly campaignRows: CampaignRows;
  /** What of them the database has not taken yet. */
  readonly keptByCampaigns: LinesInMemory;
  readonly keptByPreviews: LinesInMemory;
  isPbxAway = false;
  readonly endpoints: CallServices['endpoints'] = {
    isRegistered: (number) => !this.unregistered.has(number),
    isTrunkOnline: (trunk) => !this.silentTrunks.has(trunk as TrunkId),
  };
  /** What pages ask of the calls. */
  desk!: ReturnType<typeof answerDesk>;
  queueChanges!: SteeredDirectory;
  dialled!: DialMemory;
  busyCallbacks!: BusyCallbacks;
  readonly phoneMemory: MemoryOfPhones;
  /** Callbacks as the database would keep them. */
  readonly callbackRows: CallbackRows;
  /** Campaigns, leads and promises, likewise. */
  readonly previewRows: PreviewRows;
  /** What phones change; false where it cannot be kept. */
  keepsSettings = true;
  readonly phoneSettings: PhoneSettings = {
    change: (id, { forwards, followMe, ...flags }) => {
      const before = this.directory.extensions.get(id);
      if (!this.keepsSettings || before === undefined) return Promise.resolve(false);
      const handling = {
        ...before.handling,
        ...flags,
        forwards: { ...before.handling.forwards, ...forwards },
        followMe: { ...before.handling.followMe, ...followMe },
      };
      this.handle(id, handling);
      return Promise.resolve(true);
    },
  };
  /** Whether a voice speaks texts. */
  speaks = true;
  /** What phones say that calls came to. */
  phoneDispositions: PhoneDispositions = {
    choose: () => Promise.resolve({ kind: 'no-call' }),
  };
  /** Names that were said on phones, by extension. */
  readonly spokenNames = new Map<ExtensionId, Buffer>();
  readonly names: SpokenNames = {
    keep: (extension, wav) => {
      if (!this.keepsSettings) return Promise.resolve('failed');
      this.spokenNames.set(extension, wav);
      return Promise.resolve('kept');
    },
  };
  /** Whether the queues' calendars say open. */
  isOpen = true;
  /** Boxes for messages, in memory. */
  readonly mailboxes = new MailboxesStub();
  /** What other systems say to flows. */
  readonly selfService: SelfServiceStub = new SelfServiceStub();
  /** What callers booked in flows, and whether it is kept. */
  readonly appointments: AppointmentWish[] = [];
  keepsAppointments = true;
  /** Whether a number was asked in a survey since then. */
  surveyed: SurveyHistory['askedSince'] = () => Promise.resolve(false);
  /** What rules and hooks say of the next calls. */
  routed: Partial<RouteDecision> = {};
  route: CallServices['route'] = (_call, queue, priority, attributes) =>
    Promise.resolve({
      ...{ queue, priority, isVip: false, requirements: [], attributes, reasons: [] },
      ...this.routed,
    });
  /** What pages ask. */
  ask!: (command: DeskCommand) => Promise<DeskAnswer>;
  #switchboard!: Switchboard;
  readonly #port: AriPort;
  #isDead = false;
  #server!: Scope;
  #stop!: () => void;
  #done!: Promise<void>;

  /** Recordings of prompts that pages asked for, what was told of them, and whether they can be saved. */
  readonly takes = new Map<string, PromptTake>();
  readonly takeNotes: string[] = [];
  keepsTakes = true;

  /** Test calls that pages asked for, and what was told of them. */
  readonly trials = new Map<FlowTrialId, FlowTrial>();
  readonly trialNews: [FlowTrialId, TrialNews][] = [];
  /** Drafts, by the version that stands for them. */
  readonly drafts = new Map<number, FlowConfig>();

  constructor(
    readonly directory: DirectorySnapshot = demoDirectory(),
    former?: SwitchboardBench,
  ) {
    this.ari = former?.ari ?? new FakeAsterisk(this.clock);
    // What happens from now on is told to this process.
    if (former) this.ari.events = this.ari.newEvents();
    const { events } = this.ari;
    this.#port = new Proxy<AriPort>(this.ari, {
      get: (fake, name) => {
        if (name === 'events') return events;
        const part: unknown = fake[name as keyof AriPort];
        if (typeof part !== 'function') return part;
        // What a process does that is gone reaches nobody.
        const away = (): Promise<never> =>
          Promise.reject(new AriError('unavailable', name.toString(), 0, 'killed'));
        return (...given: unknown[]): unknown =>
          this.#isDead ? away() : (part as (...args: unknown[]) => unknown).apply(fake, given);
      },
    });
    this.callbackRows = former?.callbackRows ?? new CallbackRows();
    this.previewRows = former?.previewRows ?? new PreviewRows();
    this.campaignRows = former?.campaignRows ?? new CampaignRows();
    this.phoneMemory = former?.phoneMemory ?? new MemoryOfPhones();
    this.keptByCampaigns = new LinesInMemory(former?.keptByCampaigns);
    this.keptByPreviews = new LinesInMemory(former?.keptByPreviews);
    if (former) {
      this.clock = former.clock;
      this.ledger = former.ledger;
      for (const [id, entry] of former.journal) this.journal.set(id, entry);
      for (const [id, entry] of former.agentMemory) this.agentMemory.set(id, entry);
      for (const [id, room] of former.roomMemory) this.roomMemory.set(id, room);
      for (const [queue, one] of former.estimateMemory) this.estimateMemory.set(queue, one);
      for (const [key, change] of former.changeMemory) this.changeMemory.set(key, change);
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
    const ari = this.#port;
    const ifAlive =
      <Told extends readonly unknown[]>(tell: (...told: Told) => unknown) =>
      (...told: Told): void => {
        if (!this.#isDead) tell(...told);
      };
    const base = {
      current: directory,
      flowVersion: (id: FlowId, version: number) =>
        Promise.resolve(version < 0 ? this.drafts.get(version) : directory.flows.get(id)),
      onChange: () => undefined,
    };
    const live = new SteeredDirectory(server, {
      clock,
      base,
      store: {
        write: (key, change) => this.changeMemory.set(key, change),
        remove: (key) => this.changeMemory.delete(key),
        readAll: () => Promise.resolve([...this.changeMemory.values()]),
      },
    });
    await live.open();
    this.queueChanges = live;
    live.onChange((snapshot) => {
      this.roster.configure(snapshot);
      this.roster.acd.tellEverybody({ kind: 'rules-changed' });
    });
    this.roster = new AgentRoster(server, {
      clock,
      directory: live,
      store: {
        write: ifAlive((entry) => this.agentMemory.set(entry.id, entry)),
        readAll: () => Promise.resolve([...this.agentMemory.values()]),
        writePointer: () => undefined,
        readPointers: () => Promise.resolve([]),
        writeEstimate: ifAlive((estimate) => this.estimateMemory.set(estimate.queue, estimate)),
        readEstimates: () => Promise.resolve([...this.estimateMemory.values()]),
      },
      stateLog: { appendAgentState: ifAlive((change) => this.states.push(change)) },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: ifAlive((_fields, message) => this.alarms.push(message)),
      },
      onDecision: () => undefined,
      onChange: ifAlive(() => (this.previews as Previews | undefined)?.check()),
      isRegistered: (number) => !this.unregistered.has(number),
    });
    await this.roster.open();
    this.callbacks = new Callbacks(server, {
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      directory: live,
      roster: this.roster,
      store: this.callbackRows,
      ledger: { append: ifAlive((event: CallEvent) => this.ledger.push(event)) },
      opening: (queue, at) => (this.isOpen ? nextOpening(live, queue, at) : { isOpen: false }),
      country: 'GB',
      ari,
      isRegistered: (number) => !this.unregistered.has(number),
      callNow: (id) => callNow(this.calls.get(id)),
      take: (event) => {
        this.#switchboard.take(ari, event);
      },
      onChange: () => undefined,
    });
    this.callbacks.open();
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const followUps = this.#asLongAsAlive<FollowUpStore>(this.previewRows.promises);
    const previewStore = this.#asLongAsAlive<CampaignStore>(this.previewRows);
    const campaignStore = this.#asLongAsAlive<CampaignStore>(this.campaignRows);
    this.previews = new Previews(server, {
      ...{ clock, log: quiet, followUps, store: previewStore },
      writes: new CampaignWrites(server, {
        ...{ clock, log: quiet, followUps, store: previewStore, kept: this.keptByPreviews },
      }),
      directory: live,
      roster: this.roster,
      ari,
      isRegistered: (number) => !this.unregistered.has(number),
      callNow: (id) => callNow(this.calls.get(id)),
      take: (event) => {
        this.#switchboard.take(ari, event);
      },
      end: (id) => {
        const call = this.calls.get(id);
        if (call !== undefined) void call.hangup(call.channel);
      },
      onChange: () => undefined,
    });
    this.campaigns = new Campaigns(server, {
      ...{ clock, directory: live, ari, calls: this.calls },
      store: campaignStore,
      writes: new CampaignWrites(server, {
        ...{ clock, log: quiet, followUps, store: campaignStore, kept: this.keptByCampaigns },
      }),
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: ifAlive((_fields, message) => this.alarms.push(message)),
      },
      roster: () => this.roster,
      endpoints: this.endpoints,
      callsPerSecond: 10,
      isPbxUp: () => !this.isPbxAway,
      take: (event) => {
        this.#switchboard.take(ari, event);
      },
      onChange: () => undefined,
    });
    const memory = this.phoneMemory;
    this.dialled = new DialMemory(memory);
    this.busyCallbacks = new BusyCallbacks(server, {
      clock,
      directory: live,
      ari: this.ari,
      store: memory,
      isFree: (extension) =>
        isPhoneFree(
          {
            roster: this.roster,
            calls: this.calls,
            endpoints: {
              isRegistered: (number) => !this.unregistered.has(number),
              isTrunkOnline: () => true,
            },
          },
          extension,
        ),
      take: (event) => {
        this.#switchboard.take(this.ari, event);
      },
      onChange: () => undefined,
    });
    const outsideUse = new OutsideLines({
      ...{ clock, directory: live, onChange: () => undefined },
      store: this.#asLongAsAlive(this.phoneMemory),
      log: { error: () => undefined },
    });
    await Promise.all([this.dialled.open(), this.busyCallbacks.open(), outsideUse.open()]);
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: ifAlive((_fields: object, message: string) => this.healed.push(message)),
    };
    keepChannelsTrue(server, { ari: this.ari, clock, log });
    keepRosterTrue(server, {
      clock,
      log,
      roster: this.roster,
      calls: this.calls,
      isTry: (id) => this.callbacks.person(id) !== undefined || this.previews.isTry(id),
      isThere: (phone) => {
        const number = this.directory.extensions.get(phone)?.number;
        return number !== undefined && !this.unregistered.has(number);
      },
    });
    const prompts = new PromptLibrary(
      live,
      {
        systemPrompt: (name) => name,
        pieces: (sounds, language, own) =>
          sounds.map(({ name }) => own?.get(ownSoundKey(name, language)) ?? name),
      },
      'http://media',
      { say: (text) => Promise.resolve(this.speaks ? `said-${text}` : undefined) },
    );
    this.rooms = new ConferenceRooms({
      ...{ clock, prompts, directory: live, onChange: () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      store: {
        write: ifAlive((room) => this.roomMemory.set(room.id, structuredClone(room))),
        remove: ifAlive((id) => this.roomMemory.delete(id)),
        readAll: () => Promise.resolve([...this.roomMemory.values()]),
      },
    });
    await this.rooms.open();
    const services: CallServices = {
      clock,
      directory: live,
      prompts,
      takes: {
        find: (id) => Promise.resolve(this.takes.get(id)),
        note: (id, state) => this.takeNotes.push(`${id} ${state}`),
        keep: (take, wav) => {
          this.takeNotes.push(`${take.id} kept ${String(wav.length)}`);
          return Promise.resolve(this.keepsTakes);
        },
      },
      trials: {
        find: (id) => Promise.resolve(this.trials.get(id)),
        note: ifAlive((id, news) => this.trialNews.push([id, news])),
      },
      mailboxes: this.mailboxes,
      phoneSettings: this.phoneSettings,
      phoneDispositions: { choose: (agent, key) => this.phoneDispositions.choose(agent, key) },
      names: this.names,
      dialled: this.dialled,
      busyCallbacks: this.busyCallbacks,
      roster: this.roster,
      callerIdTurns: new CallerIdTurns(),
      outsideUse,
      helpAlarm: { raise: (call) => this.helpCalls.push(call) },
      endpoints: this.endpoints,
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: ifAlive((fields, message) => this.errors.push({ message, ...fields })),
      },
      zone: 'Europe/London',
      country: 'GB',
      callbacks: this.callbacks,
      previews: this.previews,
      campaigns: this.campaigns,
      // A queue without a calendar is open, but for what was said by hand.
      isOpen: (queue, at) =>
        queue.byHand !== undefined && isInForce(queue.byHand, at)
          ? queue.byHand.isOpen
          : this.isOpen,
      queueChanges: live,
      selfService: this.selfService,
      rooms: this.rooms,
      appointments: {
        book: (wish) => {
          this.appointments.push(wish);
          return Promise.resolve(this.keepsAppointments);
        },
      },
      surveys: new SurveyInvitations({
        clock,
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        history: { askedSince: (number, since) => this.surveyed(number, since) },
      }),
      route: (...asked) => this.route(...asked),
      server,
      calls: this.calls,
      ariOf: () => ari,
    };
    this.#switchboard = new Switchboard({
      services,
      ledger: outsideUse.watch({ append: ifAlive((event) => this.ledger.push(event)) }),
      journal: {
        write: ifAlive((entry) => this.journal.set(entry.facts.id, structuredClone(entry))),
        remove: ifAlive((id) => this.journal.delete(id)),
        readAll: () => Promise.resolve([...this.journal.values()]),
        aliveAt: this.aliveAt,
      },
      calls: this.calls,
      onChange: () => undefined,
    });
    this.#switchboard.attach(ari);
    const person = (): { from: string; name: string } => ({ from: '', name: '' });
    this.ask = answerDesk(
      services,
      ari,
      person,
      (event, trial) => {
        this.#switchboard.take(ari, event, trial);
      },
      { append: ifAlive((event: CallEvent) => this.ledger.push(event)) },
      this.previews,
    );
    this.previews.open();
    this.desk = this.ask;
  }

  /** A store of which a process that is gone hears nothing any more. */
  #asLongAsAlive<Store extends object>(store: Store): Store {
    return new Proxy(store, {
      get: (rows, name) => {
        const part: unknown = Reflect.get(rows, name, rows);
        if (typeof part !== 'function') return part;
        return (...given: unknown[]): unknown =>
          this.#isDead
            ? new Promise(() => undefined)
            : (part as (...args: unknown[]) => unknown).apply(rows, given);
      },
    });
  }

  /** A call from outside to the main number. */
  async callIn(to = DID, from = CALLER): Promise<ChannelId> {
    const channel = this.ari.arrive({ callerNumber: from, args: ['trunk', to] });
    await this.settle();
    return channel;
  }

  /** Sets what becomes of calls to an extension. */
  handle(id: ExtensionId, handling: Partial<CallHandling>): void {
    const before = this.directory.extensions.get(id);
    if (before === undefined) throw new Error(`no extension ${String(id)}`);
    const after = { ...before, handling: { ...before.handling, ...handling } };
    (this.directory.extensions as Map<ExtensionId, typeof after>).set(id, after);
    (this.directory.extensionsByNumber as Map<string, typeof after>).set(after.number, after);
    followQuietPhones(this.roster, this.directory);
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

  /** The process is gone from one moment to the next: it hears, does and writes nothing any more. */
  kill(): void {
    this.#isDead = true;
  }

  async stop(): Promise<void> {
    this.#stop();
    this.#server.cancel('stopped');
    await this.#done;
  }
}
