/**
 * The messages of a queue's box may light the lamps of the phones of those who hear them. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('mailboxes', 'lights_lamps')))
    await knex.schema.alterTable('mailboxes', (t) => {
      t.boolean('lights_lamps').notNullable().defaultTo(false);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('mailboxes', (t) => {
    t.dropColumn('lights_lamps');
  });
}
