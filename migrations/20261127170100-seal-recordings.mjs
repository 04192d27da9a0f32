/**
 * With which key a stored recording is sealed; '' for one that is kept as it was encoded. Keys themselves are in a file, never here.
 * Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('recordings', 'key_id')))
    await knex.schema.alterTable('recordings', (t) => {
      t.string('key_id', 16).notNullable().defaultTo('').collate('ascii_bin');
      t.index(['state', 'key_id', 'id'], 'recordings_sealing');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('recordings', (t) => {
    t.dropIndex([], 'recordings_sealing');
    t.dropColumn('key_id');
  });
}
