/**
 * What the flow of a notification ended with, in its own word: the variable `outcome`.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('attempts', 'outcome')))
    await knex.schema.alterTable('attempts', (t) => {
      t.string('outcome', 80).notNullable().defaultTo('');
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
