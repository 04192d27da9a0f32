import type { Ledger } from '../../kernel/call-event.js';
import type { CallId, ChannelId } from '../../kernel/ids.js';
import { isOurs } from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError, quietly, type AriPort, type ChannelSnapshot } from '../ari/port.js';
import type { FlowTrial } from '../flow-trials.js';
import { arrive } from '../stages/arrival.js';
import { runStage } from '../stages/stages.js';
import { AnchorAgent } from './anchor-agent.js';
import { soundOf } from './leg.js';
import {
  inheritanceOf,
  lostAt,
  lostMessage,
  recordJoined,
  recordLost,
  unheardArrivals,
  type InheritedCall,
} from './adoption.js';
import { Call, HANGUP_LIMIT_MS } from './call.js';
import { Door } from './door.js';
import { askForFallbackNotes, FALLBACK_NOTE, takeFallbackNote } from './fallback-calls.js';
import { joinsCall } from './joining.js';
import type { CallFacts, Journal, JournalEntry } from './journal.js';
import type { CallServices } from './services.js';
import { ended, onHangup, type EndedStage, type Stage } from './stage.js';
import { afterTransfer } from './transfer.js';

/** A stage is tried this often when Asterisk goes away under it; then the call is ended. */
const STAGE_TRIES = 3;
/** Ledger lines that a crashed process may have written behind its last journal entry. */
const SEQ_GAP = 1_000;
/** How long a stage may wait for Asterisk to come back before its call is given up. */
const OUTAGE_LIMIT_MS = 60_000;

/**
 * After a node is back its notes are asked for at once, and again after each of these: the last kept callers try the program
 * within seconds, and who is leaving a message then may speak for three minutes.
 */
const NOTES_AGAIN_MS = [5_000, 30_000, 300_000];
/** More calls than these do not end while a node is away. */
const OVER_KEPT = 5_000;

interface SwitchboardDependencies {
  readonly services: CallServices;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly calls: Map<CallId, Call>;
  readonly onChange: () => void;
}

/**
 * Takes every channel that enters the application, runs its call, and finds living calls again after a restart or a lost
 * connection.
 */
export class Switchboard {
  readonly #adopted = new Set<string>();
  /** Channels whose call runs: at a reconnect one is told of by its event and by the list, and is one call all the same. */
  readonly #taken = new Set<ChannelId>();
  /** Callers of the last calls that are over: while the node cannot be told, their channels are still there. */
  readonly #over = new Set<ChannelId>();
  readonly #up = new Map<string, { promise: Promise<void>; resolve: () => void } | 'up'>();
  #stopping = false;
  /** Lets callers from outside in. */
  readonly door: Door;

  constructor(private readonly deps: SwitchboardDependencies) {
    this.door = new Door(deps.services);
  }

  /** Listens to a node. Calls are taken from the moment its connection is up. */
  attach(ari: AriPort): void {
    ari.events.onConnection((event) => {
      if (event.type === 'up') this.#background('resync', () => this.#onUp(ari));
      else this.#markDown(ari.node);
    });
    ari.events.onArrival((event) => {
      this.#onArrival(ari, event);
    });
  }

  /** From now on no new call is taken; the living ones stay as they are, for the next process. */
  detach(): void {
    this.#stopping = true;
  }

  /** Makes a channel that somebody else waited for a call of its own. */
  take(ari: AriPort, event: AriEventOf<'StasisStart'>, trial?: FlowTrial): void {
    this.#onArrival(ari, event, trial);
  }

