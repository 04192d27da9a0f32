import type { ExtensionId } from '../../src/kernel/ids.js';
import { makeNumberPrivacyFeature } from '../../src/features/number-privacy/index.js';
import { makeCallerIdsFeature } from '../../src/features/caller-ids/index.js';
import { makeLimitsFeature } from '../../src/features/limits/index.js';
import { makeEmergencyFeature } from '../../src/features/emergency/index.js';
import { makeRecordingRulesFeature } from '../../src/features/recording-rules/index.js';
import { join } from 'node:path';
import { makeAgentsFeature, type AgentService } from '../../src/features/agents/index.js';
import { makeCallHandlingFeature } from '../../src/features/call-handling/index.js';
import { makeCompanyDirectoryFeature } from '../../src/features/company-directory/index.js';
import {
  makeConferencesFeature,
  type ConferencesFeature,
} from '../../src/features/conferences/index.js';
import {
  makeContactListsFeature,
  openContactLists,
} from '../../src/features/contact-lists/index.js';
import { makeContactsFeature } from '../../src/features/contacts/index.js';
import { makeDidsFeature, type DidService } from '../../src/features/dids/index.js';
import { makeDispositionsFeature } from '../../src/features/dispositions/index.js';
import {
  makeExtensionsFeature,
  type ExtensionService,
} from '../../src/features/extensions/index.js';
import { makeFeatureCodesFeature } from '../../src/features/feature-codes/index.js';
import { makeHooksFeature, type HooksFeature } from '../../src/features/hooks/index.js';
import { makeLookupsFeature, type LookupsFeature } from '../../src/features/lookups/index.js';
import { makeRoutingFeature, type RoutingFeature } from '../../src/features/routing/index.js';
import { queueOpenings } from '../../src/telephony/calls/route-sources.js';
import type { SkillId } from '../../src/kernel/ids.js';
import { makeSurveysFeature, type SurveyService } from '../../src/features/surveys/index.js';
import { makeMusicFeature, type MusicService } from '../../src/features/music/index.js';
import { makeNotReadyReasonsFeature } from '../../src/features/not-ready-reasons/index.js';
import { makePagingGroupsFeature } from '../../src/features/paging-groups/index.js';
import { makeProvisioningFeature } from '../../src/features/provisioning/index.js';
import { makeParkingFeature } from '../../src/features/parking/index.js';
import { makeQueuesFeature, type QueueService } from '../../src/features/queues/index.js';
import { makeRegionsFeature, type RegionService } from '../../src/features/regions/index.js';
import {
  makeRingGroupsFeature,
  type RingGroupsFeature,
} from '../../src/features/ring-groups/index.js';
import {
  makeSkillsFeature,
  type LevelService,
  type SkillService,
} from '../../src/features/skills/index.js';
import { makeSpeedDialFeature } from '../../src/features/speed-dial/index.js';
import { makeTrunksFeature, type TrunkService } from '../../src/features/trunks/index.js';
import type { UserId } from '../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand, LiveSnapshot } from '../../src/telephony/live.js';
import { TestSite } from './web.js';

/** What the set-up features told the calls to read again, in order, whom they signed out, and what the calls answer. */
export interface SetupNotes {
  readonly announced: string[];
  readonly signedOut: UserId[];
  /** What the process that runs the calls answers. */
  answer: (command: DeskCommand) => DeskAnswer;
}

/** The web app with the pages of trunks, DIDs, extensions, queues, agents, skills and regions, and their services. */
export interface SetupSite {
  readonly site: TestSite;
  readonly notes: SetupNotes;
  readonly trunks: TrunkService;
  readonly dids: DidService;
  readonly extensions: ExtensionService;
  readonly queues: QueueService;
  readonly agents: AgentService;
  readonly skills: SkillService;
  readonly levels: LevelService;
  readonly regions: RegionService;
  readonly music: MusicService;
  readonly surveys: SurveyService;
  readonly routing: RoutingFeature;
  readonly hooks: HooksFeature;
  readonly lookups: LookupsFeature;
  readonly conferences: ConferencesFeature;
  readonly ringGroups: RingGroupsFeature;
}

