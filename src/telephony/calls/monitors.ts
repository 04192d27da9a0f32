import { heardAt } from '../../engines/talk/heard.js';
import type { Seat } from '../../engines/talk/talk.js';
import type { MonitorMode } from '../../kernel/call-event.js';
import {
  newBridgeId,
  newChannelId,
  type AgentId,
  type BridgeId,
  type CallId,
  type ChannelId,
  type ExtensionId,
} from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import { AriError, quietly, type AriPort } from '../ari/port.js';
import type { DeskAnswer, DeskCommand, DeskRefusal, LiveMonitor } from '../live.js';
import type { Call } from './call.js';
import { PHONE_VARIABLES } from './leg.js';
import { Mailbox } from './mailbox.js';
import { linesOf } from './phone-lines.js';
import { ringPhone } from './phone-ring.js';
import { PACKETS_MS } from './recording.js';
import type { CallServices } from './services.js';

/** How long a supervisor's phone rings. */
const RING_MS = 20_000;
/** Into which direction of the agent's channel the supervisor speaks: not at all, to the agent, to everybody. */
const WHISPERS = { listen: 'none', whisper: 'out', barge: 'both' } as const;

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };

type Wake =
  | { readonly kind: 'answered' | 'over' | 'heard' }
  | { readonly kind: 'mode'; readonly mode: MonitorMode };

/** A supervisor's phone that hears an agent. */
interface Monitor {
  readonly mail: Mailbox<Wake>;
  readonly agentId: AgentId;
  readonly call: Call;
  /** The phone, and the agent's phone that it listens to. */
  readonly leg: ChannelId;
  readonly channel: ChannelId;
  live: LiveMonitor;
  /** The phone belongs to the call now. */
  isGiven: boolean;
}

interface MonitorParts extends Pick<
  CallServices,
  'server' | 'clock' | 'directory' | 'endpoints' | 'log'
> {
  readonly roster: Pick<CallServices['roster'], 'agentAt' | 'phoneOf'>;
  readonly calls: ReadonlyMap<CallId, Call>;
}

/** Where an agent talks: the call, and the channel of the agent's phone. */
export type FindTalk = (
  agent: AgentId,
) => { readonly call: Call; readonly channel: ChannelId } | undefined;

/** Who listens in the bridge with the phone, and who did so before. */
interface Listening {
  readonly bridge: BridgeId;
  readonly listener: ChannelId;
  readonly before: ChannelId | undefined;
}

/**
 * Supervisors who hear agents' talks from their own phones. Each is a phone and a listener at the agent's channel, in a bridge
 * of their own: the talk does not know of them. They end with the agent's part in it. After a restart they are gone: the
 * phone is hung up like everything that belongs to no call.
 */
export class Monitors {
  readonly #running = new Map<ExtensionId, Monitor>();

  constructor(
    private readonly s: MonitorParts,
    private readonly ari: AriPort,
    private readonly find: FindTalk,
  ) {}

