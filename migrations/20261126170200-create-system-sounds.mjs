/**
 * The company's own sounds of what the switchboard itself says, in place of those that its voice speaks.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('system_sounds')) return;
  await knex.schema.createTable('system_sounds', (t) => {
    t.string('name', 40).notNullable();
    t.string('language', 10).notNullable();
    t.string('hash', 64).notNullable();
    t.integer('duration_ms').unsigned().notNullable();
    t.string('made_by', 80).notNullable();
    t.dateTime('made_at', { precision: 3 }).notNullable();
    t.primary(['name', 'language']);
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('system_sounds');
}
