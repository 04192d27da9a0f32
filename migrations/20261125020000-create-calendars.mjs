/**
 * Calendars: when somebody is there. `weekly` is a list of { days, fromMinute, toMinute }, `exceptions` a list of
 * { name, from, to, yearly, periods }; both are read and written as a whole.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('calendars')) return;
  await knex.schema.createTable('calendars', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('archived_at', { precision: 3 });
    // Optimistic lock: a form saves only over the version that it showed.
    t.integer('version').unsigned().notNullable().defaultTo(1);
    t.string('name', 80).notNullable().unique();
    t.string('zone', 64).notNullable();
    t.json('weekly').notNullable();
    t.json('exceptions').notNullable();
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('calendars');
}
