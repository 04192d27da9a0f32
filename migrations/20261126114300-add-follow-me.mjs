/**
 * Where calls to an extension ring besides its phone, one after the other or together: a list of numbers with times.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('call_handling', 'follow_me_on')) return;
  await knex.schema.alterTable('call_handling', (t) => {
    t.boolean('follow_me_on').notNullable().defaultTo(false);
    t.boolean('follow_me_confirms').notNullable().defaultTo(true);
    // [{ number, ringS, isTogether }]
    t.json('follow_me');
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('call_handling', (t) => {
    t.dropColumns('follow_me_on', 'follow_me_confirms', 'follow_me');
  });
}
