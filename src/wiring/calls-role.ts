import { AsteriskAri } from '../adapters/asterisk-ari/asterisk-ari.js';
import { openLedger } from '../adapters/ledger/index.js';
import { RoutingHookClient } from '../adapters/http/routing-hook-client.js';
import { makeHookLog } from '../adapters/redis/hook-log.js';
import { makeDecisionWriter } from '../adapters/redis/decision-log.js';
import { makeCallMemory } from '../adapters/redis/call-memory.js';
import { publishHealth } from '../adapters/redis/health.js';
import { serveDesk } from '../adapters/redis/desk.js';
import { makeTakeMemory } from '../adapters/redis/take-memory.js';
import { makeLivePublisher } from '../adapters/redis/live.js';
import { KnexCallbackStore } from '../features/callbacks/index.js';
import { KnexCallerHistory } from '../features/routing/index.js';
import { makePhoneTakes, makeSounds } from '../features/prompts/index.js';
import { makeSpeech, makeVoice } from '../features/speech/index.js';
import type { AgentId, CallId } from '../kernel/ids.js';
import type { Scope } from '../kernel/scope.js';
import { AgentRoster } from '../telephony/calls/agent-roster.js';
import { callNow, Callbacks } from '../telephony/calls/callbacks.js';
import type { Call } from '../telephony/calls/call.js';
import { ConferenceRooms } from '../telephony/calls/conference-rooms.js';
import { answerDesk } from '../telephony/calls/desk-service.js';
import { routeToQueue, type RouteParts } from '../telephony/calls/route.js';
import { isQueueOpen, routeSources } from '../telephony/calls/route-sources.js';
import type { WaitingPerson } from '../telephony/calls/live-lines.js';
import { keepRosterTrue } from '../telephony/calls/roster-reconciler.js';
import { LiveBoard } from '../telephony/calls/live-board.js';
import { PromptLibrary } from '../telephony/calls/prompts.js';
import type { CallServices } from '../telephony/calls/services.js';
import { Switchboard } from '../telephony/calls/switchboard.js';
import type { Foundation } from './foundation.js';
import { startPbx } from './pbx.js';
import { makeSelfService } from './self-service.js';

