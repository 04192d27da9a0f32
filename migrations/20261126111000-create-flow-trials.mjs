/**
 * Test calls of drafts of IVR flows, with the steps as they were when the phone rang. Rows go after a day.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('flow_trials')) return;
  await knex.schema.createTable('flow_trials', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3)).index();
    t.integer('flow_id').unsigned().notNullable().references('id').inTable('ivr_flows');
    t.integer('user_id').unsigned().references('id').inTable('users').onDelete('SET NULL');
    t.json('definition').notNullable();
    // Number of the phone that rings.
    t.string('extension', 20).notNullable();
    // What the call pretends: '' and null for nothing.
    t.string('to_number', 64).notNullable();
    t.string('from_number', 64).notNullable();
    t.string('from_name', 120).notNullable();
    t.dateTime('moment', { precision: 3 });
    t.boolean('hands_over').notNullable();
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('flow_trials');
}
