/**
 * Tests of IVR flows, as they are written in the page: they run before publishing. `version` counts saves.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('flow_tests')))
    await knex.schema.createTable('flow_tests', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.integer('flow_id').unsigned().notNullable().references('id').inTable('ivr_flows');
      t.json('definition').notNullable();
    });
  if (!(await knex.schema.hasColumn('ivr_flow_versions', 'note')))
    await knex.schema.alterTable('ivr_flow_versions', (t) => {
      t.string('note', 500).notNullable().defaultTo('');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('ivr_flow_versions', (t) => {
    t.dropColumn('note');
  });
  await knex.schema.dropTableIfExists('flow_tests');
}
