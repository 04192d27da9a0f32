import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { webhookKeyOf } from '../adapters/http/webhook-sender.js';
import { makeDecisionLog } from '../adapters/redis/decision-log.js';
import { openDesk } from '../adapters/redis/desk.js';
import { makeVoicemailNews } from '../adapters/redis/voicemail-news.js';
import { openLiveView } from '../adapters/redis/live.js';
import { makeAgentsFeature } from '../features/agents/index.js';
import { makeAgentMessagesFeature } from '../features/agent-messages/index.js';
import { makeAlarmsFeature } from '../features/alarms/index.js';
import { makeApiKeysFeature } from '../features/api-keys/index.js';
import { makeAuditFeature } from '../features/audit/index.js';
import { makeCalendarsFeature } from '../features/calendars/index.js';
import { makeCallbacksFeature } from '../features/callbacks/index.js';
import { makeCallHandlingFeature } from '../features/call-handling/index.js';
import { makeCallRatesFeature } from '../features/call-rates/index.js';
import { makeCampaignsFeature, segmentMembers } from '../features/campaigns/index.js';
import { makeCallsFeatures } from '../features/calls/index.js';
import { makeCompanyDirectoryFeature } from '../features/company-directory/index.js';
import { makeCampaignWorkFeature } from '../features/campaign-work/index.js';
import { makeConferencesFeature } from '../features/conferences/index.js';
import type { ConfigurationParts } from '../features/configuration/index.js';
import { makeContactListsFeature, openContactLists } from '../features/contact-lists/index.js';
import { makeContactsFeature } from '../features/contacts/index.js';
import { makeDoNotCallFeature, openDoNotCall } from '../features/do-not-call/index.js';
import { makeReportsFeature } from '../features/reports/index.js';
import { makeDidsFeature } from '../features/dids/index.js';
import { makeDispositionsFeature } from '../features/dispositions/index.js';
import { makeExtensionsFeature } from '../features/extensions/index.js';
import { makeFeatureCodesFeature } from '../features/feature-codes/index.js';
import { makeCallingWindows, makeFollowUpsFeature } from '../features/follow-ups/index.js';
import { makeHomeFeature } from '../features/home/index.js';
import { makeHooksFeature } from '../features/hooks/index.js';
import { makeIvrFlowsFeature, type TrialView } from '../features/ivr-flows/index.js';
import { makeLookupsFeature } from '../features/lookups/index.js';
import { makeLiveCampaignsFeature, pacingNow } from '../features/live-campaigns/index.js';
import { makeLiveQueuesFeature } from '../features/live-queues/index.js';
import {
  makeNotReadyReasonsFeature,
  makeNotReadyToday,
} from '../features/not-ready-reasons/index.js';
import { makeTrialNews, openTrialView } from '../adapters/redis/trial-news.js';
import { makeTakeMemory } from '../adapters/redis/take-memory.js';
import { makeMachineFiguresFeature } from '../features/machine-figures/index.js';
import { makeMailFeature } from '../features/mail/index.js';
import { makeMissedCallersFeature } from '../features/missed-callers/index.js';
import { makeMusicFeature } from '../features/music/index.js';
import { makePagingGroupsFeature } from '../features/paging-groups/index.js';
import { makeCallerIdsFeature } from '../features/caller-ids/index.js';
import { makeLimitsFeature } from '../features/limits/index.js';
import { makeEmergencyFeature } from '../features/emergency/index.js';
import { makeReconciliationFeature } from '../features/reconciliation/index.js';
import { openRecordingShelf } from '../features/recordings/index.js';
import { makeRecordingRulesFeature } from '../features/recording-rules/index.js';
import { makeNumberPrivacyFeature, masksNumbersIn } from '../features/number-privacy/index.js';
import { makeParkingFeature } from '../features/parking/index.js';
import { makePromptsFeature } from '../features/prompts/index.js';
import { makeSpeechFeature, makeVoice } from '../features/speech/index.js';
import { makeProvisioningFeature } from '../features/provisioning/index.js';
import { makeQueueLogFeature } from '../features/queue-log/index.js';
import { makeQueuesFeature } from '../features/queues/index.js';
import { makeRegionsFeature } from '../features/regions/index.js';
import { makeRingGroupsFeature } from '../features/ring-groups/index.js';
import { makeRoutingFeature } from '../features/routing/index.js';
import { makeSegmentsFeature } from '../features/segments/index.js';
import { makeSetupFeature } from '../features/setup/index.js';
import { makeScriptsFeature } from '../features/scripts/index.js';
import { makeSkillsFeature } from '../features/skills/index.js';
import { makeSurveysFeature } from '../features/surveys/index.js';
import { makeSpeedDialFeature } from '../features/speed-dial/index.js';
import { makeTrunksFeature } from '../features/trunks/index.js';
import { makeUsersFeature, type UsersFeature } from '../features/users/index.js';
import { makeWallboardsFeature } from '../features/wallboards/index.js';
import { makeWhatIfFeature } from '../features/what-if/index.js';
import { makeWebhooksFeature } from '../features/webhooks/index.js';
import { makeWorkspaceFeature } from '../features/workspace/index.js';
import { queueOpenings, routeSources } from '../telephony/calls/route-sources.js';
import type { Directory } from '../telephony/directory.js';
import type { Desk, LiveView } from '../telephony/live.js';
import { createWebApp } from '../web/app.js';
import { projectRoot } from '../web/assets.js';
import { listen } from '../web/listen.js';
import type { FeatureModule } from '../web/kit/index.js';
import { contactImportFolder, type Foundation } from './foundation.js';

