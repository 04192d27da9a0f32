/**
 * Promised calls are tried again later, and say which attempt they were taken up with; an attempt that was none says why.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const add = async (table, column, build) => {
    if (!(await knex.schema.hasColumn(table, column)))
      await knex.schema.alterTable(table, (t) => {
        build(t);
      });
  };
  // Not called before, where that is later than it is due.
  await add('follow_ups', 'not_before', (t) => t.dateTime('not_before', { precision: 3 }));
  await add('follow_ups', 'attempt_id', (t) => t.string('attempt_id', 26).index());
  // Why an agent did not call: a code.
  await add('attempts', 'note', (t) => t.string('note', 40).notNullable().defaultTo(''));
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
