import type { Knex } from 'knex';
import type { NotReadyReasonId, PromptId } from '../../kernel/ids.js';
import type { NotReadyReasonConfig } from '../../telephony/directory.js';

interface NotReadyReasonRow {
  readonly id: NotReadyReasonId;
  readonly code: string;
  readonly name_en: string;
  readonly name_zh: string;
  readonly icon: string;
  readonly position: number;
  readonly limit_min: number;
  readonly day_limit_min: number;
  readonly agents_may_choose: number;
  readonly digit: string | null;
  readonly prompt_id: PromptId | null;
  readonly active: number;
  readonly archived_at: Date | null;
}

const MINUTE_MS = 60_000;

/** Reasons in their order, archived ones too: states that were stored name them. */
export async function readNotReadyReasons(db: Knex): Promise<readonly NotReadyReasonConfig[]> {
  const rows = await db('not_ready_reasons')
    .whereNotNull('code')
    .orderBy(['position', 'id'])
    .select<NotReadyReasonRow[]>('*');
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    names: { en: row.name_en, 'zh-CN': row.name_zh },
    icon: row.icon,
    position: row.position,
    limitMs: row.limit_min * MINUTE_MS,
    dayLimitMs: row.day_limit_min * MINUTE_MS,
    agentsMayChoose: Boolean(row.agents_may_choose),
    digit: row.digit ?? '',
    ...(row.prompt_id === null ? {} : { prompt: row.prompt_id }),
    isActive: Boolean(row.active) && row.archived_at === null,
  }));
}
