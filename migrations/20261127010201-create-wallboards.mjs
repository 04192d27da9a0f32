/**
 * Wallboards: figures that a room sees, and the links by which a screen shows them without signing in.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('wallboards')))
    await knex.schema.createTable('wallboards', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.string('language', 8).notNullable();
      t.string('theme', 8).notNullable();
      t.string('agent_names', 16).notNullable();
      t.boolean('shows_numbers').notNullable().defaultTo(false);
      t.json('tiles').notNullable();
    });
  if (!(await knex.schema.hasTable('wallboard_links')))
    await knex.schema.createTable('wallboard_links', (t) => {
      t.increments('id');
      t.integer('wallboard_id').unsigned().notNullable().references('id').inTable('wallboards');
      // Random; the address is made of it and of the installation's key.
      t.string('nonce', 32).notNullable().unique();
      t.string('label', 80).notNullable();
      t.string('created_by', 80).notNullable();
      t.dateTime('created_at', { precision: 3 }).notNullable();
      // Null for a link that lasts until it is revoked.
      t.dateTime('expires_at', { precision: 3 });
      t.dateTime('revoked_at', { precision: 3 });
      t.string('revoked_by', 80).notNullable().defaultTo('');
      t.dateTime('opened_at', { precision: 3 });
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('wallboard_links');
  await knex.schema.dropTableIfExists('wallboards');
}
