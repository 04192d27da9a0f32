import { join } from 'node:path';
import { AsteriskAri } from '../adapters/asterisk-ari/asterisk-ari.js';
import { openKeptLines } from '../adapters/files/kept-lines.js';
import { openLedger } from '../adapters/ledger/index.js';
import { OptionsProbe } from '../adapters/sip/options-probe.js';
import { RoutingHookClient } from '../adapters/http/routing-hook-client.js';
import { makeHookLog } from '../adapters/redis/hook-log.js';
import { makeDecisionWriter } from '../adapters/redis/decision-log.js';
import { openCallMemory } from '../adapters/redis/call-memory.js';
import { serveDesk } from '../adapters/redis/desk.js';
import { makeTakeMemory } from '../adapters/redis/take-memory.js';
import { followVoicemailNews, makeVoicemailNews } from '../adapters/redis/voicemail-news.js';
import { makeLivePublisher } from '../adapters/redis/live.js';
import { makeTrialNews } from '../adapters/redis/trial-news.js';
import { makePhoneSettings } from '../features/call-handling/index.js';
import { openCampaignStore, segmentMembers } from '../features/campaigns/index.js';
import { KnexFollowUpCalls } from '../features/previews/index.js';
import { KnexCallbackStore } from '../features/callbacks/index.js';
import { KnexAppointments } from '../features/follow-ups/index.js';
import { makeSpokenNames } from '../features/company-directory/index.js';
import { makeHelpAlarm } from '../features/emergency/index.js';
import { KnexFlowTrials } from '../features/ivr-flows/index.js';
import { KnexCallerContacts, KnexCallerHistory } from '../features/routing/index.js';
import { KnexSurveyHistory } from '../features/surveys/index.js';
import { LampKeeper } from '../features/pbx/index.js';
import { makePhoneTakes, makeSounds } from '../features/prompts/index.js';
import { makeSpeech, makeVoice } from '../features/speech/index.js';
import { makePhoneMailboxes, startMessageLamps } from '../features/voicemail/index.js';
import type { AgentId, CallId } from '../kernel/ids.js';
import type { Scope } from '../kernel/scope.js';
import { AgentRoster } from '../telephony/calls/agent-roster.js';
import { callNow, Callbacks } from '../telephony/calls/callbacks.js';
import { CampaignWrites } from '../telephony/calls/campaign-writes.js';
import { Campaigns } from '../telephony/calls/campaigns/campaigns.js';
import { CallerIdTurns } from '../telephony/calls/caller-id.js';
import { BusyCallbacks } from '../telephony/calls/busy-callbacks.js';
import type { Call } from '../telephony/calls/call.js';
import { overflowOf } from '../telephony/stages/queue/queue.js';
import { SteeredDirectory } from '../telephony/calls/steered-directory.js';
import { ConferenceRooms } from '../telephony/calls/rooms/conference-rooms.js';
import { answerDesk } from '../telephony/calls/desk-service.js';
import { routeToQueue, type RouteParts } from '../telephony/calls/route.js';
import { isQueueOpen, nextOpening, routeSources } from '../telephony/calls/route-sources.js';
import type { WaitingPerson } from '../telephony/calls/live-lines.js';
import { followQuietPhones } from '../telephony/calls/quiet-phones.js';
import { keepChannelsTrue } from '../telephony/calls/channel-reconciler.js';
import { keepRosterTrue } from '../telephony/calls/roster-reconciler.js';
import { LiveBoard } from '../telephony/calls/live-board.js';
import { isPhoneFree } from '../telephony/calls/phone-lines.js';
import { DialMemory } from '../telephony/calls/phone-memory.js';
import { OutsideLines } from '../telephony/calls/outside-lines.js';
import { Previews } from '../telephony/calls/previews/previews.js';
import { PromptLibrary } from '../telephony/calls/prompts.js';
import { SurveyInvitations } from '../telephony/calls/survey-invitations.js';
import type { CallServices } from '../telephony/calls/services.js';
import { quietly } from '../telephony/ari/port.js';
import { lampsOf } from '../telephony/lamps.js';
import { Switchboard } from '../telephony/calls/switchboard.js';
import { SoundWatch } from '../telephony/calls/sound-watch.js';
import { SipWatch } from '../telephony/sip-watch.js';
import { publishCallsHealth } from './calls-health.js';
import type { Foundation } from './foundation.js';
import { startPbx } from './pbx.js';
import { openPhoneDispositions } from './phone-dispositions.js';
import { makeSelfService } from './self-service.js';

/** How exactly the next process knows until when this one saw calls. */
const BEAT_MS = 1_000;

