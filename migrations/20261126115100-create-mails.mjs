/**
 * Mail that waits to be sent, was sent, or could not be, with what is attached to it.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('mails')))
    await knex.schema.createTable('mails', (t) => {
      t.string('id', 26).primary();
      t.dateTime('created_at', { precision: 3 }).notNullable().index();
      t.string('recipient', 254).notNullable();
      t.string('subject', 200).notNullable();
      t.text('body').notNullable();
      t.enum('state', ['waiting', 'sent', 'failed']).notNullable().defaultTo('waiting');
      t.smallint('tries').unsigned().notNullable().defaultTo(0);
      t.dateTime('next_try_at', { precision: 3 }).notNullable();
      // What the server said last.
      t.string('answer', 500).notNullable().defaultTo('');
      t.dateTime('sent_at', { precision: 3 });
      t.index(['state', 'next_try_at']);
    });
  if (!(await knex.schema.hasTable('mail_attachments')))
    await knex.schema.createTable('mail_attachments', (t) => {
      t.string('mail_id', 26).notNullable().references('id').inTable('mails').onDelete('CASCADE');
      t.integer('position').unsigned().notNullable();
      t.string('name', 120).notNullable();
      t.string('type', 80).notNullable();
      t.specificType('content', 'MEDIUMBLOB').notNullable();
      t.primary(['mail_id', 'position']);
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