/** The role `web`: pages, live values, and the prompt files that nodes fetch. */
export async function startWeb(base: Foundation): Promise<{ close(): Promise<void> }> {
  const { config, redis, log } = base;
  const live = await openLiveView(redis, log);
  const desk = openDesk(redis, log);
  const trials = openTrialView(redis, log);
  const users = makeUsersFeature(base.database, redis, base.clock);
  const apiKeys = makeApiKeysFeature({ database: base.database, clock: base.clock });
  const app = createWebApp({
    config,
    logger: log,
    version: programVersion(),
    users,
    features: [users, apiKeys, ...makeFeatures(base, users, live, desk, trials)],
    apiKeys: apiKeys.keys,
    live,
    masksNumbers: masksNumbersIn(base.directory),
  });
  const server = await listen(app, config.http, log);
  return {
    close: async () => {
      live.close();
      desk.close();
      trials.close();
      await server.close();
    },
  };
}

const programVersion = (): string =>
  (JSON.parse(readFileSync(`${projectRoot()}/package.json`, 'utf8')) as { version: string })
    .version;

/** Where phones find us unless somebody says otherwise: over https where there is a certificate. */
const pagesUrl = ({ host, port, publicUrl, tls }: Foundation['config']['http']): string =>
  publicUrl ??
  (tls === undefined ? `http://${host}:${String(port)}` : `https://${host}:${String(tls.port)}`);

