import type { Knex } from 'knex';
import { flowDefinitionSchema } from '../../engines/ivr/flow.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import { readConditions, readEffects } from '../../engines/routing/rule-schema.js';
import type { RoutingRule } from '../../engines/routing/rule.js';
import type { Language } from '../../kernel/call-event.js';
import { indexRegions, type Region, type Regions } from '../../engines/routing/region.js';
import type { AgentId, ExtensionId, MusicId, PromptId, QueueId } from '../../kernel/ids.js';
import type { Sealer } from '../../adapters/crypto/seal.js';
import { MUSIC_ORDERS } from '../../telephony/directory.js';
import type {
  AgentConfig,
  CalendarConfig,
  ConferenceConfig,
  DidConfig,
  DirectorySnapshot,
  ExtensionConfig,
  FlowConfig,
  LookupConfig,
  MusicConfig,
  PermissionClass,
  PromptConfig,
  SkillConfig,
  Target,
  TrunkConfig,
} from '../../telephony/directory.js';
import type { HookConfig } from '../../telephony/routing-hook.js';
import { readDispositions } from './knex-dispositions.js';
import { readNotReadyReasons } from './knex-not-ready-reasons.js';
import { readMembers, readQueues, type Members } from './knex-queues.js';
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
  PromptFileRow,
  PromptRow,
  RegionPrefixRow,
  RegionRow,
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
      const extensions = (await living<ExtensionRow>('extensions')).map(extensionOf);
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
        music: byId(await readMusic(trx)),
        calendars: byId((await trx<CalendarRow>('calendars').select('*')).map(calendarOf)),
        routingRules: await readRules(trx),
        hooks: await readHooks(trx, sealer),
        ...(await readConferences(trx, sealer)),
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

async function readMusic(trx: Knex): Promise<MusicConfig[]> {
  const rows = await trx('music')
    .whereNull('archived_at')
    .orderBy('id')
    .select<{ id: MusicId; name: string; play_order: string }[]>('id', 'name', 'play_order');
  const sounds = await trx('music_prompts')
    .orderBy(['music_id', 'position'])
    .select<{ music_id: MusicId; prompt_id: PromptId }[]>('music_id', 'prompt_id');
  return rows.map(({ id, name, play_order }) => ({
    id,
    name,
    order: MUSIC_ORDERS.find((order) => order === play_order) ?? 'listed',
    sounds: sounds.filter((one) => one.music_id === id).map((one) => one.prompt_id),
  }));
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
  }));
}

async function readConferences(
  trx: Knex,
  sealer: Sealer,
): Promise<Pick<DirectorySnapshot, 'conferences' | 'conferencesByNumber'>> {
  const rows: ConferenceRow[] = await trx('conferences')
    .whereNull('archived_at')
    .select('id', 'name', 'number', 'pin_sealed', 'announces_join');
  const rooms = rows.map((row): ConferenceConfig => ({
    id: row.id,
    name: row.name,
    number: row.number,
    pin: sealer.open(row.pin_sealed),
    announcesJoin: Boolean(row.announces_join),
  }));
  return {
    conferences: byId(rooms),
    conferencesByNumber: new Map(rooms.map((room) => [room.number, room])),
  };
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

/** A published version of a flow, also one that is no longer the current one. */
export async function readFlowVersion(
  database: Knex,
  id: number,
  version: number,
): Promise<FlowConfig | undefined> {
  const row: FlowRow | undefined = await database('ivr_flows as f')
    .join('ivr_flow_versions as v', 'v.flow_id', 'f.id')
    .where({ 'f.id': id, 'v.flow_version': version })
    .first('f.id', 'f.name', 'v.flow_version', 'v.definition');
  return row === undefined ? undefined : flowOf(row);
}

const flowOf = (row: FlowRow): FlowConfig => ({
  id: row.id,
  name: row.name,
  version: row.flow_version,
  definition: flowDefinitionSchema.parse(json(row.definition)),
});

const trunkOf = (row: TrunkRow): TrunkConfig => ({
  id: row.id,
  name: row.name,
  technology: row.technology,
  enabled: Boolean(row.enabled),
  priority: row.priority,
  maxChannels: row.max_channels,
  callerId: row.caller_id,
});

const didOf = (row: DidRow): DidConfig => ({
  id: row.id,
  number: row.number,
  name: row.name,
  target: json<Target>(row.target),
  language: row.language as Language,
});

const extensionOf = (row: ExtensionRow): ExtensionConfig => ({
  id: row.id,
  number: row.number,
  name: row.name,
  permission: row.permission as PermissionClass,
  callerId: row.caller_id,
  recordInternal: Boolean(row.record_internal),
  voicemail: Boolean(row.voicemail),
  ringTimeoutMs: row.ring_timeout_s * 1000,
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
