/**
 * What the company directory says of an extension: its department, whether callers find it by name, and the name as its
 * owner says it. Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasColumn('extensions', 'department')) return;
  await knex.schema.alterTable('extensions', (t) => {
    t.string('department', 60).notNullable().defaultTo('');
    t.boolean('listed').notNullable().defaultTo(true);
    // SHA-256 of the sound in which the name is said, '' where none was recorded, and which name that was.
    t.string('name_hash', 64).notNullable().defaultTo('');
    t.string('name_said', 80).notNullable().defaultTo('');
  });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
