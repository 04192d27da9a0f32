/**
 * Keys by which other systems use the API. Only a digest of a key is kept; `hint` is its beginning, by which people tell keys apart.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('api_keys')) return;
  await knex.schema.createTable('api_keys', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('ended_at', { precision: 3 });
    t.string('name', 80).notNullable();
    t.string('hint', 12).notNullable();
    // SHA-256, hexadecimal.
    t.string('digest', 64).notNullable().unique();
    t.integer('user_id').unsigned().references('id').inTable('users');
    t.dateTime('used_at', { precision: 3 });
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('api_keys');
}
