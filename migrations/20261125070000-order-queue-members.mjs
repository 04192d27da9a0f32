/**
 * The order of a queue's members, for a fixed order and for taking turns. A member without a place comes after the others,
 * as does one whom the agent's own page adds. Can be repeated after an interrupted run.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('queue_members', 'position')) return;
  await knex.schema.alterTable('queue_members', (t) => {
    t.integer('position').unsigned();
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('queue_members', (t) => {
    t.dropColumn('position');
  });
}