/** The role `calls`: one Asterisk node, its calls, the agents, and the picture of what happens now. */
export async function startCalls(
  server: Scope,
  base: Foundation,
): Promise<{ close(): Promise<void> }> {
  const { config, log, clock, redis } = base;
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
  const memory = await openCallMemory(redis, config.varDir, log);
  const store = memory.queueChanges;
  const directory = new SteeredDirectory(server, { clock, base: base.directory, store });
  await directory.open();
  const ari = new AsteriskAri({ ...config.ari, logger: log });
  const pbx = startPbx(server, base, ari);
  const calls = new Map<CallId, Call>();
  const parts: {
    board?: LiveBoard;
    callbacks?: Callbacks;
    sound?: SoundWatch;
    previews?: Previews;
    campaigns?: Campaigns;
    switchboard?: Switchboard;
  } = {};
  const onChange = (): void => {
    parts.previews?.check();
    parts.board?.changed();
  };
  const writeDecision = makeDecisionWriter(redis, log);
  const person = (id: CallId): WaitingPerson => {
    const tried = parts.callbacks?.person(id) ?? parts.previews?.person(id);
    if (tried !== undefined) return tried;
    const call = calls.get(id);
    const { number: from = '', name = '' } = call?.anchor ?? {};
    const overflowsAt = call && overflowOf(call.stage, directory.current);
    return { from, name, ...(overflowsAt === undefined ? {} : { overflowsAt }) };
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
    onChange: () => {
      onChange();
      parts.campaigns?.changed();
    },
    isRegistered: (number) => pbx.isRegistered(number),
  });
  await roster.open();
  const dialled = new DialMemory(memory.phones);
  const busyCallbacks = new BusyCallbacks(server, {
    clock,
    directory,
    ari,
    store: memory.phones,
    isFree: (extension) => isPhoneFree({ roster, endpoints: pbx, calls }, extension),
    take: (event) => parts.switchboard?.take(ari, event),
    onChange,
  });
  const outsideUse = new OutsideLines({ clock, directory, log, onChange, store: memory.phones });
  await Promise.all([dialled.open(), busyCallbacks.open(), outsideUse.open()]);
  const phoneDispositions = openPhoneDispositions(base, directory, roster, onChange);
  const publishLive = makeLivePublisher(redis, log);
  const lamps = new LampKeeper(server, { ari, clock, log });
  const prompts = new PromptLibrary(directory, sounds.systemPrompts, config.mediaUrl, texts);
  const rooms = new ConferenceRooms({
    ...{ clock, log, prompts, directory, onChange },
    store: memory.rooms,
  });
  await rooms.open();
  parts.board = new LiveBoard(server, {
    clock,
    roster: () => roster,
    directory,
    queueChanges: directory,
    calls,
    person,
    silent: (call) => parts.sound?.of(call),
    previewed: (agent) => ({ ...parts.previews?.of(agent), ...phoneDispositions.of(agent) }),
    rooms: () => rooms.live,
    campaigns: () => parts.campaigns ?? { live: [], dialling: [], refusing: [] },
    limits: () => ({
      turnedAway: parts.switchboard?.door.turnedAway ?? 0,
      capped: outsideUse.capped,
    }),
    trunks: () => pbx.trunks(),
    extensions: () => pbx.extensions(),
    lastDialled: (id) => dialled.last(id),
    callsBack: (id) => busyCallbacks.of(id)?.callee,
    isPbxOnline: () => ari.isUp,
    codecs: () => pbx.codecs(),
    publish: (snapshot) => {
      publishLive(snapshot);
      busyCallbacks.check();
      lamps.show(lampsOf(snapshot, directory.current));
    },
  });
  parts.sound = new SoundWatch(server, { clock, log, calls, onChange });
  const callbacks = new Callbacks(server, {
    clock,
    log,
    directory,
    roster,
    store: new KnexCallbackStore(base.database),
    country: config.country,
    ledger,
    opening: (queue, at) => nextOpening(directory, queue, at),
    ari,
    isRegistered: (number) => pbx.isRegistered(number),
    callNow: (id) => callNow(calls.get(id)),
    take: (event) => parts.switchboard?.take(ari, event),
    onChange,
  });
  parts.callbacks = callbacks;
  const campaignStore = openCampaignStore({
    ...{ database: base.database, clock, country: config.country },
    segments: segmentMembers(config.timezone),
  });
  const followUps = new KnexFollowUpCalls(base.database, campaignStore, () => clock.now());
  const kept = openKeptLines(join(config.varDir, 'campaign-writes'), (error) => {
    log.error({ err: error }, 'what became of campaign calls is in memory only');
  });
  const writes = new CampaignWrites(server, { clock, log, store: campaignStore, followUps, kept });
  const previews = new Previews(server, {
    ...{ clock, log, directory, roster, ari, onChange, followUps, writes },
    store: campaignStore,
    isRegistered: (number) => pbx.isRegistered(number),
    callNow: (id) => callNow(calls.get(id)),
    take: (event) => parts.switchboard?.take(ari, event),
    end: (id) => {
      const call = calls.get(id);
      if (call !== undefined) void quietly(() => call.hangup(call.channel));
    },
  });
  parts.previews = previews;
  const campaigns = new Campaigns(server, {
    ...{ clock, log, directory, calls, ari, onChange, endpoints: pbx },
    ...{ store: campaignStore, writes },
    roster: () => roster,
    callsPerSecond: config.campaignCallsPerSecond,
    isPbxUp: () => ari.isUp,
    take: (event) => parts.switchboard?.take(ari, event),
  });
  parts.campaigns = campaigns;
  const history = new KnexCallerHistory(base.database, () => clock.now());
  const selfService = makeSelfService(base, history);
  const routing: RouteParts = {
    ...{ clock, directory, log, history },
    contacts: new KnexCallerContacts(base.database),
    hook: new RoutingHookClient(clock, makeHookLog(redis, log)),
    sources: routeSources(directory),
  };
  const trials = new KnexFlowTrials(base.database);
  const news = makeVoicemailNews(redis, log);
  const services: CallServices = {
    clock,
    directory,
    prompts,
    takes: makePhoneTakes(sounds, {
      database: base.database,
      announcer: base.announcer,
      memory: makeTakeMemory(redis, log),
      log,
    }),
    trials: { find: (id) => trials.find(id), note: makeTrialNews(redis, log) },
    phoneSettings: makePhoneSettings({
      database: base.database,
      announcer: base.announcer,
      directory: base.directory,
      log,
    }),
    phoneDispositions,
    names: makeSpokenNames({
      ...{ database: base.database, announcer: base.announcer, log },
      refresh: () => base.directory.refresh(),
      sounds: { studio: sounds.studio, withFolder: (work) => sounds.library.withFolder(work) },
    }),
    dialled,
    callerIdTurns: new CallerIdTurns(),
    outsideUse,
    helpAlarm: makeHelpAlarm(base.database, log),
    busyCallbacks,
    roster,
    endpoints: pbx,
    log,
    zone: config.timezone,
    country: config.country,
    callbacks,
    previews,
    campaigns,
    queueChanges: directory,
    selfService,
    rooms,
    mailboxes: makePhoneMailboxes({
      ...{ config, clock, log, news },
      database: base.database,
      greetings: {
        studio: sounds.studio,
        withFolder: (work) => sounds.library.withFolder(work),
      },
    }),
    appointments: new KnexAppointments(base.database, config.country, log),
    surveys: new SurveyInvitations({
      clock,
      log,
      history: new KnexSurveyHistory(base.database),
    }),
    isOpen: (queue, at) => isQueueOpen(directory, queue, at),
    route: (call, queue, priority, attributes, signal) =>
      routeToQueue(routing, call, queue, priority, attributes, signal),
    server,
    calls,
    ariOf: (node) => (node === ari.node ? ari : undefined),
  };
  const switchboard = new Switchboard({
    services,
    ledger: outsideUse.watch(ledger),
    journal: memory.journal,
    calls,
    onChange,
  });
  parts.switchboard = switchboard;
  switchboard.attach(ari);
  directory.onChange((snapshot) => {
    roster.configure(snapshot);
    roster.acd.tellEverybody({ kind: 'rules-changed' });
    followQuietPhones(roster, snapshot);
    pbx.reconcile();
    onChange();
  });
  const messageLamps = startMessageLamps(server, {
    ...{ ari, clock, directory, log },
    database: base.database,
  });
  const messages = followVoicemailNews(redis, log, () => {
    messageLamps.look();
  });
  pbx.onPhone((extension, isRegistered) => {
    roster.phoneChanged(extension, isRegistered);
    messageLamps.phoneChanged(extension, isRegistered);
    onChange();
  });
  const desk = serveDesk(
    redis,
    log,
    answerDesk(
      services,
      ari,
      person,
      (event, trial) => {
        switchboard.take(ari, event, trial);
      },
      ledger,
      previews,
    ),
  );
  keepChannelsTrue(server, { ari, clock, log });
  keepRosterTrue(server, {
    clock,
    log,
    roster,
    calls,
    isTry: (id) => callbacks.person(id) !== undefined || previews.isTry(id),
    isThere: (phone) => {
      const number = directory.current.extensions.get(phone)?.number;
      return number !== undefined && pbx.isRegistered(number);
    },
  });
  callbacks.open();
  previews.open();
  campaigns.open();
  ari.start();
  const sip = new SipWatch(server, {
    probe: new OptionsProbe(config.sip.host, config.sip.port),
    clock,
    log,
    node: ari.node,
  });
  server.fork('signs of life', async (scope) => {
    for (;;) {
      memory.beat(clock.now());
      await clock.sleep(BEAT_MS, scope.signal);
    }
  });
  publishCallsHealth(server, base, { calls, ari, roster, sip, ledger });
  return {
    // Calls live on in Asterisk; the next process takes them up.
    close: async () => {
      switchboard.detach();
      desk.close();
      messages.close();
      selfService.close();
      await memory.close();
      kept.close();
      await ari.close();
      await ledger.close();
    },
  };
}
