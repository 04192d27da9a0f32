/**
 * What an agent hears on the phone who chooses a not-ready reason there: a prompt; its name is spoken where there is none.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('not_ready_reasons', 'prompt_id')))
    await knex.schema.alterTable('not_ready_reasons', (t) => {
      t.integer('prompt_id').unsigned().references('id').inTable('prompts');
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
