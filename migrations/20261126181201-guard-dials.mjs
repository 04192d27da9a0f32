/**
 * Nobody is dialled twice at the same time: whoever dials a person or a number holds a row with its key until the result is
 * known. Campaigns have names of their own; leads are found by whom they are for and how much they matter.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('dial_guards')))
    await knex.schema.createTable('dial_guards', (t) => {
      // `contact:12` or `number:+442079460123`
      t.string('guarded', 40).primary();
      t.string('attempt_id', 26).notNullable().index();
    });
  const has = async (table, index) => {
    const [rows] = await knex.raw('SHOW INDEX FROM ?? WHERE Key_name = ?', [table, index]);
    return rows.length > 0;
  };
  if (!(await has('campaigns', 'campaigns_name_unique')))
    await knex.schema.alterTable('campaigns', (t) => {
      t.unique(['name'], { indexName: 'campaigns_name_unique' });
    });
  if (!(await has('leads', 'leads_due_index')))
    await knex.schema.alterTable('leads', (t) => {
      t.index(['campaign_id', 'state', 'agent_id', 'priority', 'next_at'], 'leads_due_index');
    });
  if (!(await has('attempts', 'attempts_result_index')))
    await knex.schema.alterTable('attempts', (t) => {
      t.index(['campaign_id', 'kind', 'result', 'at'], 'attempts_result_index');
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
