/**
 * Imports of an old Asterisk's queue_log: what was uploaded, how far its check or import is (`beat_at` is the last sign of
 * life of whoever works on it), and what came out. `queue_log_names` remembers what the old system's names are here.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('queue_log_imports')))
    await knex.schema.createTable('queue_log_imports', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable();
      t.string('user_name', 80).notNullable();
      t.string('zone', 64).notNullable();
      t.json('files').notNullable();
      t.string('state', 16).notNullable();
      // Counts the tries: who works on an earlier one must not write any more.
      t.integer('run').unsigned().notNullable().defaultTo(0);
      t.dateTime('beat_at', { precision: 3 });
      t.bigInteger('bytes_total').unsigned().notNullable();
      t.bigInteger('bytes_done').unsigned().notNullable().defaultTo(0);
      t.json('summary');
      t.json('names');
      t.json('result');
      t.string('problem', 300).notNullable().defaultTo('');
      t.index(['state', 'id']);
    });
  if (!(await knex.schema.hasTable('queue_log_names')))
    await knex.schema.createTable('queue_log_names', (t) => {
      t.string('kind', 8).notNullable();
      t.string('name', 128).notNullable().collate('utf8mb4_bin');
      t.integer('target_id').unsigned().notNullable();
      t.boolean('is_former').notNullable();
      t.primary(['kind', 'name']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('queue_log_names');
  await knex.schema.dropTableIfExists('queue_log_imports');
}
