/**
 * Desk phones that fetch their configuration here, their extensions, and what they fetched. Each step checks what is there, so
 * that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('desk_phones')))
    await knex.schema.createTable('desk_phones', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('mac', 12).notNullable().unique();
      t.string('name', 80).notNullable();
      t.string('model', 40).notNullable();
      t.text('line_keys').notNullable();
      t.boolean('enabled').notNullable().defaultTo(true);
      // SHA-256 of the secret in the address; the secret itself is sealed beside it.
      t.string('secret_hash', 64).notNullable().unique();
      t.string('secret_sealed', 255).notNullable();
      t.string('admin_sealed', 255).notNullable();
      // The last file with the phone's own settings that it got: when, and which (SHA-256).
      t.dateTime('fetched_at', { precision: 3 });
      t.string('fetched_hash', 64).notNullable().defaultTo('');
    });
  if (!(await knex.schema.hasTable('desk_phone_lines')))
    await knex.schema.createTable('desk_phone_lines', (t) => {
      t.integer('phone_id').unsigned().notNullable().references('id').inTable('desk_phones');
      t.integer('position').unsigned().notNullable();
      t.integer('extension_id').unsigned().notNullable().references('id').inTable('extensions');
      t.primary(['phone_id', 'position']);
    });
  if (!(await knex.schema.hasTable('desk_phone_fetches')))
    await knex.schema.createTable('desk_phone_fetches', (t) => {
      t.bigIncrements('id');
      t.integer('phone_id').unsigned().notNullable().references('id').inTable('desk_phones');
      t.dateTime('at', { precision: 3 }).notNullable();
      t.string('address', 64).notNullable();
      t.string('program', 255).notNullable();
      t.string('file', 80).notNullable();
      t.string('outcome', 20).notNullable();
      t.index(['phone_id', 'at']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('desk_phone_fetches');
  await knex.schema.dropTableIfExists('desk_phone_lines');
  await knex.schema.dropTableIfExists('desk_phones');
}
