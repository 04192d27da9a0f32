/**
 * Regions and the prefixes of numbers that belong to them. Each step checks what is there, so that an interrupted run can
 * be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('regions')))
    await knex.schema.createTable('regions', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
    });
  if (!(await knex.schema.hasTable('region_prefixes')))
    await knex.schema.createTable('region_prefixes', (t) => {
      // `+8610`: plus and digits. A prefix belongs to one region, archived or not.
      t.string('prefix', 16).primary();
      t.integer('region_id').unsigned().notNullable().references('id').inTable('regions');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('region_prefixes');
  await knex.schema.dropTableIfExists('regions');
}