  #background(name: string, run: () => Promise<void>): void {
    const { services } = this.deps;
    services.server.fork(name, async () => {
      try {
        await run();
      } catch (error) {
        if (!(error instanceof Cancelled)) services.log.error({ err: error }, `${name} failed`);
      }
    });
  }

  #markDown(node: string): void {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    if (!(this.#up.get(node) instanceof Object)) this.#up.set(node, { promise, resolve });
  }

  async #onUp(ari: AriPort): Promise<void> {
    const channels = await ari.listChannels();
    ari.events.resync(channels);
    if (!this.#adopted.has(ari.node)) {
      this.#adopted.add(ari.node);
      await this.#adopt(ari, channels);
    } else {
      const known = new Set([...this.#taken, ...this.#over]);
      for (const arrival of unheardArrivals(channels, known, this.deps.calls.values()))
        this.#onArrival(ari, arrival);
    }
    await quietly(() => askForFallbackNotes(ari));
    const before = this.#up.get(ari.node);
    this.#up.set(ari.node, 'up');
    if (before instanceof Object) before.resolve();
    this.#askAgain(ari);
  }

  /** Whoever the node keeps at this moment may hang up, or leave a message, before the program is tried again. */
  #askAgain(ari: AriPort): void {
    const { server, clock } = this.deps.services;
    server.fork('fallback notes', async (scope) => {
      for (const ms of NOTES_AGAIN_MS) {
        await clock.sleep(ms, scope.signal);
        await quietly(() => askForFallbackNotes(ari));
      }
    });
  }

  /** Takes up the calls of a former process; ends what belongs to none. */
  async #adopt(ari: AriPort, channels: readonly ChannelSnapshot[]): Promise<void> {
    const { journal, services } = this.deps;
    const entries = (await journal.readAll()).filter((entry) => entry.facts.node === ari.node);
    // Before a call goes on: bridges that it makes are no leftovers.
    const bridges = await ari.listBridges();
    const left = inheritanceOf(entries, channels, bridges, this.#taken);
    const lost = left.lost.map((entry) => ({ entry, call: this.#revive(ari, entry) }));
    await services.rooms.adopt(
      ari,
      left.living,
      lost.map(({ call }) => call),
    );
    for (const entry of left.living)
      this.#background('call', () => this.#run(this.#revive(ari, entry), entry.stage, true));
    for (const { entry, call } of lost) {
      const at = await lostAt(ari, entry, journal.aliveAt);
      recordLost(call, entry, at, await lostMessage(ari, entry));
      if (call.facts.campaign !== undefined)
        services.campaigns.ended(
          call,
          entry.stage,
          onHangup(entry.stage, undefined, 'ended-while-away'),
          at,
        );
      journal.remove(entry.facts.id);
    }
    for (const channel of left.strays)
      if (!this.#taken.has(channel)) await this.#discard(ari, channel);
    for (const arrival of left.arrivals) this.#onArrival(ari, arrival);
    for (const { id } of bridges)
      if (isOurs(id) && !left.kept.has(id)) await quietly(() => ari.destroyBridge(id));
    if (entries.length > 0)
      services.log.info({ calls: entries.length, node: ari.node }, 'calls taken up again');
  }

  async #discard(ari: AriPort, channel: ChannelId): Promise<void> {
    await quietly(() => ari.hangup(channel));
  }

  #revive(ari: AriPort, entry: InheritedCall): Call {
    const call = this.#make(ari, entry, entry.seq + SEQ_GAP);
    call.record({
      kind: 'adopted',
      stage: entry.stage.kind,
      awayMs: Math.max(0, call.clock.now() - entry.writtenAt),
    });
    recordJoined(call, entry);
    return call;
  }

  #make(ari: AriPort, start: Omit<JournalEntry, 'seq' | 'writtenAt'>, seq: number): Call {
    const { services, journal, onChange } = this.deps;
    const ledger = this.#ledgerOf(start.facts);
    return new Call(
      start.facts,
      { ari, clock: services.clock, ledger, journal, onChange },
      { ...start, seq },
    );
  }

  /** What becomes of a test call is also told to the page on which it was started. */
  #ledgerOf({ trial }: CallFacts): Ledger {
    const { services, ledger } = this.deps;
    if (trial === undefined) return ledger;
    return {
      append: (event) => {
        ledger.append(event);
        services.trials.note(trial.id, { kind: 'event', event });
      },
    };
  }

  #onArrival(ari: AriPort, event: AriEventOf<'StasisStart'>, trial?: FlowTrial): void {
    const { services } = this.deps;
    if (event.args[0] === FALLBACK_NOTE) {
      this.#background('fallback note', () => takeFallbackNote(ari, event, this.deps));
      return;
    }
    const arrival = this.#stopping ? undefined : arrive(services, event, ari.node, trial);
    if (arrival === undefined) {
      // Late: what it was made for is over. While we stop, the dialplan keeps new callers.
      if (!this.#stopping || event.args[0] === 'leg')
        this.#background('late channel', () => this.#discard(ari, event.channel));
      return;
    }
    if (this.#taken.has(event.channel) || joinsCall(services, event.channel, arrival)) return;
    this.#taken.add(event.channel);
    const { facts } = arrival;
    // Whom the dialplan kept has waited long enough.
    const turned = arrival.keptMs > 0 ? undefined : this.door.ask(facts);
    const first = turned?.first ?? arrival.first;
    const call = this.#make(ari, { ...arrival, stage: first, path: [] }, 0);
    call.record({
      kind: 'call-arrived',
      direction: facts.direction,
      from: facts.from,
      fromName: facts.fromName,
      to: facts.to,
      node: ari.node,
      ...(facts.trunkId === undefined ? {} : { trunkId: facts.trunkId }),
      ...(facts.didId === undefined ? {} : { didId: facts.didId }),
      ...(facts.extensionId === undefined ? {} : { extensionId: facts.extensionId }),
      ...(call.isTest ? { test: true } : {}),
    });
    call.record({
      kind: 'leg-started',
      leg: facts.channel,
      role: 'caller',
      number: call.anchor.number,
      name: call.anchor.name,
      ...(facts.extensionId === undefined ? {} : { extensionId: facts.extensionId }),
      ...(facts.trunkId === undefined ? {} : { trunkId: facts.trunkId }),
    });
    if (turned !== undefined) call.record({ kind: 'refused', reason: turned.why });
    this.#noteCallback(call);
    if (arrival.keptMs > 0)
      call.record({ kind: 'adopted', stage: 'kept-by-node', awayMs: arrival.keptMs });
    this.#background('call', () => this.#run(call, first, false));
  }

  /** The try of a callback tells how it came to the agent. */
  #noteCallback(call: Call): void {
    const { services } = this.deps;
    const tried = services.callbacks.callOf(call.id);
    if (tried === undefined) return;
    const { callback, agent, reasons } = tried;
    const queueId = callback.queueId;
    const waitedMs = Math.max(0, call.clock.now() - callback.enteredAt);
    const agentName = services.directory.current.agents.get(agent)?.name ?? '';
    const attempt = callback.attempts + 1;
    call.record({ kind: 'callback-tried', callbackId: callback.id, queueId, attempt, waitedMs });
    if (call.context.length > 0)
      call.record({
        kind: 'context-passed',
        values: Object.fromEntries(call.context.map(({ name, value }) => [name, value])),
      });
    call.record({ kind: 'offered', queueId, agentId: agent, agentName, reasons });
    call.record({
      kind: 'offer-ended',
      queueId,
      agentId: agent,
      agentName,
      outcome: 'answered',
      rangMs: 0,
    });
  }

  async #run(call: Call, first: Stage, adopted: boolean): Promise<void> {
    const { services, calls, journal, onChange } = this.deps;
    calls.set(call.id, call);
    this.door.enter(call.facts);
    this.#taken.add(call.channel);
    let end: EndedStage | undefined;
    try {
      await services.server.run(call.id, async (scope) => {
        call.open(scope);
        // Before anything plays: setting a variable waits for a playback's end.
        if (!adopted && first.kind !== 'ended')
          await quietly(() => call.ari.markChannel(call.channel, call.id));
        end = await this.#loop(call, first);
        await this.#hangUpCaller(call, end, scope);
      });
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        services.log.error(
          { err: error, callId: call.id, stage: call.stage.kind },
          'a call failed',
        );
        end ??= ended('failed', 'system', 41, 'internal-error');
        await quietly(() => call.ari.hangup(call.channel, 41));
      }
    }
    const { stage: last, facts } = call;
    end ??= onHangup(last, call.kept, `hung-up-${String(call.hangupCause)}`);
    // Two people have talked: what came of a transfer afterwards does not make it a call that nobody answered.
    if (call.hasTalked) end = { ...end, result: 'answered' };
    if (call.endedFor !== undefined) end = { ...end, endedBy: 'system', reason: call.endedFor };
    // The stage came to its end because the caller left, and knew it before the channel was gone.
    else if (end.endedBy === 'system' && call.hungUpByCaller) end = { ...end, endedBy: 'caller' };
    const at = call.goneAt ?? call.clock.now();
    call.leaveLine(call.endedFor ?? 'caller-left', at);
    if (facts.campaign !== undefined) services.campaigns.ended(call, last, end, at);
    const { anchorSound: sound } = call;
    call.record(
      {
        ...{ kind: 'leg-ended', leg: call.channel },
        cause: call.gone ? call.hangupCause : end.cause,
        ...(sound === undefined ? {} : { sound }),
      },
      at,
    );
    call.record(
      {
        kind: 'call-ended',
        result: end.result,
        endedBy: end.endedBy,
        cause: end.cause,
        reason: end.reason,
      },
      at,
    );
    calls.delete(call.id);
    this.door.leave(call.id);
    services.roster.callEnded(call.id);
    this.#taken.delete(call.channel);
    this.#noteOver(facts.channel);
    journal.remove(call.id);
    onChange();
  }

  #noteOver(channel: ChannelId): void {
    this.#over.add(channel);
    const [oldest] = this.#over;
    if (this.#over.size > OVER_KEPT && oldest !== undefined) this.#over.delete(oldest);
  }

  /** The call is a loop over stages. */
  async #loop(call: Call, first: Stage): Promise<EndedStage> {
    let stage = first;
    let tries = 0;
    const agent = new AnchorAgent(this.deps.services.roster, call);
    call.scope.defer(() => {
      agent.leave();
    });
    while (stage.kind !== 'ended') {
      call.enter(stage);
      agent.enter(stage);
      if (call.facts.campaign !== undefined) this.deps.services.campaigns.entered(call, stage);
      try {
        stage = afterTransfer(call, await runStage(this.deps.services, call, stage));
        tries = 0;
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
        // The stage may have moved on inside itself: its last word is in the journal.
        stage = call.stage;
        await this.#recover(call, error, ++tries);
      }
    }
    call.enter(stage);
    return stage;
  }

  /** After a failed command: the caller's end arrives as an event, an outage passes, anything else ends the call. */
  async #recover(call: Call, error: AriError, tries: number): Promise<void> {
    const { services } = this.deps;
    services.log.warn(
      {
        callId: call.id,
        stage: call.stage.kind,
        failure: error.failure,
        command: error.command,
        tries,
      },
      'a command failed',
    );
    if (tries > STAGE_TRIES) throw error;
    if (error.failure === 'gone' || error.failure === 'refused') {
      // Most often the caller has just left: the event of it cancels the wait.
      await call.clock.sleep(HANGUP_LIMIT_MS / 5, call.scope.signal);
      return;
    }
    const state = this.#up.get(call.ari.node);
    if (state instanceof Object)
      await Promise.race([state.promise, call.clock.sleep(OUTAGE_LIMIT_MS, call.scope.signal)]);
    await call.clock.sleep(250 * tries, call.scope.signal);
  }

  async #hangUpCaller(call: Call, end: EndedStage, scope: Scope): Promise<void> {
    if (call.isGivenAway) return;
    if (call.answered) call.anchorSound = await soundOf(call, call.channel);
    await quietly(() => call.ari.hangup(call.channel, end.cause));
    // The watcher cancels the scope when Asterisk says that it is gone.
    await call.clock.sleep(HANGUP_LIMIT_MS, scope.signal).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) throw error;
    });
  }
}