/** Every feature with pages, but for users. */
export function makeFeatures(
  base: Foundation,
  users: UsersFeature,
  live: LiveView,
  desk: Desk,
  trials?: TrialView,
): readonly FeatureModule[] {
  const { config, database, announcer, clock, directory, log } = base;
  const parts: ConfigurationParts = {
    database,
    announcer,
    secrets: base.sealer,
    live,
    country: config.country,
  };
  const importFolder = join(config.varDir, 'imports');
  const site = { timezone: config.timezone, country: config.country };
  const calendars = makeCalendarsFeature({ ...parts, clock });
  const routing = makeRoutingFeature({
    ...parts,
    clock,
    log,
    options: {
      skills: () => Promise.resolve(skillOptions(directory)),
      regions: () => Promise.resolve([...directory.current.regions.byId.values()]),
      calendars: () => calendars.service.options(),
    },
    sources: routeSources(directory),
    openingOf: queueOpenings(directory, live),
  });
  const speech = { database, secrets: parts.secrets, log, now: () => clock.now() };
  const voice = makeVoice(speech);
  const prompts = makePromptsFeature(database, announcer, config.varDir, {
    voice,
    phone: { desk, memory: makeTakeMemory(base.redis, log) },
  });
  const notReadyToday = makeNotReadyToday({ database, clock, zone: site.timezone, logger: log });
  const doNotCall = openDoNotCall({ database, directory, country: site.country });
  const lists = openContactLists(database);
  const contacts = makeContactsFeature({
    ...{ database, directory, clock, country: site.country },
    importFolder: contactImportFolder(config),
    makeList: (actor, name) => lists.create(actor, { name, description: '' }),
    block: async (page, number, note) => {
      await doNotCall.add(page.actor, { number, note, campaignId: 0, source: 'page' });
    },
  });
  const home = makeHomeFeature({
    database,
    live,
    clock,
    logger: log,
    timezone: site.timezone,
    directory,
    notReadyToday,
  });
  const followUps = makeFollowUpsFeature({
    ...{ database, announcer, directory, clock },
    ...{ zone: site.timezone, country: site.country },
    windows: makeCallingWindows(database, { zone: site.timezone, country: site.country }),
  });
  const workspace = makeWorkspaceFeature({
    database,
    liveView: live,
    desk,
    directory,
    notReadyToday,
    results: followUps.results,
    clock,
    zone: site.timezone,
    country: site.country,
  });
  const liveQueues = makeLiveQueuesFeature({
    ...{ database, live, desk, directory, clock, notReadyToday },
    ...{ logger: log, zone: site.timezone, figures: home.figures },
    decisions: makeDecisionLog(base.redis),
  });
  return [
    home,
    liveQueues,
    makeWallboardsFeature({
      ...{ database, announcer, clock, logger: log, day: liveQueues },
      ...{
        secretKey: config.secretKey,
        publicUrl: config.http.publicUrl,
        release: programVersion(),
      },
    }),
    makeAgentMessagesFeature({ database, directory, clock, logger: log }),
    ...makeAlarmsFeature({ database, announcer, clock, logger: log }),
    makeLiveCampaignsFeature({ database, live, clock }),
    workspace,
    followUps,
    makeCampaignWorkFeature({
      ...{ database, directory, clock },
      ...{ calls: workspace.wrapUp, followUps: followUps.service, zone: site.timezone },
    }),
    makeCallbacksFeature({ ...parts, desk, clock }),
    makeCampaignsFeature({
      ...{ ...parts, clock, segments: segmentMembers(site.timezone) },
      pacing: (page, id) => pacingNow(live.current, id, page),
    }),
    ...contacts.modules,
    makeContactListsFeature(lists, contacts),
    makeSegmentsFeature(database, site.timezone),
    makeDoNotCallFeature(doNotCall, site.country),
    // Before the page of one call, whose address would be taken for it.
    makeMissedCallersFeature({ ...parts, desk, clock }),
    ...makeCallsFeatures({
      ...{ ...parts, desk, directory, clock, log },
      shelf: openRecordingShelf(base),
      varDir: config.varDir,
      secretKey: config.secretKey,
      studio: prompts.studio,
      news: makeVoicemailNews(base.redis, log),
    }),
    makeTrunksFeature(parts),
    makeDidsFeature(parts),
    makeReportsFeature({ database, clock, directory, zone: config.timezone }),
    makeMachineFiguresFeature({ database, clock }),
    makeReconciliationFeature({ database, clock, zone: site.timezone }),
    makeWhatIfFeature(),
    makeExtensionsFeature({
      ...parts,
      site: config.sip,
      importFolder,
    }),
    makeProvisioningFeature({
      ...{ ...parts, directory, clock, sip: config.sip, zone: site.timezone, importFolder },
      pagesUrl: pagesUrl(config.http),
    }),
    makeRingGroupsFeature(parts),
    makePagingGroupsFeature(parts),
    makeParkingFeature({ ...parts, directory, desk }),
    makeCompanyDirectoryFeature({ ...parts, directory, desk }),
    makeEmergencyFeature({ ...parts, directory }),
    makeLimitsFeature({ ...parts, directory, clock }),
    makeCallerIdsFeature({ directory, country: site.country }),
    makeRecordingRulesFeature(parts),
    makeNumberPrivacyFeature(parts),
    makeFeatureCodesFeature({ ...parts, directory }),
    makeSpeedDialFeature({ ...parts, directory, desk, importFolder }),
    makeCallHandlingFeature({ ...parts, directory, desk }),
    makeIvrFlowsFeature({
      ...{ ...parts, clock, zone: site.timezone, flowAddresses: config.flowAddresses },
      ...(trials && { trials: { desk, view: trials, note: makeTrialNews(base.redis, log) } }),
    }),
    makeQueuesFeature({ ...parts, desk, clock }),
    calendars,
    routing,
    makeLookupsFeature(parts),
    makeWebhooksFeature({
      ...{ ...parts, redis: base.redis, clock },
      firstKey: webhookKeyOf(config.secretKey),
    }),
    makeConferencesFeature({ ...parts, desk, directory, clock }),
    makeHooksFeature({ ...parts, redis: base.redis, clock, log, options: routing.options }),
    prompts,
    makeSpeechFeature({ ...parts, ...speech, voice, sounds: prompts }),
    makeMusicFeature(parts),
    makeSurveysFeature({ ...parts, clock }),
    makeScriptsFeature(parts),
    makeAgentsFeature({ ...parts, sessions: users.sessions }),
    makeSkillsFeature({ ...parts, directory, importFolder }),
    makeRegionsFeature({ ...parts, importFolder }),
    makeCallRatesFeature(parts, config.timezone),
    makeNotReadyReasonsFeature(parts),
    makeDispositionsFeature(parts),
    makeMailFeature({ database, secrets: parts.secrets, clock }),
    makeQueueLogFeature({ database, clock, varDir: config.varDir }),
    makeAuditFeature(database),
    makeSetupFeature({ database, redis: base.redis, live, varDir: config.varDir }),
  ];
}

/** Skills with the highest level that anybody has. */
function skillOptions({ current }: Directory) {
  return [...current.skills.values()].map(({ id, name }) => ({
    id,
    name,
    highestLevel: Math.max(
      0,
      ...[...current.agents.values()].map((agent) => agent.skills.get(id) ?? 0),
    ),
  }));
}
