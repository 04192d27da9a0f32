import type { Knex } from 'knex';
import { flowDefinitionSchema } from '../../engines/ivr/flow.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import { readConditions, readEffects } from '../../engines/routing/rule-schema.js';
import type { RoutingRule } from '../../engines/routing/rule.js';
import { RING_STRATEGIES } from '../../engines/reach/ring-plan.js';
import type { Language } from '../../kernel/call-event.js';
import { indexRegions, type Region, type Regions } from '../../engines/routing/region.js';
import type { AgentId, ExtensionId, PagingGroupId, QueueId } from '../../kernel/ids.js';
import type { Sealer } from '../../adapters/crypto/seal.js';
import type {
  AgentConfig,
  CalendarConfig,
  ConferenceConfig,
  DidConfig,
  DirectorySnapshot,
  FlowConfig,
  LookupConfig,
  PromptConfig,
  RingGroupConfig,
  SkillConfig,
  SpeedDialConfig,
  Target,
} from '../../telephony/directory.js';
import type { HookConfig } from '../../telephony/routing-hook.js';
import {
  EMERGENCY_SETTING,
  LIMIT_SETTING,
  OPERATOR_SETTING,
  PARKING_SETTING,
  readPhones,
  readSetting,
} from '../configuration/index.js';
import { NUMBER_PRIVACY_SETTING } from '../number-privacy/index.js';
import { RECORDING_SETTING } from '../recording-rules/index.js';
import { FEATURE_CODE_SETTING } from '../feature-codes/index.js';
import { readPagedPhones } from '../paging-groups/index.js';
import { readMembersOf } from '../ring-groups/index.js';
import { readDispositions } from './knex-dispositions.js';
import { readExtensions } from './knex-extensions.js';
import { readNotReadyReasons } from './knex-not-ready-reasons.js';
import { readMusic, readOwnSounds } from './knex-sounds.js';
import { readMembers, readQueues, type Members } from './knex-queues.js';
import { readRates } from './knex-rates.js';
import { readSurveys } from './knex-surveys.js';
import { trunkOf } from './knex-trunks.js';
import type {
  AgentLevelRow,
  AgentResultRow,
  AgentRow,
  CalendarRow,
  ConferenceRow,
  DidRow,
  ExtensionRow,
  FlowRow,
  HookRow,
  LookupRow,
  OwnSpeedDialRow,
  PromptFileRow,
  PromptRow,
  RegionPrefixRow,
  RegionRow,
  RingGroupRow,
  SkillRow,
  RoutingRuleRow,
  TrunkRow,
} from './rows.js';

const json = <T>(value: unknown): T => (typeof value === 'string' ? JSON.parse(value) : value) as T;
const byId = <T extends { readonly id: unknown }>(rows: readonly T[]): ReadonlyMap<T['id'], T> =>
  new Map(rows.map((row) => [row.id, row]));

const ids = <T extends { readonly id: unknown }>(rows: readonly T[]): readonly T['id'][] =>
  rows.map((row) => row.id);

/**
 * Reads everything in one consistent view. Archived rows are absent, but for calendars. Of `before`, what cannot have changed is taken over
 * instead of being read again: the prefixes of regions may be a hundred thousand.
 */
