/**
 * Why a supervisor put an agent in a state, beside the change.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('agent_state_changes', 'note')))
    await knex.schema.alterTable('agent_state_changes', (t) => {
      t.string('note', 300);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  if (await knex.schema.hasColumn('agent_state_changes', 'note'))
    await knex.schema.alterTable('agent_state_changes', (t) => {
      t.dropColumn('note');
    });
}
