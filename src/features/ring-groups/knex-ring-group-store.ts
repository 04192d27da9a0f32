import type { Knex } from 'knex';
import { RING_STRATEGIES } from '../../engines/reach/ring-plan.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId, RingGroupId } from '../../kernel/ids.js';
import type { RingMember } from '../../telephony/directory.js';
import type { NumberRange } from '../../telephony/other-pbx.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  otherPbxNumbers,
  readTarget,
  requireFreeNumber,
  requireTarget,
  type TableMapping,
} from '../configuration/index.js';
import type { PhoneOption, RingGroupStore } from './ring-group-store.js';
import type { RingGroupDraft, RingGroupSort, StoredRingGroup } from './ring-group.js';

interface RingGroupRow {
  readonly id: RingGroupId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly number: string | null;
  readonly strategy: string;
  readonly ring_s: number;
  readonly prefix: string;
  readonly confirms: number;
  readonly elsewhere: unknown;
}

interface MemberRow {
  readonly group_id: RingGroupId;
  readonly extension_id: ExtensionId | null;
  readonly number: string;
}

/** Members of each group, in their order. */
export async function readMembersOf(
  db: Knex,
  groups: readonly RingGroupId[],
): Promise<ReadonlyMap<RingGroupId, readonly RingMember[]>> {
  const rows = await db('ring_group_members')
    .whereIn('group_id', groups)
    .orderBy(['group_id', 'position'])
    .select<MemberRow[]>('group_id', 'extension_id', 'number');
  const members = new Map<RingGroupId, RingMember[]>();
  for (const { group_id, extension_id, number } of rows) {
    const member: RingMember =
      extension_id === null ? { kind: 'outside', number } : { kind: 'extension', id: extension_id };
    members.set(group_id, [...(members.get(group_id) ?? []), member]);
  }
  return members;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredRingGroup[]> {
  const all = rows as readonly RingGroupRow[];
  const members = await readMembersOf(
    db,
    all.map((row) => row.id),
  );
  return all.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    number: row.number ?? '',
    strategy: RING_STRATEGIES.find((one) => one === row.strategy) ?? 'all',
    ringS: row.ring_s,
    prefix: row.prefix,
    confirms: row.confirms === 1,
    members: members.get(row.id) ?? [],
    elsewhere: readTarget(row.elsewhere),
  }));
}

/** Locks extensions and target, so that they are still there when the group is saved. */
async function check(tx: Knex, { number, members, elsewhere }: RingGroupDraft): Promise<void> {
  if (number !== '') await requireFreeNumber(tx, 'ring-group', number);
  const ids = members.flatMap((member) => (member.kind === 'extension' ? [member.id] : []));
  const found = await tx('extensions')
    .whereIn('id', ids)
    .whereNull('archived_at')
    .orderBy('id')
    .forShare()
    .select<{ id: ExtensionId }[]>('id');
  if (found.length < ids.length)
    throw new AppError('invalid-fields', 'an extension is not there', [
      { field: 'members', message: 'ring-groups.problem.member-gone' },
    ]);
  await requireTarget(tx, elsewhere, 'elsewhere');
}

async function writeMembers(tx: Knex, id: RingGroupId, { members }: RingGroupDraft): Promise<void> {
  await tx('ring_group_members').where({ group_id: id }).del();
  if (members.length > 0)
    await tx('ring_group_members').insert(
      members.map((member, at) => ({
        group_id: id,
        position: at + 1,
        extension_id: member.kind === 'extension' ? member.id : null,
        number: member.kind === 'outside' ? member.number : '',
      })),
    );
}

const MAPPING: TableMapping<RingGroupId, RingGroupDraft, StoredRingGroup, RingGroupSort> = {
  table: 'ring_groups',
  searched: ['name', 'number', 'prefix'],
  sorts: { name: 'name', number: 'number', strategy: 'strategy', updated: 'updated_at' },
  uniques: { name: 'name', number: 'number' },
  columns: (draft) => ({
    name: draft.name,
    number: draft.number === '' ? null : draft.number,
    strategy: draft.strategy,
    ring_s: draft.ringS,
    prefix: draft.prefix,
    confirms: draft.confirms,
    elsewhere: JSON.stringify(draft.elsewhere),
  }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofRingGroup(id),
  check,
  writeParts: writeMembers,
};

/** Ring groups in MariaDB. */
export class KnexRingGroupStore
  extends KnexVersionedStore<RingGroupId, RingGroupDraft, StoredRingGroup, RingGroupSort>
  implements RingGroupStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async otherNumbers(): Promise<readonly NumberRange[]> {
    return (await otherPbxNumbers(this.db)).flatMap(({ ranges }) => ranges);
  }

  phones(): Promise<readonly PhoneOption[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .orderBy('number')
      .select<PhoneOption[]>('id', 'number', 'name');
  }
}
