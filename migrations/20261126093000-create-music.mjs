/**
 * Hold music: prompts that callers in line hear one after the other, and which music a queue plays.
 * Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('music')))
    await knex.schema.createTable('music', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.string('play_order', 8).notNullable().defaultTo('listed');
    });
  if (!(await knex.schema.hasTable('music_prompts')))
    await knex.schema.createTable('music_prompts', (t) => {
      t.integer('music_id').unsigned().notNullable().references('id').inTable('music');
      t.integer('prompt_id').unsigned().notNullable().references('id').inTable('prompts');
      t.integer('position').unsigned().notNullable();
      t.primary(['music_id', 'prompt_id']);
    });
  if (!(await knex.schema.hasColumn('queues', 'music_id')))
    await knex.schema.alterTable('queues', (t) => {
      t.integer('music_id').unsigned().references('id').inTable('music');
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
