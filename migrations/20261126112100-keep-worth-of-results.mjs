/**
 * What an agent's contacts were worth, beside the result drawn from them, so that pages can say how many were solved at
 * once. Empty until results are worked out again, at the start of the role `jobs`.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('agent_results', 'worth')))
    await knex.schema.alterTable('agent_results', (t) => {
      t.decimal('worth', 12, 3);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  if (await knex.schema.hasColumn('agent_results', 'worth'))
    await knex.schema.alterTable('agent_results', (t) => {
      t.dropColumn('worth');
    });
}
