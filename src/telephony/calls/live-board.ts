import { followsMe } from '../../engines/reach/reach.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId, ExtensionId, TrunkId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Codec } from '../ari/provisioning.js';
import type { Directory, ExtensionConfig } from '../directory.js';
import type { LiveAgent, LiveCall, LiveExtension, LiveRoom, LiveSnapshot } from '../live.js';
import type { LiveTrunk } from '../live-trunk.js';
import type { LiveLimits } from '../limits.js';
import type { LiveCampaign } from '../live-campaigns.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import type { QueueChanges } from './steered-directory.js';
import { liveQueues, type WaitingPerson } from './live-lines.js';
import { linesOfPhones, type PhoneLines } from './phone-lines.js';
import type { Previews } from './previews/previews.js';
import { linesOfTrunks } from './trunk-lines.js';

/** Changes within this time go out together; a large site, whose picture takes long to draw, gathers for longer. */
const GATHER_MS = 100;
const LONGEST_GATHER_MS = 500;
/** Drawing takes one part in so many of the time at most. */
const REST_FACTOR = 8;

/** How long changes are gathered after a picture that took so long to draw and to hand over. */
export const gatherMs = (tookMs: number): number =>
  Math.min(LONGEST_GATHER_MS, Math.max(GATHER_MS, tookMs * REST_FACTOR));

/** A picture goes out at least this often, so that pages know that the calls still run. */
const HEARTBEAT_MS = 2_000;

interface BoardDependencies {
  readonly clock: Clock;
  readonly roster: () => AgentRoster;
  readonly directory: Directory;
  readonly queueChanges: Pick<QueueChanges, 'of'>;
  readonly calls: ReadonlyMap<CallId, Call>;
  /** Whose sound does not come in a talk. */
  readonly silent: (call: CallId) => LiveCall['silent'];
  /** Who waits in line with this id. */
  readonly person: (call: CallId) => WaitingPerson;
  /** What an agent looks at, and chose by phone. */
  readonly previewed: (agent: AgentId) => ReturnType<Previews['of']> & Pick<LiveAgent, 'phoneCode'>;
  readonly rooms: () => readonly LiveRoom[];
  /** Campaigns that run, trunks of their lines that are no calls yet, and trunks that refuse every call. */
  readonly campaigns: () => {
    readonly live: readonly LiveCampaign[];
    readonly dialling: readonly TrunkId[];
    readonly refusing: readonly TrunkId[];
  };
  readonly limits: () => LiveLimits;
  readonly trunks: () => readonly Omit<LiveTrunk, 'channels'>[];
  readonly extensions: () => readonly LiveExtension[];
  /** What a phone dialled last. */
  readonly lastDialled: (phone: ExtensionId) => string | undefined;
  /** The busy extension that a phone calls back. */
  readonly callsBack: (caller: ExtensionId) => ExtensionId | undefined;
  readonly isPbxOnline: () => boolean;
  readonly codecs: () => readonly Codec[];
  readonly publish: (snapshot: LiveSnapshot) => void;
}

/** Draws the picture of everything that happens now, and publishes it when something changed. */
export class LiveBoard {
  #seq: number;
  #scheduled = false;
  #tookMs = 0;

  constructor(
    private readonly scope: Scope,
    private readonly deps: BoardDependencies,
  ) {
    // Rising also over a restart, so that pages never take an older picture for a newer one.
    this.#seq = deps.clock.now();
    scope.fork('live heartbeat', async (s) => {
      for (;;) {
        this.#publish();
        await deps.clock.sleep(HEARTBEAT_MS, s.signal);
      }
    });
  }

  changed(): void {
    if (this.#scheduled || this.scope.cancelled) return;
    this.#scheduled = true;
    this.scope.fork('live picture', async (s) => {
      await this.deps.clock.sleep(gatherMs(this.#tookMs), s.signal);
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    // Processor time: waiting for others on a busy machine is no reason to gather for longer.
    const before = process.cpuUsage();
    this.deps.publish(this.#draw());
    const { user, system } = process.cpuUsage(before);
    this.#tookMs = (user + system) / 1_000;
  }

  #draw(): LiveSnapshot {
    const { deps } = this;
    const calls = [...deps.calls.values()];
    const { live: campaigns, dialling, refusing } = deps.campaigns();
    const trunkLines = linesOfTrunks(calls, dialling);
    const phoneLines = linesOfPhones(calls);
    const { extensions } = deps.directory.current;
    const roster = deps.roster();
    const at = deps.clock.now();
    const rooms = deps.rooms();
    const limits = deps.limits();
    const isLimited = limits.turnedAway > 0 || limits.capped.length > 0;
    return {
      seq: ++this.#seq,
      at,
      pbxOnline: deps.isPbxOnline(),
      codecs: deps.codecs(),
      queues: liveQueues(roster.acd, deps.directory, deps.queueChanges, at, deps.person),
      agents: roster.liveAgents.map((agent) => ({ ...agent, ...deps.previewed(agent.id) })),
      calls: calls.map((call) => withSound(call.live, deps.silent(call.id))),
      ...(rooms.length === 0 ? {} : { rooms }),
      ...(campaigns.length === 0 ? {} : { campaigns }),
      ...(isLimited ? { limits } : {}),
      trunks: deps.trunks().map((trunk) => ({
        ...trunk,
        ...(refusing.includes(trunk.id) ? { isRefusing: true } : {}),
        channels: trunkLines.get(trunk.id) ?? 0,
      })),
      extensions: deps.extensions().map((extension) => ({
        ...extension,
        ...lastDialled(deps.lastDialled(extension.id)),
        ...callsBack(extensions.get(deps.callsBack(extension.id) ?? NO_EXTENSION)),
        ...extensionNow(extensions.get(extension.id), phoneLines.get(extension.id)),
      })),
    };
  }
}

const withSound = (call: LiveCall, silent: LiveCall['silent']): LiveCall =>
  silent === undefined ? call : { ...call, silent };

/** What an extension's phone does, and where its calls go. */
function extensionNow(
  extension: ExtensionConfig | undefined,
  lines: PhoneLines | undefined,
): Pick<LiveExtension, 'use' | 'doNotDisturb' | 'followsMe' | 'forwardsTo'> {
  const { doNotDisturb = false, forwards } = extension?.handling ?? {};
  const always = forwards?.always ?? '';
  return {
    ...(lines === undefined ? {} : { use: lines.isTalking ? 'talking' : 'ringing' }),
    ...(doNotDisturb ? { doNotDisturb } : {}),
    ...(extension !== undefined && followsMe(extension.handling) ? { followsMe: true } : {}),
    ...(always === '' ? {} : { forwardsTo: always }),
  };
}

const lastDialled = (number: string | undefined): Pick<LiveExtension, 'lastDialled'> =>
  number === undefined ? {} : { lastDialled: number };
const NO_EXTENSION = 0 as ExtensionId;
const callsBack = (callee: ExtensionConfig | undefined): Pick<LiveExtension, 'callsBack'> =>
  callee === undefined ? {} : { callsBack: callee.number };
