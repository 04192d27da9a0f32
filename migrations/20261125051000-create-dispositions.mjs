/**
 * What became of a call, as its agent said: a tree of codes, the queues that offer them, and the answers.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (name, build) => {
    if (!(await knex.schema.hasTable(name))) await knex.schema.createTable(name, build);
  };
  await create('dispositions', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('archived_at', { precision: 3 });
    t.integer('version').unsigned().notNullable().defaultTo(1);
    t.integer('parent_id').unsigned().references('id').inTable('dispositions');
    t.string('name_en', 60).notNullable();
    t.string('name_zh', 60).notNullable();
    // Among the codes with the same parent; 0 is not placed yet.
    t.integer('position').unsigned().notNullable().defaultTo(0);
    t.boolean('active').notNullable().defaultTo(true);
    t.boolean('all_queues').notNullable().defaultTo(true);
  });
  await create('disposition_queues', (t) => {
    t.integer('disposition_id').unsigned().notNullable().references('id').inTable('dispositions');
    t.integer('queue_id').unsigned().notNullable().references('id').inTable('queues');
    t.primary(['disposition_id', 'queue_id']);
  });
  // One a call and agent. Without a code it is a note that is being written.
  await create('call_dispositions', (t) => {
    t.string('call_id', 26).notNullable();
    t.integer('agent_id').unsigned().notNullable();
    t.integer('disposition_id').unsigned();
    t.text('note').notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.primary(['call_id', 'agent_id']);
    t.index(['agent_id', 'at']);
    t.index(['disposition_id', 'call_id']);
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const name of ['call_dispositions', 'disposition_queues', 'dispositions'])
    await knex.schema.dropTableIfExists(name);
}
