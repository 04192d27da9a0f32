/**
 * Phones with the same pickup group may take each other's ringing calls; '' is none.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('call_handling', 'pickup_group')) return;
  await knex.schema.alterTable('call_handling', (t) => {
    t.string('pickup_group', 40).notNullable().defaultTo('');
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('call_handling', (t) => {
    t.dropColumn('pickup_group');
  });
}
