/**
 * Costs have sums by agent, too: all of them are made anew. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex('report_marks').insert({ marked: 'rates', from_at: new Date(0), to_at: new Date() });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex('sums_costs').where('subject', 'agent').delete();
}