  /** Rings the supervisor's phone, or changes how a phone is heard that hears this agent already. */
  start({
    extensionId,
    agentId,
    mode,
    by,
  }: Extract<DeskCommand, { readonly kind: 'monitor' }>): DeskAnswer {
    const { s } = this;
    const running = this.#running.get(extensionId);
    if (running?.agentId === agentId) {
      const { stage } = running.call;
      if (mode === 'take-over' && stage.kind === 'talk' && stage.consult !== undefined)
        return refuse('consult-under-way');
      running.mail.put({ kind: 'mode', mode });
      return DONE;
    }
    const phone = s.directory.current.extensions.get(extensionId);
    if (phone === undefined) return refuse('unknown-extension');
    const { number } = phone;
    if (s.roster.phoneOf(agentId) === extensionId) return refuse('phone-of-the-agent', number);
    const talk = this.find(agentId);
    if (talk?.call.stage.kind !== 'talk') return refuse('agent-does-not-talk');
    if (mode === 'take-over' && talk.call.stage.consult !== undefined)
      return refuse('consult-under-way');
    if (!s.endpoints.isRegistered(number)) return refuse('phone-not-registered', number);
    if (running !== undefined || linesOf(s.calls.values(), extensionId).count > 0)
      return refuse('phone-has-a-call', number);
    const since = s.clock.now();
    const monitor: Monitor = {
      ...{ ...talk, agentId, mail: new Mailbox<Wake>(), leg: newChannelId('extension') },
      live: { agentId, extension: number, by, mode, since, isRinging: true },
      isGiven: false,
    };
    this.#running.set(extensionId, monitor);
    this.#show(monitor.call);
    s.server.fork('monitor', async (scope) => {
      try {
        await scope.run('hear', (within) => this.#run(within, monitor));
      } catch (error) {
        // Ended by whoever is gone first.
        if (error instanceof Cancelled) return;
        if (!(error instanceof AriError)) throw error;
        s.log.warn({ err: error, agentId, extension: number }, 'a talk could not be heard');
      } finally {
        this.#running.delete(extensionId);
        this.#note(monitor, 'monitor-ended');
        this.#show(monitor.call);
      }
    });
    return DONE;
  }

  /** What has ended already is done. */
  stop(extensionId: ExtensionId): DeskAnswer {
    this.#running.get(extensionId)?.mail.put({ kind: 'over' });
    return DONE;
  }

  async #run(scope: Scope, monitor: Monitor): Promise<void> {
    const { mail } = monitor;
    // With the agent's phone goes whoever listens to it.
    this.#endsWith(scope, monitor.channel);
    scope.fork('phone', (within) => this.#ring(within, monitor));
    this.#follow(scope, monitor);
    let bridge: BridgeId | undefined;
    let listener: ChannelId | undefined;
    for (;;) {
      const wake = await mail.next(scope);
      if (wake.kind === 'over') return;
      if (wake.kind === 'heard') {
        if (listener === undefined) continue;
        await this.#silence(scope, listener);
      }
      if (wake.kind === 'mode') monitor.live = { ...monitor.live, mode: wake.mode };
      else if (wake.kind === 'answered') bridge = await this.#connect(scope, monitor);
      if (bridge !== undefined) {
        if (monitor.live.mode === 'take-over') {
          if (await this.#takeOver(monitor, bridge)) return;
          monitor.live = { ...monitor.live, mode: 'listen' };
        }
        const before = wake.kind === 'heard' ? undefined : listener;
        listener = newChannelId('snoop');
        await this.#listen(scope, monitor, { bridge, listener, before });
        if (wake.kind !== 'heard') this.#note(monitor, 'monitored');
      }
      this.#show(monitor.call);
    }
  }

  /** What listens hears nobody else than whom the agent heard first: see {@link CallRecording.hears}. */
  #follow(scope: Scope, { call, channel, mail }: Monitor): void {
    let last: ChannelId | undefined;
    const look = (seats: ReadonlyMap<ChannelId, Seat>): void => {
      const heard = heardAt(seats, channel);
      if (heard === undefined || heard === last) return;
      last = heard;
      mail.put({ kind: 'heard' });
    };
    call.seated.add(look);
    scope.defer(() => void call.seated.delete(look));
  }

  /** It is gone when this resolves. */
  async #silence(scope: Scope, listener: ChannelId): Promise<void> {
    await quietly(() => this.ari.hangup(listener));
    await this.s.clock.sleep(PACKETS_MS, scope.signal);
  }

