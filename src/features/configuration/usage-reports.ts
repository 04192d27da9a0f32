import type { Knex } from 'knex';
import { readConditions, readEffects } from '../../engines/routing/rule-schema.js';
import { thingsOf, type RuleThing } from '../../engines/routing/rule-things.js';
import type {
  AgentId,
  CalendarId,
  CampaignId,
  ConferenceId,
  ContactFieldId,
  ContactListId,
  DidId,
  ExtensionId,
  FlowId,
  LookupId,
  MusicId,
  QueueId,
  RegionId,
  RingGroupId,
  ScriptId,
  SkillId,
  SurveyId,
} from '../../kernel/ids.js';
import { campaignsNaming, campaignsOfQueue } from './knex-campaign-uses.js';
import { draftsNaming, flowsNaming } from './knex-flow-uses.js';
import { readSetting } from './knex-setting-store.js';
import { LIMIT_SETTING } from './limit-setting.js';
import { OPERATOR_SETTING } from './operator-setting.js';
import { isInRanges, type NumberRange } from '../../telephony/other-pbx.js';
import type { Target } from '../../telephony/directory.js';
import { readOverflows, readTarget, type OverflowColumns } from './target.js';
import type { Usage, UsageReports } from './usage.js';

/** What targets, steps and rules lead to. */
interface Owner {
  readonly kind: 'queue' | 'extension' | 'ring-group' | 'conference';
  readonly id: number;
  /** Only what leads to its mailbox. */
  readonly mailbox?: boolean;
}

interface TargetRow {
  readonly id: number;
  readonly name: string;
  readonly target: unknown;
}

/** A table whose rows ask for a skill on behalf of a row of another table. */
export interface SkillDemand {
  readonly kind: Usage['kind'];
  /** Has a column `skill_id`. */
  readonly table: string;
  /** Column of `table` with the id of whose demand it is. */
  readonly ownerColumn: string;
  /** Has `id`, `name` and `archived_at`; archived owners do not count. */
  readonly owners: string;
}

/**
 * Everything that can ask for a skill; a skill that is asked for cannot be archived. What is new needs a line here, and must
 * lock the skill for sharing when it begins to ask.
 */
const SKILL_DEMANDS: readonly SkillDemand[] = [
  { kind: 'queue-skill', table: 'queue_skills', ownerColumn: 'queue_id', owners: 'queues' },
];

/**
 * Reads who uses what from the tables. Give it the transaction that has locked the row in question: whoever begins to use
 * a row locks it for sharing first (`requireTarget`), so that what is seen then stays true.
 */
export class KnexUsageReports implements UsageReports {
  constructor(
    private readonly db: Knex,
    private readonly skillDemands = SKILL_DEMANDS,
  ) {}

