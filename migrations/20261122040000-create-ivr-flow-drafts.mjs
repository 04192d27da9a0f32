/**
 * Drafts of IVR flows: one row a save, so that saves can be taken back and done again until the flow is published.
 * `undone` rows come after the current one. A flow that was never published has `published_version` 0.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('ivr_flow_drafts')) return;
  await knex.schema.createTable('ivr_flow_drafts', (t) => {
    t.increments('id');
    t.integer('flow_id').unsigned().notNullable().references('id').inTable('ivr_flows');
    t.json('definition').notNullable();
    t.boolean('undone').notNullable().defaultTo(false);
    t.integer('user_id').unsigned();
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('ivr_flow_drafts');
}