  async #ring(scope: Scope, { mail, leg, agentId, live }: Monitor): Promise<void> {
    const { agents, extensions } = this.s.directory.current;
    const phone = this.s.roster.phoneOf(agentId);
    const options = {
      channel: leg,
      endpoint: `PJSIP/${live.extension}`,
      appArgs: ['monitor', live.extension],
      callerNumber: (phone === undefined ? undefined : extensions.get(phone)?.number) ?? '',
      callerName: agents.get(agentId)?.name ?? '',
      timeoutMs: RING_MS,
      variables: PHONE_VARIABLES,
    };
    const failure = await ringPhone(scope, this.ari, options, () => {
      mail.put({ kind: 'answered' });
      return true;
    });
    if (failure !== undefined) mail.put({ kind: 'over' });
  }

  /** The phone was lifted: it comes into a bridge, and its end is the end. */
  async #connect(scope: Scope, monitor: Monitor): Promise<BridgeId> {
    const { ari } = this;
    const { leg } = monitor;
    const bridge = newBridgeId();
    scope.defer(() => quietly(() => ari.destroyBridge(bridge)));
    scope.defer(async () => {
      if (!monitor.isGiven) await quietly(() => ari.hangup(leg));
    });
    this.#endsWith(scope, leg);
    await ari.createBridge(bridge, 'monitor');
    await ari.addToBridge(bridge, [leg]);
    return bridge;
  }

  /** The supervisor has the call from here on, and the agent is out of it. False where the agent asks somebody just now. */
  async #takeOver(monitor: Monitor, bridge: BridgeId): Promise<boolean> {
    const { ari, s } = this;
    const { call, channel, leg, live } = monitor;
    const phone = s.directory.current.extensionsByNumber.get(live.extension);
    if (phone === undefined || call.talk === undefined) return false;
    const agentId = s.roster.agentAt(phone.id);
    const { number, name } = phone;
    await ari.removeFromBridge(bridge, [leg]);
    monitor.isGiven = true;
    monitor.live = { ...live, isRinging: false };
    this.#note(monitor, 'monitored');
    monitor.isGiven = await call.talk.replace(channel, {
      ...{ leg, role: 'extension', number, name, extensionId: phone.id },
      ...(agentId === undefined ? {} : { agentId }),
    });
    if (!monitor.isGiven) await ari.addToBridge(bridge, [leg]);
    return monitor.isGiven;
  }

  /** How a listener whispers cannot be changed: each mode has its own, which takes the place of the former one. */
  async #listen(
    scope: Scope,
    monitor: Monitor,
    { bridge, listener, before }: Listening,
  ): Promise<void> {
    const { ari } = this;
    const { mode } = monitor.live;
    const whispers = mode === 'take-over' ? 'none' : WHISPERS[mode];
    scope.defer(() => quietly(() => ari.hangup(listener)));
    await ari.snoop(monitor.channel, listener, 'both', whispers);
    if (before !== undefined) await quietly(() => ari.removeFromBridge(bridge, [before]));
    await ari.addToBridge(bridge, [listener]);
    if (before !== undefined) await quietly(() => ari.hangup(before));
    monitor.live = { ...monitor.live, isRinging: false };
  }

  #endsWith(scope: Scope, channel: ChannelId): void {
    scope.fork('end', async (within) => {
      const events = this.ari.events.inbox(within, channel, ['StasisEnd', 'ChannelDestroyed']);
      await events.next();
      scope.cancel('over');
    });
  }

  /** In the ledger of a call that is not over. */
  #note({ call, agentId, live }: Monitor, kind: 'monitored' | 'monitor-ended'): void {
    if (this.s.calls.get(call.id) !== call || (kind === 'monitor-ended' && live.isRinging)) return;
    if (kind === 'monitor-ended' && live.mode === 'take-over') return;
    const { extension: number, by, mode } = live;
    const agentName = this.s.directory.current.agents.get(agentId)?.name ?? '';
    call.record({ kind, agentId, agentName, number, by, mode });
  }

  #show(call: Call): void {
    call.monitors = [...this.#running.values()]
      .filter((one) => one.call === call)
      .map(({ live }) => live);
    call.changed();
  }
}
