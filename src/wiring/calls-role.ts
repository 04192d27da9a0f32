import { AsteriskAri } from '../adapters/asterisk-ari/asterisk-ari.js';
import { openLedger } from '../adapters/ledger/index.js';
import { makeCallMemory } from '../adapters/redis/call-memory.js';
import { publishHealth } from '../adapters/redis/health.js';
import { serveDesk } from '../adapters/redis/desk.js';
import { makeLivePublisher } from '../adapters/redis/live.js';
import { makeSounds } from '../features/prompts/index.js';
import type { CallId } from '../kernel/ids.js';
import type { Scope } from '../kernel/scope.js';
import { AgentRoster } from '../telephony/calls/agent-roster.js';
import type { Call } from '../telephony/calls/call.js';
import { answerDesk } from '../telephony/calls/desk-service.js';
import { LiveBoard } from '../telephony/calls/live-board.js';
import { PromptLibrary } from '../telephony/calls/prompts.js';
import type { CallServices } from '../telephony/calls/services.js';
import { Switchboard } from '../telephony/calls/switchboard.js';
import type { Foundation } from './foundation.js';
import { startPbx } from './pbx.js';

/** The role `calls`: one Asterisk node, its calls, the agents, and the picture of what happens now. */
export async function startCalls(
  server: Scope,
  base: Foundation,
): Promise<{ close(): Promise<void> }> {
  const { config, log, clock, redis, directory } = base;
  const ledger = await openLedger(config.redisUrl, config.varDir, log);
  const sounds = makeSounds(config.varDir);
  const spoken = await sounds.ensureSystemPrompts();
  if (spoken.failed.length > 0) log.warn({ failed: spoken.failed }, 'prompts could not be spoken');
  const memory = makeCallMemory(redis, log);
  const ari = new AsteriskAri({ ...config.ari, logger: log });
  const pbx = startPbx(server, base, ari);
  const calls = new Map<CallId, Call>();
  const parts: { board?: LiveBoard } = {};
  const onChange = (): void => parts.board?.changed();
  const roster = new AgentRoster(server, {
    clock,
    directory,
    store: memory.agents,
    stateLog: ledger,
    onChange,
    isRegistered: (number) => pbx.isRegistered(number),
  });
  await roster.open();
  parts.board = new LiveBoard(server, {
    clock,
    roster: () => roster,
    calls,
    trunks: () => pbx.trunks(),
    extensions: () => pbx.extensions(),
    isPbxOnline: () => ari.isUp,
    publish: makeLivePublisher(redis, log),
  });
  const services: CallServices = {
    clock,
    directory,
    prompts: new PromptLibrary(directory, sounds.systemPrompts, config.mediaUrl),
    roster,
    endpoints: pbx,
    log,
    zone: config.timezone,
    country: config.country,
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
  const desk = serveDesk(redis, log, answerDesk(services, ari));
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
      await memory.flush();
      await ari.close();
      await ledger.close();
    },
  };
}
