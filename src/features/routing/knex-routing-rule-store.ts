import type { Knex } from 'knex';
import { readConditions, readEffects } from '../../engines/routing/rule-schema.js';
import { thingsOf, type RuleThing } from '../../engines/routing/rule-things.js';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { RoutingRuleId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  inTransaction,
  KnexVersionedStore,
  lockNamed,
  type TableMapping,
} from '../configuration/index.js';
import type { RoutingRuleStore } from './routing-rule-store.js';
import type {
  MoveDirection,
  RoutingRuleDraft,
  RuleSort,
  StoredRoutingRule,
} from './routing-rule.js';

const TABLE = 'routing_rules';

interface RuleRow {
  readonly id: RoutingRuleId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly enabled: number;
  readonly conditions: unknown;
  readonly effects: unknown;
}

interface PlacedRow {
  readonly id: RoutingRuleId;
  readonly name: string;
  readonly position: number;
}

const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

const stored = (row: RuleRow): StoredRoutingRule => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  name: row.name,
  enabled: row.enabled === 1,
  conditions: readConditions(parsed(row.conditions)),
  effects: readEffects(parsed(row.effects)),
});

/** A new rule (position 0) becomes the last. */
async function place(tx: Knex, id: RoutingRuleId): Promise<void> {
  const last = await tx(TABLE).max<{ last: number | null }[]>({ last: 'position' });
  await tx(TABLE)
    .where({ id, position: 0 })
    .update({ position: (last[0]?.last ?? 0) + 1 });
}

/** In this order they are locked, as everywhere: agents before queues. */
const TABLES: readonly (readonly [RuleThing, string])[] = [
  ['agent', 'agents'],
  ['did', 'dids'],
  ['queue', 'queues'],
  ['region', 'regions'],
  ['calendar', 'calendars'],
  ['skill', 'skills'],
  ['contact-list', 'contact_lists'],
  ['contact-field', 'contact_fields'],
];

/** Locks what the rule names, so that it is still there when the rule is saved. */
async function check(tx: Knex, draft: RoutingRuleDraft): Promise<void> {
  const things = thingsOf(draft);
  for (const [kind, table] of TABLES) {
    const named = things.filter((thing) => thing.kind === kind);
    const missing = await lockNamed(
      tx,
      table,
      named.map((thing) => thing.id),
    );
    const gone = named.find((thing) => thing.id === missing);
    if (gone !== undefined)
      throw new AppError('invalid-fields', `${kind} ${String(gone.id)} is not there`, [
        { field: gone.place, message: `routing.problem.unknown-${kind}` },
      ]);
  }
}

const MAPPING: TableMapping<RoutingRuleId, RoutingRuleDraft, StoredRoutingRule, RuleSort> = {
  table: TABLE,
  searched: ['name'],
  sorts: { position: 'position', name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  defaults: { position: '0' },
  columns: (draft) => ({
    name: draft.name,
    enabled: draft.enabled,
    conditions: JSON.stringify(draft.conditions),
    effects: JSON.stringify(draft.effects),
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly RuleRow[]).map(stored)),
  check,
  writeParts: place,
};

/** Routing rules in MariaDB. */
export class KnexRoutingRuleStore
  extends KnexVersionedStore<RoutingRuleId, RoutingRuleDraft, StoredRoutingRule, RuleSort>
  implements RoutingRuleStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  move(actor: Actor, id: RoutingRuleId, direction: MoveDirection): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const rows: PlacedRow[] = await tx(TABLE)
        .whereNull('archived_at')
        .orderBy(['position', 'id'])
        .forUpdate()
        .select('id', 'name', 'position');
      const from = rows.findIndex((row) => row.id === id);
      const to = from + (direction === 'up' ? -1 : 1);
      const [moved, other] = [rows[from], rows[to]];
      if (moved === undefined) throw new AppError('not-found', `no rule ${String(id)}`);
      if (other === undefined) return false;
      rows[from] = other;
      rows[to] = moved;
      for (const [at, row] of rows.entries())
        if (row.position !== at + 1)
          await tx(TABLE)
            .where({ id: row.id })
            .update({ position: at + 1 });
      await this.auditLog(tx).record(actor, {
        action: 'routing-rule.change',
        objectKind: 'routing-rule',
        objectId: String(id),
        objectName: moved.name,
        changes: { place: [from + 1, to + 1] },
      });
      return true;
    });
  }
}