export async function readDirectory(
  database: Knex,
  sealer: Sealer,
  before?: DirectorySnapshot,
): Promise<DirectorySnapshot> {
  return database.transaction(
    async (trx) => {
      const living = async <T extends object>(table: string): Promise<T[]> => {
        return (await trx(table).whereNull('archived_at').orderBy('id').select('*')) as T[];
      };
      const members = await readMembers(trx);
      const skills = (await living<SkillRow>('skills')).map(skillOf);
      const levels = byAgent(await trx<AgentLevelRow>('agent_skills').select('*'), skills);
      const results = resultsByAgent(await trx<AgentResultRow>('agent_results').select('*'));
      const agents = (await living<AgentRow>('agents')).map((r) =>
        agentOf(r, { members, levels, results }, sealer),
      );
      const extensions = await readExtensions(trx, await living<ExtensionRow>('extensions'));
      const files = await trx<PromptFileRow>('prompt_files').select('*');
      return {
        trunks: byId((await living<TrunkRow>('trunks')).map(trunkOf)),
        didsByNumber: new Map((await living<DidRow>('dids')).map((r) => [r.number, didOf(r)])),
        extensions: byId(extensions),
        extensionsByNumber: new Map(extensions.map((e) => [e.number, e])),
        queues: byId(await readQueues(trx, members, new Set(ids(agents)), new Set(ids(skills)))),
        agents: byId(agents),
        skills: byId(skills),
        regions: await readRegions(trx, await living<RegionRow>('regions'), before?.regions),
        flows: byId(await readFlows(trx)),
        prompts: byId((await living<PromptRow>('prompts')).map((r) => promptOf(r, files))),
        ownSounds: await readOwnSounds(trx),
        music: byId(await readMusic(trx)),
        surveys: byId(await readSurveys(trx)),
        calendars: byId((await trx<CalendarRow>('calendars').select('*')).map(calendarOf)),
        routingRules: await readRules(trx),
        hooks: await readHooks(trx, sealer),
        ...(await readConferences(trx, sealer)),
        ...(await readRingGroups(trx)),
        pagingGroupsByNumber: await readPagingGroups(trx),
        ...(await readSpeedDials(trx)),
        featureCodes: (await readSetting(trx, FEATURE_CODE_SETTING)).value,
        operator: (await readSetting(trx, OPERATOR_SETTING)).value,
        recording: (await readSetting(trx, RECORDING_SETTING)).value,
        numberPrivacy: (await readSetting(trx, NUMBER_PRIVACY_SETTING)).value,
        emergency: (await readSetting(trx, EMERGENCY_SETTING)).value,
        limits: (await readSetting(trx, LIMIT_SETTING)).value,
        rates: await readRates(trx),
        parking: (await readSetting(trx, PARKING_SETTING)).value,
        lookups: await readLookups(trx, sealer),
        notReadyReasons: new Map((await readNotReadyReasons(trx)).map((r) => [r.code, r])),
        dispositions: byId(await readDispositions(trx)),
      };
    },
    { isolationLevel: 'repeatable read' },
  );
}

async function readRegions(
  trx: Knex,
  rows: readonly RegionRow[],
  before: Regions | undefined,
): Promise<Regions> {
  const revision = rows.map((row) => `${String(row.id)}/${String(row.version)}`).join(' ');
  if (before?.revision === revision) return before;
  const prefixes = await trx<RegionPrefixRow>('region_prefixes').select('region_id', 'prefix');
  const ofRegion = new Map(rows.map((row): [number, string[]] => [row.id, []]));
  for (const row of prefixes) ofRegion.get(row.region_id)?.push(row.prefix);
  const regions = rows.map((row): Region => ({
    id: row.id,
    name: row.name,
    prefixes: ofRegion.get(row.id) ?? [],
  }));
  return indexRegions(regions, revision);
}

async function readRules(trx: Knex): Promise<RoutingRule[]> {
  const rows: RoutingRuleRow[] = await trx('routing_rules')
    .where({ enabled: true })
    .whereNull('archived_at')
    .orderBy(['position', 'id'])
    .select('id', 'name', 'conditions', 'effects');
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    conditions: readConditions(json(row.conditions)),
    effects: readEffects(json(row.effects)),
  }));
}

async function readHooks(trx: Knex, sealer: Sealer): Promise<HookConfig[]> {
  const rows = (await trx('routing_hooks')
    .where({ enabled: true })
    .whereNull('archived_at')
    .orderBy(['name', 'id'])
    .select('*')) as HookRow[];
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    url: row.url,
    dids: json(row.dids),
    queues: json(row.queues),
    timeoutMs: row.timeout_ms,
    secret: sealer.open(row.secret_sealed),
    allowedAddresses: json(row.allowed_addresses),
    caCertificate: row.ca_certificate ?? '',
  }));
}

