/**
 * Which codecs a phone is offered, in order, and how its keys travel. Null: every codec that there is.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('extensions', 'codecs')) return;
  await knex.schema.alterTable('extensions', (t) => {
    t.json('codecs');
    t.string('dtmf', 10).notNullable().defaultTo('auto');
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('extensions', (t) => {
    t.dropColumns('codecs', 'dtmf');
  });
}
