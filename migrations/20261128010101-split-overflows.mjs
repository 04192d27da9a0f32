/**
 * A queue may send callers elsewhere for each reason: closed, nobody signed in, the line full, the wait over. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  // { closed?: target, empty?: target, full?: target, late?: target }; what is absent goes to `overflow`.
  if (!(await knex.schema.hasColumn('queues', 'overflow_for')))
    await knex.schema.alterTable('queues', (t) => {
      t.json('overflow_for');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('queues', (t) => {
    t.dropColumn('overflow_for');
  });
}
