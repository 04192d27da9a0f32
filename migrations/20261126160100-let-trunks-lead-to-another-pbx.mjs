/**
 * A trunk may lead to another telephone system instead of a carrier: the numbers that live there, how far its phones may dial
 * through us, and where callers go while it does not answer. Null for a carrier's.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('trunks', 'pbx_ranges')) return;
  await knex.schema.alterTable('trunks', (t) => {
    // [{ from, to }], numbers as text.
    t.json('pbx_ranges');
    t.string('pbx_permission', 16);
    t.json('pbx_elsewhere');
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('trunks', (t) => {
    t.dropColumns('pbx_ranges', 'pbx_permission', 'pbx_elsewhere');
  });
}