async function readConferences(
  trx: Knex,
  sealer: Sealer,
): Promise<Pick<DirectorySnapshot, 'conferences' | 'conferencesByNumber'>> {
  const rows = await trx('conferences').whereNull('archived_at').select<ConferenceRow[]>('*');
  const rooms = rows.map((row): ConferenceConfig => ({
    ...{ id: row.id, name: row.name, number: row.number },
    hostPin: sealer.open(row.host_pin_sealed),
    guestPin: sealer.open(row.pin_sealed),
    guestsWait: Boolean(row.guests_wait),
    endsWithHost: Boolean(row.ends_with_host),
    maxMembers: row.max_members,
    ...{ announces: row.announces, records: row.records, invites: row.invites },
  }));
  return {
    conferences: byId(rooms),
    conferencesByNumber: new Map(rooms.map((room) => [room.number, room])),
  };
}

async function readRingGroups(
  trx: Knex,
): Promise<Pick<DirectorySnapshot, 'ringGroups' | 'ringGroupsByNumber'>> {
  const rows = await trx('ring_groups').whereNull('archived_at').select<RingGroupRow[]>('*');
  const members = await readMembersOf(trx, ids(rows));
  const groups = rows.map((row): RingGroupConfig => ({
    id: row.id,
    name: row.name,
    number: row.number ?? '',
    strategy: RING_STRATEGIES.find((one) => one === row.strategy) ?? 'all',
    ringMs: row.ring_s * 1000,
    prefix: row.prefix,
    confirms: Boolean(row.confirms),
    members: members.get(row.id) ?? [],
    elsewhere: json<Target>(row.elsewhere),
  }));
  const dialled = groups.filter((group) => group.number !== '');
  return {
    ringGroups: byId(groups),
    ringGroupsByNumber: new Map(dialled.map((group) => [group.number, group])),
  };
}

async function readPagingGroups(trx: Knex): Promise<DirectorySnapshot['pagingGroupsByNumber']> {
  const rows = await trx('paging_groups')
    .whereNull('archived_at')
    .select<{ id: PagingGroupId; name: string; number: string }[]>('id', 'name', 'number');
  const phones = await readPagedPhones(trx, ids(rows));
  return new Map(rows.map((row) => [row.number, { ...row, members: phones.get(row.id) ?? [] }]));
}

async function readSpeedDials(
  trx: Knex,
): Promise<Pick<DirectorySnapshot, 'speedDials' | 'ownSpeedDials'>> {
  const company = await trx('speed_dials')
    .whereNull('archived_at')
    .orderBy('code')
    .select<SpeedDialConfig[]>('code', 'name', 'number');
  const rows = await trx('own_speed_dials')
    .orderBy('code')
    .select<OwnSpeedDialRow[]>('extension_id', 'code', 'name', 'number');
  const own = new Map<ExtensionId, Map<string, SpeedDialConfig>>();
  for (const { extension_id, code, name, number } of rows) {
    const dials = own.get(extension_id) ?? new Map<string, SpeedDialConfig>();
    own.set(extension_id, dials.set(code, { code, name, number }));
  }
  return { speedDials: new Map(company.map((dial) => [dial.code, dial])), ownSpeedDials: own };
}

async function readLookups(trx: Knex, sealer: Sealer): Promise<DirectorySnapshot['lookups']> {
  const rows = (await trx('lookup_connections')
    .whereNull('archived_at')
    .select('*')) as LookupRow[];
  return byId(
    rows.map((row): LookupConfig => ({
      id: row.id,
      version: row.version,
      name: row.name,
      host: row.host,
      port: row.port,
      database: row.database_name,
      user: row.user,
      password: sealer.open(row.password_sealed),
    })),
  );
}

async function readFlows(trx: Knex): Promise<FlowConfig[]> {
  const rows: FlowRow[] = await trx('ivr_flows as f')
    .join('ivr_flow_versions as v', function () {
      this.on('v.flow_id', 'f.id').andOn('v.flow_version', 'f.published_version');
    })
    .whereNull('f.archived_at')
    .select('f.id', 'f.name', 'v.flow_version', 'v.definition');
  return rows.map(flowOf);
}

