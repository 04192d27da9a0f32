import type { Knex } from 'knex';
import { z } from 'zod';
import { readConditions, readEffects } from '../../engines/routing/rule-schema.js';
import { thingsOf, type RuleThing } from '../../engines/routing/rule-things.js';
import type {
  AgentId,
  CalendarId,
  ConferenceId,
  DidId,
  ExtensionId,
  LookupId,
  MusicId,
  QueueId,
  RegionId,
  SkillId,
} from '../../kernel/ids.js';
import { readTarget } from './target.js';
import type { Usage, UsageReports } from './usage.js';

/** What a step of a flow can name. */
interface Named {
  readonly kind: 'queue' | 'extension' | 'calendar' | 'connection' | 'room';
  readonly mailbox?: boolean;
  readonly id: number;
}

/** What a target can lead to. */
interface Owner extends Named {
  readonly kind: 'queue' | 'extension';
  /** Only targets and steps of kind voicemail. */
  readonly mailbox?: boolean;
}

/** Of a step only what it routes to is of interest here; which kinds there are is the flow's own business. */
const routedSteps = z.object({
  steps: z.record(
    z.string(),
    z
      .looseObject({
        kind: z.unknown(),
        queue: z.unknown(),
        extension: z.unknown(),
        calendar: z.unknown(),
        connection: z.unknown(),
        room: z.unknown(),
        extensions: z.unknown(),
      })
      .partial(),
  ),
});

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
    return [...(await this.#routesTo({ kind: 'queue', id })), ...(await this.#rules('queue', id))];
  }

  ofAgent(id: AgentId): Promise<readonly Usage[]> {
    return this.#rules('agent', id);
  }

  ofDid(id: DidId): Promise<readonly Usage[]> {
    return this.#rules('did', id);
  }

  async ofMusic(id: MusicId): Promise<readonly Usage[]> {
    const queues = await this.db('queues')
      .where({ music_id: id })
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    return queues.map((row): Usage => ({ kind: 'queue-music', ...row }));
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
    const routes = await this.#routesTo({ kind: 'extension', id });
    return [...routes, ...agents.map((row): Usage => ({ kind: 'agent', ...row }))];
  }

  ofMailbox(id: ExtensionId): Promise<readonly Usage[]> {
    return this.#routesTo({ kind: 'extension', id, mailbox: true });
  }

  async ofCalendar(id: CalendarId): Promise<readonly Usage[]> {
    const queues = await this.db('queues')
      .where({ calendar_id: id })
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: number; name: string }[]>('id', 'name');
    const flows = await this.#flows({ kind: 'calendar', id });
    return [
      ...queues.map((row): Usage => ({ kind: 'queue', ...row })),
      ...flows.map((row): Usage => ({ kind: 'flow', ...row })),
      ...(await this.#rules('calendar', id)),
    ];
  }

  async ofConnection(id: LookupId): Promise<readonly Usage[]> {
    const flows = await this.#flows({ kind: 'connection', id });
    return flows.map((row): Usage => ({ kind: 'flow', ...row }));
  }

  async ofRoom(id: ConferenceId): Promise<readonly Usage[]> {
    const flows = await this.#flows({ kind: 'room', id });
    return flows.map((row): Usage => ({ kind: 'flow', ...row }));
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
    return [...found.flat(), ...(await this.#rules('skill', id))];
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

  async #routesTo(owner: Owner): Promise<readonly Usage[]> {
    const [dids, queues, flows] = await Promise.all([
      this.#targets('dids', 'target', 'number', owner),
      this.#targets('queues', 'overflow', 'name', owner),
      this.#flows(owner),
    ]);
    const own = (row: { id: number }): boolean => owner.kind === 'queue' && row.id === owner.id;
    return [
      ...dids.map((row): Usage => ({ kind: 'did', ...row })),
      ...queues.filter((row) => !own(row)).map((row): Usage => ({ kind: 'queue', ...row })),
      ...flows.map((row): Usage => ({ kind: 'flow', ...row })),
    ];
  }

  async #targets(table: string, column: string, nameColumn: string, owner: Owner) {
    const rows = await this.db(table).whereNull('archived_at').orderBy(nameColumn).select<
      {
        id: number;
        name: string;
        target: unknown;
      }[]
    >({ id: 'id', name: nameColumn, target: column });
    return rows
      .filter((row) => leadsTo(row.target, owner))
      .map((row) => ({ id: row.id, name: row.name }));
  }

  async #flows(owner: Named) {
    const rows = await this.db('ivr_flows')
      .join('ivr_flow_versions', (on) => {
        on.on('ivr_flow_versions.flow_id', 'ivr_flows.id').andOn(
          'ivr_flow_versions.flow_version',
          'ivr_flows.published_version',
        );
      })
      .whereNull('ivr_flows.archived_at')
      .orderBy('ivr_flows.name')
      .select<
        {
          id: number;
          name: string;
          definition: unknown;
        }[]
      >('ivr_flows.id', 'ivr_flows.name', 'ivr_flow_versions.definition');
    return rows
      .filter((row) => routesTo(row.definition, owner))
      .map((row) => ({ id: row.id, name: row.name }));
  }
}

function leadsTo(column: unknown, owner: Owner): boolean {
  const target = readTarget(column);
  if (target.kind === 'voicemail')
    return (owner.kind === 'queue' ? target.queueId : target.extensionId) === owner.id;
  if (owner.mailbox === true) return false;
  return target.kind === owner.kind && 'id' in target && target.id === owner.id;
}

/** A column of JSON, which the driver may have read already. */
const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

function routesTo(definition: unknown, owner: Named): boolean {
  return Object.values(routedSteps.parse(parsed(definition)).steps).some(
    (step) => names(step, owner) && (owner.mailbox !== true || step.kind === 'voicemail'),
  );
}

/** A step has a field of the name of what it leads to; ring groups have a list of extensions. */
function names(
  step: Readonly<Partial<Record<Named['kind'] | 'extensions', unknown>>>,
  { kind, id }: Named,
): boolean {
  const group = kind === 'extension' ? step.extensions : undefined;
  return step[kind] === id || (Array.isArray(group) && group.includes(id));
}
