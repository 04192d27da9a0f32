/**
 * Past results of agents by queue, from 0 to 100; worked out anew from the ledger.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('agent_results')) return;
  await knex.schema.createTable('agent_results', (t) => {
    t.integer('queue_id').unsigned().notNullable();
    t.integer('agent_id').unsigned().notNullable();
    t.specificType('result', 'TINYINT UNSIGNED').notNullable();
    t.integer('contacts').unsigned().notNullable();
    t.dateTime('computed_at', { precision: 3 }).notNullable();
    t.primary(['queue_id', 'agent_id']);
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('agent_results');
}
