/**
 * Dispositions may have a key that agents dial on their desk phones. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('dispositions', 'phone_key')))
    await knex.schema.alterTable('dispositions', (t) => {
      t.string('phone_key', 3).unique();
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('dispositions', (t) => {
    t.dropColumn('phone_key');
  });
}
