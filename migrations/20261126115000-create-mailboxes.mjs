/**
 * Boxes for messages of extensions and queues, and what is kept of a message: who dealt with it, whether it is kept from
 * retention, whether it was mailed. Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('mailboxes')))
    await knex.schema.createTable('mailboxes', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      // Exactly one of the two.
      t.integer('extension_id').unsigned().unique().references('id').inTable('extensions');
      t.integer('queue_id').unsigned().unique().references('id').inTable('queues');
      // Typed at a phone to open the box of a queue; the box of an extension has the extension's number.
      t.string('number', 8).unique();
      t.string('pin_hash', 255).notNullable().defaultTo('');
      // SHA-256 of the sound; '' for the spoken greeting.
      t.string('greeting_hash', 64).notNullable().defaultTo('');
      t.integer('greeting_ms').unsigned().notNullable().defaultTo(0);
      t.smallint('max_message_s').unsigned().notNullable().defaultTo(180);
      t.smallint('max_messages').unsigned().notNullable().defaultTo(100);
      // 0: until somebody deletes them.
      t.smallint('retention_days').unsigned().notNullable().defaultTo(0);
      t.boolean('members_hear').notNullable().defaultTo(true);
      t.string('mail_to', 500).notNullable().defaultTo('');
      t.enum('mail_sound', ['attach', 'link', 'none']).notNullable().defaultTo('attach');
    });
  if (!(await knex.schema.hasTable('mailbox_listeners')))
    await knex.schema.createTable('mailbox_listeners', (t) => {
      t.integer('mailbox_id').unsigned().notNullable().references('id').inTable('mailboxes');
      t.integer('agent_id').unsigned().notNullable().references('id').inTable('agents');
      t.primary(['mailbox_id', 'agent_id']);
    });
  if (!(await knex.schema.hasColumn('voicemails', 'handled_at')))
    await knex.schema.alterTable('voicemails', (t) => {
      t.dateTime('handled_at', { precision: 3 });
      t.integer('handled_by').unsigned();
      // Kept on purpose: no retention deletes it.
      t.dateTime('kept_at', { precision: 3 });
      // When it was decided whether the message is mailed.
      t.dateTime('mailed_at', { precision: 3 }).index();
      t.index(['extension_id', 'left_at']);
      t.index(['queue_id', 'left_at']);
    });
  // Messages from before are not mailed.
  await knex('voicemails')
    .whereNull('mailed_at')
    .update({ mailed_at: knex.fn.now(3) });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