/** Starts it on a MariaDB and a Redis of the suite's own. Stop `site` in `after`. */
export async function startSetupSite(): Promise<SetupSite> {
  const notes: SetupNotes = {
    announced: [],
    signedOut: [],
    answer: () => ({ ok: false, code: 'calls-not-running', detail: '' }),
  };
  const made: Partial<SetupSite>[] = [];
  const site = await TestSite.start((parts) => {
    const importFolder = join(parts.config.varDir, 'imports');
    const common = {
      database: parts.database,
      secrets: parts.sealer,
      live: parts.live,
      country: 'GB',
      announcer: {
        configurationChanged: (kind: string) => {
          notes.announced.push(kind);
          return Promise.resolve();
        },
      },
    };
    const trunks = makeTrunksFeature(common);
    const dids = makeDidsFeature(common);
    const extensions = makeExtensionsFeature({
      ...common,
      site: { host: '192.0.2.10', port: 5060 },
      importFolder,
    });
    const queues = makeQueuesFeature({
      ...common,
      clock: parts.clock,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
    });
    const agents = makeAgentsFeature({
      ...common,
      sessions: {
        endAll: (id) => {
          notes.signedOut.push(id);
          return Promise.resolve();
        },
      },
    });
    const skills = makeSkillsFeature({ ...common, directory: parts.directory, importFolder });
    const music = makeMusicFeature(common);
    const surveys = makeSurveysFeature({ ...common, clock: parts.clock });
    const regions = makeRegionsFeature({ ...common, importFolder });
    // Ids of skills are theirs; nobody has the second.
    const askable = [
      { id: 1 as SkillId, name: 'French', highestLevel: 80 },
      { id: 2 as SkillId, name: 'Latin', highestLevel: 0 },
    ];
    const routing = makeRoutingFeature({
      ...common,
      clock: parts.clock,
      log: parts.log,
      options: {
        skills: () => Promise.resolve(askable),
        regions: () => Promise.resolve([]),
        calendars: () => Promise.resolve([]),
      },
      openingOf: queueOpenings(parts.directory, parts.live),
      sources: {
        regionOf: () => undefined,
        openCalendars: () => new Map(),
        skillNames: () => new Map(askable.map((skill) => [skill.id, skill.name])),
      },
    });
    const hooks = makeHooksFeature({
      ...common,
      redis: parts.redis,
      clock: parts.clock,
      log: parts.log,
      options: routing.options,
    });
    const lookups = makeLookupsFeature(common);
    const conferences = makeConferencesFeature({
      ...common,
      clock: parts.clock,
      directory: parts.directory,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
    });
    const ringGroups = makeRingGroupsFeature(common);
    const featureCodes = makeFeatureCodesFeature({ ...common, directory: parts.directory });
    const pagingGroups = makePagingGroupsFeature(common);
    const companyDirectory = makeCompanyDirectoryFeature({
      ...common,
      directory: parts.directory,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
    });
    const provisioning = makeProvisioningFeature({
      ...{ ...common, directory: parts.directory, clock: parts.clock, importFolder },
      ...{ sip: { host: '192.0.2.10', port: 5060 }, pagesUrl: 'http://192.0.2.10:8080' },
      zone: 'Europe/London',
    });
    const parking = makeParkingFeature({
      ...common,
      directory: parts.directory,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
    });
    const speedDials = makeSpeedDialFeature({
      ...common,
      directory: parts.directory,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
      importFolder,
    });
    const callHandling = makeCallHandlingFeature({
      ...common,
      directory: parts.directory,
      desk: { ask: (command) => Promise.resolve(notes.answer(command)) },
    });
    const lists = openContactLists(parts.database);
    const contacts = makeContactsFeature({
      ...{ ...common, directory: parts.directory, clock: parts.clock, importFolder },
      makeList: (actor, name) => lists.create(actor, { name, description: '' }),
      block: () => Promise.resolve(),
    });
    made.push({
      routing,
      hooks,
      lookups,
      conferences,
      ringGroups,
      trunks: trunks.service,
      dids: dids.service,
      extensions: extensions.service,
      queues: queues.service,
      agents: agents.service,
      skills: skills.service,
      levels: skills.levels,
      regions: regions.service,
      music: music.service,
      surveys: surveys.service,
    });
    const reasons = makeNotReadyReasonsFeature(common);
    const dispositions = makeDispositionsFeature(common);
    return [
      ...[trunks, dids, extensions, queues, agents, skills, regions, routing, hooks],
      ...[...contacts.modules, makeContactListsFeature(lists, contacts)],
      ...[
        reasons,
        dispositions,
        lookups,
        conferences,
        music,
        surveys,
        ringGroups,
        featureCodes,
        speedDials,
        pagingGroups,
        parking,
        callHandling,
        companyDirectory,
        provisioning,
        makeEmergencyFeature({ ...common, directory: parts.directory }),
        makeLimitsFeature({ ...common, directory: parts.directory, clock: parts.clock }),
        makeCallerIdsFeature({ country: 'GB', directory: parts.directory }),
        makeRecordingRulesFeature(common),
        makeNumberPrivacyFeature(common),
      ],
    ];
  });
  return { site, notes, ...(made[0] as Omit<SetupSite, 'site' | 'notes'>) };
}

/** A picture of now in which nothing happens. */
export const quietMoment = (changes: Partial<LiveSnapshot> = {}): LiveSnapshot => ({
  seq: 1,
  at: Date.now(),
  pbxOnline: true,
  queues: [],
  agents: [],
  calls: [],
  trunks: [],
  extensions: [],
  ...changes,
});

/** Whoever signs in as `agent` is an agent, and sits at this phone. */
export async function seatAgent({ site }: SetupSite, phone: ExtensionId): Promise<void> {
  const { database, directory } = site.parts;
  const user = await database('users').where({ login: 'agent' }).first<{ id: number }>('id');
  const seat = { name: 'Mara', number: '601', extension_id: phone, user_id: user.id };
  await database('agents').insert(seat);
  await directory.refresh();
}