/** The role `calls`: one Asterisk node, its calls, the agents, and the picture of what happens now. */
export async function startCalls(
  server: Scope,
  base: Foundation,
): Promise<{ close(): Promise<void> }> {
  const { config, log, clock, redis, directory } = base;
  const ledger = await openLedger(config.redisUrl, config.varDir, log);
  const speechParts = {
    database: base.database,
    secrets: base.sealer,
    log,
    now: () => clock.now(),
  };
  const voice = makeVoice(speechParts);
  const sounds = makeSounds(config.varDir, voice);
  const texts = makeSpeech(voice, sounds, speechParts);
  const spoken = await sounds.ensureSystemPrompts();
  if (spoken.failed.length > 0) log.warn({ failed: spoken.failed }, 'prompts could not be spoken');
  server.fork('spoken values', async () => {
    try {
      const { failed } = await sounds.ensureFragments();
      if (failed.length > 0) log.warn({ failed }, 'pieces of spoken values could not be made');
    } catch (error) {
      log.error({ err: error }, 'pieces of spoken values could not be made');
    }
  });
  const memory = makeCallMemory(redis, log);
  const ari = new AsteriskAri({ ...config.ari, logger: log });
  const pbx = startPbx(server, base, ari);
  const calls = new Map<CallId, Call>();
  const parts: { board?: LiveBoard; callbacks?: Callbacks; switchboard?: Switchboard } = {};
  const onChange = (): void => parts.board?.changed();
  const writeDecision = makeDecisionWriter(redis, log);
  const person = (id: CallId): WaitingPerson => {
    const tried = parts.callbacks?.person(id);
    if (tried !== undefined) return tried;
    const facts = calls.get(id)?.facts;
    return { from: facts?.from ?? '', name: facts?.fromName ?? '' };
  };
  const nameOf = (decision: { readonly callId: CallId; readonly agentId?: AgentId }) => {
    const agentName =
      decision.agentId === undefined
        ? undefined
        : directory.current.agents.get(decision.agentId)?.name;
    const { from, name } = person(decision.callId);
    return { from, name, ...(agentName === undefined ? {} : { agentName }) };
  };
  const roster = new AgentRoster(server, {
    clock,
    directory,
    store: memory.agents,
    stateLog: ledger,
    log,
    onDecision: (decision) => {
      writeDecision({ ...decision, ...nameOf(decision) });
    },
    onChange,
    isRegistered: (number) => pbx.isRegistered(number),
  });
  await roster.open();
  parts.board = new LiveBoard(server, {
    clock,
    roster: () => roster,
    directory,
    calls,
    person,
    trunks: () => pbx.trunks(),
    extensions: () => pbx.extensions(),
    isPbxOnline: () => ari.isUp,
    publish: makeLivePublisher(redis, log),
  });
  const callbacks = new Callbacks(server, {
    clock,
    log,
    directory,
    roster,
    store: new KnexCallbackStore(base.database),
    country: config.country,
    ari,
    isRegistered: (number) => pbx.isRegistered(number),
    callNow: (id) => callNow(calls.get(id)),
    take: (event) => parts.switchboard?.take(ari, event),
    onChange,
  });
  parts.callbacks = callbacks;
  const history = new KnexCallerHistory(base.database, () => clock.now());
  const selfService = makeSelfService(base, history);
  const routing: RouteParts = {
    clock,
    directory,
    log,
    history,
    hook: new RoutingHookClient(clock, makeHookLog(redis, log)),
    sources: routeSources(directory),
  };
  const services: CallServices = {
    clock,
    directory,
    prompts: new PromptLibrary(directory, sounds.systemPrompts, config.mediaUrl, texts),
    takes: makePhoneTakes(sounds, {
      database: base.database,
      announcer: base.announcer,
      memory: makeTakeMemory(redis, log),
      log,
    }),
    roster,
    endpoints: pbx,
    log,
    zone: config.timezone,
    country: config.country,
    callbacks,
    selfService,
    rooms: new ConferenceRooms(),
    isOpen: (queue, at) => isQueueOpen(directory, queue, at),
    route: (call, queue, priority, attributes, signal) =>
      routeToQueue(routing, call, queue, priority, attributes, signal),
    server,
    calls,
    ariOf: (node) => (node === ari.node ? ari : undefined),
  };
  const switchboard = new Switchboard({
    services,
    ledger,
    journal: memory.journal,
    calls,
    onChange,
  });
  parts.switchboard = switchboard;
  switchboard.attach(ari);
  directory.onChange((snapshot) => {
    roster.configure(snapshot);
    pbx.reconcile();
    onChange();
  });
  pbx.onPhone((extension, isRegistered) => {
    roster.phoneChanged(extension, isRegistered);
    onChange();
  });
  const desk = serveDesk(
    redis,
    log,
    answerDesk(services, ari, person, (event) => {
      switchboard.take(ari, event);
    }),
  );
  keepRosterTrue(server, {
    clock,
    log,
    roster,
    calls,
    isTry: (id) => callbacks.person(id) !== undefined,
  });
  callbacks.open();
  ari.start();
  // Calls and inboxes are zero when no call is left; a test of each call ends with that.
  publishHealth(server, base, 'calls', () => ({
    calls: calls.size,
    inboxes: ari.events.channels,
    illegalEvents: roster.illegalEvents,
    pbxOnline: ari.isUp,
    ari: ari.counters,
    ledger: ledger.counters(),
  }));
  return {
    // Calls live on in Asterisk; the next process takes them up.
    close: async () => {
      switchboard.detach();
      desk.close();
      selfService.close();
      await memory.flush();
      await ari.close();
      await ledger.close();
    },
  };
}
