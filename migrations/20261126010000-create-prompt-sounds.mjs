/**
 * Every sound that a prompt has had, numbered by language, so that an earlier one can be heard and restored; and which sounds
 * hold nothing that can be heard. Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('prompt_files', 'is_silent')))
    await knex.schema.alterTable('prompt_files', (t) => {
      t.boolean('is_silent').notNullable().defaultTo(false);
    });
  if (!(await knex.schema.hasTable('prompt_sounds')))
    await knex.schema.createTable('prompt_sounds', (t) => {
      t.increments('id');
      t.integer('prompt_id').unsigned().notNullable().references('id').inTable('prompts');
      t.string('language', 10).notNullable();
      // From 1 in each language of a prompt.
      t.integer('number').unsigned().notNullable();
      t.enum('source', ['upload', 'speech', 'phone']).notNullable();
      t.text('text').notNullable();
      t.string('hash', 64).notNullable();
      t.integer('duration_ms').unsigned().notNullable();
      t.boolean('is_silent').notNullable().defaultTo(false);
      // The name of whoever made it, as it was then; '' where nobody knows.
      t.string('made_by', 80).notNullable().defaultTo('');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.unique(['prompt_id', 'language', 'number']);
    });
  await knex.raw(
    `INSERT IGNORE INTO prompt_sounds
       (prompt_id, language, number, source, text, hash, duration_ms, created_at)
     SELECT prompt_id, language, 1, source, text, hash, duration_ms, created_at FROM prompt_files`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('prompt_sounds');
  if (await knex.schema.hasColumn('prompt_files', 'is_silent'))
    await knex.schema.alterTable('prompt_files', (t) => {
      t.dropColumn('is_silent');
    });
}
