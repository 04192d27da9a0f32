import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { NotReadyReasonId, PromptId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, requireRow, type TableMapping } from '../configuration/index.js';
import type { NameOption, NotReadyReasonStore } from './not-ready-reason-store.js';
import {
  codeFor,
  type NotReadyReasonDraft,
  type ReasonIcon,
  type ReasonSort,
  type StoredNotReadyReason,
} from './not-ready-reason.js';

const TABLE = 'not_ready_reasons';

interface ReasonRow {
  readonly id: NotReadyReasonId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly code: string;
  readonly name_en: string;
  readonly name_zh: string;
  readonly icon: ReasonIcon;
  readonly position: number;
  readonly limit_min: number;
  readonly day_limit_min: number;
  readonly agents_may_choose: number;
  readonly digit: string | null;
  readonly prompt_id: PromptId | null;
  readonly active: number;
}

const stored = (row: ReasonRow): StoredNotReadyReason => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  code: row.code,
  nameEn: row.name_en,
  nameZh: row.name_zh,
  icon: row.icon,
  position: row.position,
  limitMin: row.limit_min,
  dayLimitMin: row.day_limit_min,
  agentsMayChoose: row.agents_may_choose === 1,
  digit: row.digit ?? '',
  prompt: row.prompt_id ?? undefined,
  active: row.active === 1,
});

/** Gives a new row its code; rows that have one keep it. */
async function writeCode(
  tx: Knex,
  id: NotReadyReasonId,
  draft: NotReadyReasonDraft,
): Promise<void> {
  const rows = await tx(TABLE)
    .forUpdate()
    .select<{ id: NotReadyReasonId; code: string | null }[]>('id', 'code');
  if (rows.find((row) => row.id === id)?.code !== null) return;
  const code = codeFor(draft.nameEn, (wanted) => rows.some((row) => row.code === wanted));
  await tx(TABLE).where({ id }).update({ code });
}

const MAPPING: TableMapping<
  NotReadyReasonId,
  NotReadyReasonDraft,
  StoredNotReadyReason,
  ReasonSort
> = {
  table: TABLE,
  searched: ['name_en', 'name_zh', 'code'],
  sorts: { position: 'position', name: 'name_en', updated: 'updated_at' },
  uniques: { name_en: 'nameEn', name_zh: 'nameZh', digit: 'digit' },
  columns: (draft) => ({
    name_en: draft.nameEn,
    name_zh: draft.nameZh,
    icon: draft.icon,
    position: draft.position,
    limit_min: draft.limitMin,
    day_limit_min: draft.dayLimitMin,
    agents_may_choose: draft.agentsMayChoose,
    digit: draft.digit === '' ? null : draft.digit,
    prompt_id: draft.prompt ?? null,
    active: draft.active,
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly ReasonRow[]).map(stored)),
  check: (tx, draft) =>
    requireRow(
      tx,
      'prompts',
      draft.prompt,
      new AppError('invalid-fields', 'the prompt is not there', [
        { field: 'prompt', message: 'not-ready-reasons.problem.prompt-gone' },
      ]),
    ),
  writeParts: writeCode,
};

/** Not-ready reasons in MariaDB. */
export class KnexNotReadyReasonStore
  extends KnexVersionedStore<
    NotReadyReasonId,
    NotReadyReasonDraft,
    StoredNotReadyReason,
    ReasonSort
  >
  implements NotReadyReasonStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  nameOptions(): Promise<readonly NameOption[]> {
    return this.db('prompts')
      .whereNull('archived_at')
      .orderBy('name')
      .select<NameOption[]>('id', 'name');
  }
}
