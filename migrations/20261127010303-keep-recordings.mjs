/**
 * Remarks at a second of a recording, and recordings that are held against their deletion. Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('recordings', 'held_at')))
    await knex.schema.alterTable('recordings', (t) => {
      t.dateTime('held_at', { precision: 3 });
      t.string('held_by', 80).notNullable().defaultTo('');
      t.string('held_why', 200).notNullable().defaultTo('');
      t.index(['created_at', 'id']);
    });
  if (!(await knex.schema.hasTable('recording_remarks')))
    await knex.schema.createTable('recording_remarks', (t) => {
      t.increments('id');
      t.string('recording_id', 26).notNullable();
      // From the beginning of the sound.
      t.integer('at_ms').unsigned().notNullable();
      t.string('text', 500).notNullable();
      t.integer('user_id').unsigned();
      t.string('user_name', 80).notNullable();
      t.dateTime('made_at', { precision: 3 }).notNullable();
      t.index(['recording_id', 'at_ms']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('recording_remarks');
  await knex.schema.alterTable('recordings', (t) => {
    t.dropIndex(['created_at', 'id']);
    t.dropColumns('held_at', 'held_by', 'held_why');
  });
}
