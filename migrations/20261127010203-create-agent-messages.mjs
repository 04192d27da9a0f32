/**
 * Messages of supervisors to agents, and who has seen them.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('agent_messages')))
    await knex.schema.createTable('agent_messages', (t) => {
      t.increments('id');
      t.dateTime('sent_at', { precision: 3 }).notNullable().index();
      t.string('sent_by', 80).notNullable();
      // To whom, as it was chosen: names of agents and queues.
      t.string('sent_to', 500).notNullable();
      t.string('text', 500).notNullable();
    });
  if (!(await knex.schema.hasTable('agent_message_recipients')))
    await knex.schema.createTable('agent_message_recipients', (t) => {
      t.integer('message_id').unsigned().notNullable().references('id').inTable('agent_messages');
      t.integer('agent_id').unsigned().notNullable().references('id').inTable('agents');
      t.dateTime('seen_at', { precision: 3 });
      t.primary(['message_id', 'agent_id']);
      t.index(['agent_id', 'seen_at']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('agent_message_recipients');
  await knex.schema.dropTableIfExists('agent_messages');
}