  async ofQueue(id: QueueId): Promise<readonly Usage[]> {
    return [
      ...(await this.#routesTo({ kind: 'queue', id })),
      ...(await this.#rules('queue', id)),
      ...(await this.#hooks('queues', id)),
      ...(await campaignsOfQueue(this.db, id)),
      ...(await this.#openCallbacks(id)),
    ];
  }

  ofAgent(id: AgentId): Promise<readonly Usage[]> {
    return this.#rules('agent', id);
  }

  async ofDid(id: DidId): Promise<readonly Usage[]> {
    return [
      ...(await flowsNaming(this.db, { kind: 'did', id })),
      ...(await this.#rules('did', id)),
      ...(await this.#hooks('dids', id)),
    ];
  }

  async ofMusic(id: MusicId): Promise<readonly Usage[]> {
    const queues = await this.#queuesWith({ music_id: id });
    return queues.map((row): Usage => ({ kind: 'queue-music', ...row }));
  }

  async ofSurvey(id: SurveyId): Promise<readonly Usage[]> {
    const queues = await this.#queuesWith({ survey_id: id });
    return [
      ...queues.map((row): Usage => ({ kind: 'queue-survey', ...row })),
      ...(await flowsNaming(this.db, { kind: 'survey', id })),
    ];
  }

  async ofScript(id: ScriptId): Promise<readonly Usage[]> {
    const queues = await this.#queuesWith({ script_id: id });
    const campaigns = await this.db('campaigns')
      .whereRaw("JSON_VALUE(settings, '$.scriptId') = ?", [id])
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    return [
      ...queues.map((row): Usage => ({ kind: 'queue-script', ...row })),
      ...campaigns.map((row): Usage => ({ kind: 'campaign', ...row })),
    ];
  }

  ofRegion(id: RegionId): Promise<readonly Usage[]> {
    return this.#rules('region', id);
  }

  async ofExtension(id: ExtensionId): Promise<readonly Usage[]> {
    const agents = await this.db('agents')
      .where({ extension_id: id })
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    const groups = await this.db('ring_groups')
      .whereIn('id', this.db('ring_group_members').where({ extension_id: id }).select('group_id'))
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    const paged = await this.db('paging_groups')
      .whereIn('id', this.db('paging_group_members').where({ extension_id: id }).select('group_id'))
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    const routes = await this.#routesTo({ kind: 'extension', id });
    return [
      ...routes,
      ...agents.map((row): Usage => ({ kind: 'agent', ...row })),
      ...groups.map((row): Usage => ({ kind: 'ring-group-member', ...row })),
      ...paged.map((row): Usage => ({ kind: 'paging-group', ...row })),
    ];
  }

  ofRingGroup(id: RingGroupId): Promise<readonly Usage[]> {
    return this.#routesTo({ kind: 'ring-group', id });
  }

  ofMailbox(id: ExtensionId): Promise<readonly Usage[]> {
    return this.#routesTo({ kind: 'extension', id, mailbox: true });
  }

  async ofCalendar(id: CalendarId): Promise<readonly Usage[]> {
    const queues = await this.#queuesWith({ calendar_id: id });
    return [
      ...queues.map((row): Usage => ({ kind: 'queue', ...row })),
      ...(await flowsNaming(this.db, { kind: 'calendar', id })),
      ...(await this.#rules('calendar', id)),
      ...(await campaignsNaming(this.db, 'holidays', id)),
    ];
  }

  ofConnection(id: LookupId): Promise<readonly Usage[]> {
    return flowsNaming(this.db, { kind: 'connection', id });
  }

  ofContactField(id: ContactFieldId): Promise<readonly Usage[]> {
    return this.#rules('contact-field', id);
  }

  async ofContactList(id: ContactListId): Promise<readonly Usage[]> {
    const campaigns = await this.db('campaign_sources as s')
      .join('campaigns as c', 'c.id', 's.campaign_id')
      .where('s.list_id', id)
      .whereNull('c.archived_at')
      .orderBy(['c.name', 'c.id'])
      .distinct<{ id: number; name: string }[]>('c.id', 'c.name');
    return [
      ...campaigns.map((row): Usage => ({ kind: 'campaign', ...row })),
      ...(await this.#rules('contact-list', id)),
    ];
  }

  async ofPbxNumbers(ranges: readonly NumberRange[]): Promise<readonly Usage[]> {
    const leads = ({ target }: { readonly target: unknown }): boolean => {
      const read = readTarget(target);
      return read.kind === 'pbx' && isInRanges(ranges, read.number);
    };
    const [dids, queues, groups] = await Promise.all([
      this.#targetRows('dids', 'target', 'number'),
      this.#overflowRows(),
      this.#targetRows('ring_groups', 'elsewhere', 'name'),
    ]);
    const used = (kind: Usage['kind'], rows: readonly TargetRow[]) =>
      rows.filter(leads).map(({ id, name }): Usage => ({ kind, id, name }));
    return [...used('did', dids), ...used('queue', queues), ...used('ring-group', groups)];
  }

  async ofCampaign(id: CampaignId): Promise<readonly Usage[]> {
    const named = { kind: 'campaign', id } as const;
    const published = await flowsNaming(this.db, named);
    const known = new Set(published.map((flow) => flow.id));
    const drafts = await draftsNaming(this.db, named);
    return [...published, ...drafts.filter((flow) => !known.has(flow.id))];
  }

  ofRoom(id: ConferenceId): Promise<readonly Usage[]> {
    return this.#routesTo({ kind: 'conference', id });
  }

  async ofSkill(id: SkillId): Promise<readonly Usage[]> {
    const found = await Promise.all(
      this.skillDemands.map(async ({ kind, table, ownerColumn, owners }) => {
        const rows = await this.db(owners)
          .whereIn('id', this.db(table).where({ skill_id: id }).select(ownerColumn))
          .whereNull('archived_at')
          .orderBy('name')
          .select<{ id: number; name: string }[]>('id', 'name');
        return rows.map((row): Usage => ({ kind, ...row }));
      }),
    );
    return [
      ...found.flat(),
      ...(await flowsNaming(this.db, { kind: 'skill', id })),
      ...(await this.#rules('skill', id)),
    ];
  }

  /** Flows that enter it as a sub-flow, campaigns that speak by it, and busy times. */
  async ofSubFlow(id: FlowId): Promise<readonly Usage[]> {
    return [
      ...(await flowsNaming(this.db, { kind: 'flow', id })),
      ...(await campaignsNaming(this.db, 'flow', id)),
      ...(await this.#busyTimes((target) => target.kind === 'flow' && target.id === id)),
    ];
  }

  /** Routing rules that name it, also those that are switched off: they can be switched on again. */
  async #rules(kind: RuleThing, id: number): Promise<readonly Usage[]> {
    const rules = await this.db('routing_rules')
      .whereNull('archived_at')
      .orderBy(['position', 'id'])
      .select<{ id: number; name: string; conditions: unknown; effects: unknown }[]>(
        'id',
        'name',
        'conditions',
        'effects',
      );
    return rules
      .filter((rule) =>
        thingsOf({
          conditions: readConditions(parsed(rule.conditions)),
          effects: readEffects(parsed(rule.effects)),
        }).some((thing) => thing.kind === kind && thing.id === id),
      )
      .map((rule): Usage => ({ kind: 'routing-rule', id: rule.id, name: rule.name }));
  }

  /** Callbacks are made by the members of their queue: without it nobody would call. */
  async #openCallbacks(id: QueueId): Promise<readonly Usage[]> {
    const row = (await this.db('callbacks')
      .where({ queue_id: id })
      .whereIn('state', ['waiting', 'calling'])
      .count({ n: '*' })
      .first()) as { n: number | string };
    const count = Number(row.n);
    return count === 0 ? [] : [{ kind: 'callbacks', id, name: '', count }];
  }

  #queuesWith(
    columns: Readonly<Record<string, number>>,
  ): Promise<readonly { readonly id: number; readonly name: string }[]> {
    return this.db('queues')
      .where(columns)
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
  }

  /** Hooks that are asked about calls of it, also those that are switched off. */
  async #hooks(column: 'dids' | 'queues', id: number): Promise<readonly Usage[]> {
    const hooks = await this.db('routing_hooks')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string; named: unknown }[]>({
        id: 'id',
        name: 'name',
        named: column,
      });
    return hooks
      .filter((hook) => (parsed(hook.named) as readonly number[]).includes(id))
      .map((hook): Usage => ({ kind: 'hook', id: hook.id, name: hook.name }));
  }

  async #routesTo(owner: Owner): Promise<readonly Usage[]> {
    const [dids, queues, groups, trunks, flows] = await Promise.all([
      this.#targets('dids', 'target', 'number', owner),
      this.#overflows(owner),
      this.#targets('ring_groups', 'elsewhere', 'name', owner),
      this.#targets('trunks', 'pbx_elsewhere', 'name', owner),
      flowsNaming(
        this.db,
        owner.kind === 'conference'
          ? { kind: 'room', id: owner.id }
          : { ...owner, kind: owner.kind },
      ),
    ]);
    const others = <Row extends { id: number }>(kind: Owner['kind'], rows: readonly Row[]) =>
      rows.filter((row) => owner.kind !== kind || row.id !== owner.id);
    return [
      ...dids.map((row): Usage => ({ kind: 'did', ...row })),
      ...others('queue', queues).map((row): Usage => ({ kind: 'queue', ...row })),
      ...others('ring-group', groups).map((row): Usage => ({ kind: 'ring-group', ...row })),
      ...trunks.map((row): Usage => ({ kind: 'trunk', ...row })),
      ...flows,
      ...(await this.#operator(owner)),
      ...(await this.#busyTimes((target) => leadsTo(target, owner))),
    ];
  }

  async #operator(owner: Owner): Promise<readonly Usage[]> {
    const { number, target } = (await readSetting(this.db, OPERATOR_SETTING)).value;
    return target !== undefined && leadsTo(target, owner)
      ? [{ kind: 'operator', id: 1, name: number }]
      : [];
  }

  /** Where callers come while all lines are full. */
  async #busyTimes(leads: (target: Target) => boolean): Promise<readonly Usage[]> {
    const { busyTarget } = (await readSetting(this.db, LIMIT_SETTING)).value;
    return busyTarget !== undefined && leads(busyTarget)
      ? [{ kind: 'limits', id: 1, name: '' }]
      : [];
  }

  async #targets(table: string, column: string, nameColumn: string, owner: Owner) {
    const rows = await this.#targetRows(table, column, nameColumn);
    return rows
      .filter((row) => leadsTo(row.target, owner))
      .map((row) => ({ id: row.id, name: row.name }));
  }

  /** Queues that send callers there for any reason, each once. */
  async #overflows(owner: Owner) {
    const rows = await this.#overflowRows();
    const led = rows.filter((row) => leadsTo(row.target, owner));
    return [...new Map(led.map(({ id, name }) => [id, { id, name }])).values()];
  }

  /** A row for each target of each queue. */
  async #overflowRows(): Promise<readonly TargetRow[]> {
    const rows = await this.db('queues')
      .whereNull('archived_at')
      .orderBy('name')
      .select<(OverflowColumns & { readonly id: number; readonly name: string })[]>(
        'id',
        'name',
        'overflow',
        'overflow_for',
      );
    return rows.flatMap((row) =>
      readOverflows(row).map((target) => ({ id: row.id, name: row.name, target })),
    );
  }

  #targetRows(table: string, column: string, nameColumn: string): Promise<readonly TargetRow[]> {
    return this.db(table)
      .whereNull('archived_at')
      .whereNotNull(column)
      .orderBy(nameColumn)
      .select<TargetRow[]>({ id: 'id', name: nameColumn, target: column });
  }
}

function leadsTo(column: unknown, owner: Owner): boolean {
  const target = readTarget(column);
  if (target.kind === 'voicemail')
    return (
      (owner.kind === 'queue' && target.queueId === owner.id) ||
      (owner.kind === 'extension' && target.extensionId === owner.id)
    );
  if (owner.mailbox === true) return false;
  return target.kind === owner.kind && 'id' in target && target.id === owner.id;
}

/** A column of JSON, which the driver may have read already. */
const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;
