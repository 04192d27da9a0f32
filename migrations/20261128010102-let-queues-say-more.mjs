/**
 * A queue plays several announcements in turn. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('queue_announcements')))
    await knex.schema.createTable('queue_announcements', (t) => {
      t.integer('queue_id').unsigned().notNullable().references('id').inTable('queues');
      t.integer('position').unsigned().notNullable();
      t.integer('prompt_id').unsigned().notNullable().references('id').inTable('prompts');
      t.primary(['queue_id', 'position']);
    });
  if (!(await knex.schema.hasColumn('queues', 'announcement_prompt_id'))) return;
  await knex.raw(
    `INSERT IGNORE INTO queue_announcements (queue_id, position, prompt_id)
     SELECT id, 1, announcement_prompt_id FROM queues WHERE announcement_prompt_id IS NOT NULL`,
  );
  await knex.raw(
    `ALTER TABLE queues DROP FOREIGN KEY queues_announcement_prompt_id_foreign,
       DROP COLUMN announcement_prompt_id`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('queues', (t) => {
    t.integer('announcement_prompt_id').unsigned().references('id').inTable('prompts');
  });
  await knex.raw(
    `UPDATE queues q JOIN queue_announcements a ON a.queue_id = q.id AND a.position = 1
     SET q.announcement_prompt_id = a.prompt_id`,
  );
  await knex.schema.dropTable('queue_announcements');
}
