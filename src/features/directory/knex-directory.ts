import type { Knex } from 'knex';
import { flowDefinitionSchema } from '../../engines/ivr/flow.js';
import type { Language } from '../../kernel/call-event.js';
import type { AgentId, ExtensionId, PromptId, QueueId } from '../../kernel/ids.js';
import type { Sealer } from '../../adapters/crypto/seal.js';
import type {
  AgentConfig,
  DidConfig,
  DirectorySnapshot,
  ExtensionConfig,
  FlowConfig,
  PermissionClass,
  PromptConfig,
  QueueConfig,
  Target,
  TrunkConfig,
} from '../../telephony/directory.js';
import { readDispositions } from './knex-dispositions.js';
import { readNotReadyReasons } from './knex-not-ready-reasons.js';
import type {
  AgentRow,
  DidRow,
  ExtensionRow,
  FlowRow,
  MemberRow,
  PromptFileRow,
  PromptRow,
  QueueRow,
  TrunkRow,
} from './rows.js';

const json = <T>(value: unknown): T => (typeof value === 'string' ? JSON.parse(value) : value) as T;
const byId = <T extends { readonly id: unknown }>(rows: readonly T[]): ReadonlyMap<T['id'], T> =>
  new Map(rows.map((row) => [row.id, row]));

/** Reads everything in one consistent view. Archived rows are absent. */
export async function readDirectory(database: Knex, sealer: Sealer): Promise<DirectorySnapshot> {
  return database.transaction(
    async (trx) => {
      const living = async <T extends object>(table: string): Promise<T[]> => {
        return (await trx(table).whereNull('archived_at').orderBy('id').select('*')) as T[];
      };
      const members = await trx<MemberRow>('queue_members').select('*');
      const agents = (await living<AgentRow>('agents')).map((r) => agentOf(r, members, sealer));
      const known = new Set(agents.map((a) => a.id));
      const extensions = (await living<ExtensionRow>('extensions')).map(extensionOf);
      const files = await trx<PromptFileRow>('prompt_files').select('*');
      return {
        trunks: byId((await living<TrunkRow>('trunks')).map(trunkOf)),
        didsByNumber: new Map((await living<DidRow>('dids')).map((r) => [r.number, didOf(r)])),
        extensions: byId(extensions),
        extensionsByNumber: new Map(extensions.map((e) => [e.number, e])),
        queues: byId((await living<QueueRow>('queues')).map((r) => queueOf(r, members, known))),
        agents: byId(agents),
        flows: byId(await readFlows(trx)),
        prompts: byId((await living<PromptRow>('prompts')).map((r) => promptOf(r, files))),
        notReadyReasons: new Map((await readNotReadyReasons(trx)).map((r) => [r.code, r])),
        dispositions: byId(await readDispositions(trx)),
      };
    },
    { isolationLevel: 'repeatable read' },
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

const agentOf = (row: AgentRow, members: readonly MemberRow[], sealer: Sealer): AgentConfig => ({
  id: row.id as AgentId,
  name: row.name,
  number: row.number,
  pin: sealer.open(row.pin_sealed),
  queues: members.filter((m) => m.agent_id === row.id).map((m) => m.queue_id as QueueId),
  ...(row.extension_id === null ? {} : { extensionId: row.extension_id as ExtensionId }),
});

const queueOf = (
  row: QueueRow,
  members: readonly MemberRow[],
  agents: ReadonlySet<number>,
): QueueConfig => ({
  id: row.id,
  name: row.name,
  strategy: 'longest-idle',
  ringTimeoutMs: row.ring_timeout_s * 1000,
  wrapUpMs: row.wrap_up_s * 1000,
  maxWaitMs: row.max_wait_s * 1000,
  maxLength: row.max_length,
  overflow: json<Target>(row.overflow),
  leaveWhenEmpty: Boolean(row.leave_when_empty),
  musicClass: row.music_class,
  announceEveryMs: row.announce_every_s * 1000,
  record: Boolean(row.record),
  serviceLevelMs: row.service_level_s * 1000,
  members: members
    .filter((m) => m.queue_id === row.id && agents.has(m.agent_id))
    .map((m) => m.agent_id as AgentId),
  ...(row.announcement_prompt_id === null
    ? {}
    : { announcement: row.announcement_prompt_id as PromptId }),
});

const promptOf = (row: PromptRow, files: readonly PromptFileRow[]): PromptConfig => ({
  id: row.id,
  name: row.name,
  files: Object.fromEntries(
    files.filter((f) => f.prompt_id === row.id).map((f) => [f.language, f.hash]),
  ),
});