/** A published version of a flow, also one that is no longer the current one; or the draft of a trial (`-trial`). */
export async function readFlowVersion(
  database: Knex,
  id: number,
  version: number,
): Promise<FlowConfig | undefined> {
  if (version < 0) return readTrialFlow(database, id, version);
  const row: FlowRow | undefined = await database('ivr_flows as f')
    .join('ivr_flow_versions as v', 'v.flow_id', 'f.id')
    .where({ 'f.id': id, 'v.flow_version': version })
    .first('f.id', 'f.name', 'v.flow_version', 'v.definition');
  return row === undefined ? undefined : flowOf(row);
}

async function readTrialFlow(
  database: Knex,
  id: number,
  version: number,
): Promise<FlowConfig | undefined> {
  const row = await database('ivr_flows as f')
    .join('flow_trials as t', 't.flow_id', 'f.id')
    .where({ 'f.id': id, 't.id': -version })
    .first<Omit<FlowRow, 'flow_version'> | undefined>('f.id', 'f.name', 't.definition');
  return row && flowOf({ ...row, flow_version: version });
}

const flowOf = (row: FlowRow): FlowConfig => ({
  id: row.id,
  name: row.name,
  version: row.flow_version,
  definition: flowDefinitionSchema.parse(json(row.definition)),
});

const didOf = (row: DidRow): DidConfig => ({
  id: row.id,
  number: row.number,
  name: row.name,
  target: json<Target>(row.target),
  language: row.language as Language,
});

type Levels = ReadonlyMap<number, AgentConfig['skills']>;

/** Levels in skills that are in use, by agent. */
function byAgent(rows: readonly AgentLevelRow[], skills: readonly SkillConfig[]): Levels {
  const inUse = new Set(skills.map((skill) => skill.id));
  const levels = new Map<number, Map<SkillConfig['id'], number>>();
  for (const row of rows) {
    if (!inUse.has(row.skill_id)) continue;
    const own = levels.get(row.agent_id) ?? new Map<SkillConfig['id'], number>();
    levels.set(row.agent_id, own.set(row.skill_id, row.level));
  }
  return levels;
}

const skillOf = (row: SkillRow): SkillConfig => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  ...(row.language === null ? {} : { language: row.language }),
});

type Results = ReadonlyMap<number, ReadonlyMap<QueueId, number>>;

function resultsByAgent(rows: readonly AgentResultRow[]): Results {
  const found = new Map<number, Map<QueueId, number>>();
  for (const row of rows) {
    const own = found.get(row.agent_id) ?? new Map<QueueId, number>();
    found.set(row.agent_id, own.set(row.queue_id, row.result));
  }
  return found;
}

const agentOf = (
  row: AgentRow,
  {
    members,
    levels,
    results,
  }: { readonly members: Members; readonly levels: Levels; readonly results: Results },
  sealer: Sealer,
): AgentConfig => ({
  id: row.id as AgentId,
  name: row.name,
  number: row.number,
  pin: sealer.open(row.pin_sealed),
  queues: members.ofAgent.get(row.id) ?? [],
  skills: levels.get(row.id) ?? new Map(),
  results: results.get(row.id) ?? new Map(),
  callerIds: { order: row.caller_id_order, numbers: readPhones(row.caller_ids) },
  outsidePhone: row.outside_phone,
  ...(row.extension_id === null ? {} : { extensionId: row.extension_id as ExtensionId }),
});

const calendarOf = (row: CalendarRow): CalendarConfig => ({
  id: row.id,
  name: row.name,
  zone: row.zone,
  ...readCalendarColumns(row),
});

const promptOf = (row: PromptRow, files: readonly PromptFileRow[]): PromptConfig => ({
  id: row.id,
  name: row.name,
  files: Object.fromEntries(
    files.filter((f) => f.prompt_id === row.id).map((f) => [f.language, f.hash]),
  ),
});
