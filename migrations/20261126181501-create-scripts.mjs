/**
 * What agents say in calls, page by page, and each time that one is followed in a call, with the answers that were written
 * down. Times are UTC, DATETIME(3).
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (table, build) => {
    if (!(await knex.schema.hasTable(table))) await knex.schema.createTable(table, build);
  };
  await create('scripts', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('archived_at', { precision: 3 });
    t.integer('version').unsigned().notNullable().defaultTo(1);
    t.string('name', 80).notNullable().unique();
    t.json('pages').notNullable();
  });
  // A call has one for each of its agents.
  await create('script_runs', (t) => {
    t.increments('id');
    t.string('call_id', 26).notNullable();
    t.integer('agent_id').unsigned().notNullable();
    t.integer('script_id').unsigned().notNullable();
    // The script as it was when the run began.
    t.json('pages').notNullable();
    t.integer('contact_id').unsigned().index();
    t.integer('campaign_id').unsigned();
    t.string('attempt_id', 26);
    // Keys of the pages on the way.
    t.json('trail').notNullable();
    t.boolean('is_over').notNullable().defaultTo(false);
    t.integer('disposition_id').unsigned();
    t.dateTime('begun_at', { precision: 3 }).notNullable();
    t.dateTime('changed_at', { precision: 3 }).notNullable();
    t.unique(['call_id', 'agent_id']);
    t.index(['script_id', 'begun_at']);
    t.index(['campaign_id', 'begun_at']);
  });
  await create('script_answers', (t) => {
    t.integer('run_id').unsigned().notNullable().references('id').inTable('script_runs');
    t.string('question', 32).notNullable();
    t.string('value', 500).notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.primary(['run_id', 'question']);
    t.index(['question', 'at']);
  });
  if (!(await knex.schema.hasColumn('queues', 'script_id')))
    await knex.schema.alterTable('queues', (t) => {
      t.integer('script_id').unsigned().references('id').inTable('scripts');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  if (await knex.schema.hasColumn('queues', 'script_id'))
    await knex.schema.alterTable('queues', (t) => {
      t.dropForeign(['script_id']);
      t.dropColumn('script_id');
    });
  for (const table of ['script_answers', 'script_runs', 'scripts'])
    await knex.schema.dropTableIfExists(table);
}
