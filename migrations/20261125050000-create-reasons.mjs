/** Every company begins with these; `code` is what agents' states and reports carry. */
const FIRST_REASONS = [
  { code: 'break', name_en: 'Break', name_zh: '小休', icon: 'coffee', limit_min: 15 },
  { code: 'lunch', name_en: 'Lunch', name_zh: '用餐', icon: 'tools-kitchen-2', day_limit_min: 60 },
  { code: 'training', name_en: 'Training', name_zh: '培训', icon: 'school' },
  { code: 'meeting', name_en: 'Meeting', name_zh: '会议', icon: 'users' },
];

/**
 * Why agents are not ready, as an administrator names it. Limits are in minutes; 0 is without limit.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('not_ready_reasons')))
    await knex.schema.createTable('not_ready_reasons', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      // Never changes once it is set: stored states name it.
      t.string('code', 64).unique();
      t.string('name_en', 40).notNullable().unique();
      t.string('name_zh', 40).notNullable().unique();
      t.string('icon', 32).notNullable();
      t.integer('position').unsigned().notNullable().defaultTo(0);
      t.integer('limit_min').unsigned().notNullable().defaultTo(0);
      t.integer('day_limit_min').unsigned().notNullable().defaultTo(0);
      t.boolean('agents_may_choose').notNullable().defaultTo(true);
      t.string('digit', 1).unique();
      t.boolean('active').notNullable().defaultTo(true);
    });
  for (const [at, reason] of FIRST_REASONS.entries()) {
    const known = await knex('not_ready_reasons').where('code', reason.code).first('id');
    if (known !== undefined) continue;
    await knex('not_ready_reasons').insert({
      limit_min: 0,
      day_limit_min: 0,
      ...reason,
      position: (at + 1) * 10,
      digit: String(at + 1),
    });
  }
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('not_ready_reasons');
}
