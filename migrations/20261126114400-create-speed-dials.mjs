/**
 * Short codes that stand for numbers: those of the company, and those of one extension.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('speed_dials')))
    await knex.schema.createTable('speed_dials', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('code', 3).notNullable().unique();
      t.string('name', 80).notNullable();
      t.string('number', 32).notNullable();
    });
  if (!(await knex.schema.hasTable('own_speed_dials')))
    await knex.schema.createTable('own_speed_dials', (t) => {
      t.integer('extension_id').unsigned().notNullable().references('id').inTable('extensions');
      t.string('code', 3).notNullable();
      t.string('name', 80).notNullable();
      t.string('number', 32).notNullable();
      t.primary(['extension_id', 'code']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('own_speed_dials');
  await knex.schema.dropTableIfExists('speed_dials');
}
