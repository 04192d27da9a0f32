/**
 * People who did not reach us: one open row for each, whatever they call from and however often. `ended_calls` is the list of
 * work: the ledger's transaction puts each call in it that has ended. Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (table, build) => {
    if (!(await knex.schema.hasTable(table))) await knex.schema.createTable(table, build);
  };
  await create('ended_calls', (t) => {
    t.string('call_id', 26).primary();
  });
  await create('missed_callers', (t) => {
    t.increments('id');
    // While it is open: the contact (`c12`), or the number of somebody who is none. One open row for a person.
    t.string('open_key', 48).unique();
    t.string('number', 64).notNullable();
    t.string('name', 120).notNullable().defaultTo('');
    t.integer('contact_id').unsigned();
    // Where the person was lost last.
    t.integer('queue_id').unsigned();
    // open · reached: by us · called-again: and was answered · done: closed by hand.
    t.string('state', 16).notNullable();
    t.string('why', 16).notNullable();
    t.integer('misses').unsigned().notNullable();
    t.integer('tries').unsigned().notNullable().defaultTo(0);
    t.dateTime('first_missed_at', { precision: 3 }).notNullable();
    t.dateTime('last_missed_at', { precision: 3 }).notNullable();
    t.dateTime('due_at', { precision: 3 }).notNullable();
    t.dateTime('last_try_at', { precision: 3 });
    t.string('last_call_id', 26).notNullable();
    t.integer('owner_agent_id').unsigned();
    t.dateTime('closed_at', { precision: 3 });
    t.string('closed_call_id', 26);
    t.string('closed_by', 80).notNullable().defaultTo('');
    t.string('note', 500).notNullable().defaultTo('');
    t.index(['state', 'due_at']);
    t.index(['number', 'state']);
    t.index(['contact_id', 'state']);
    t.index(['first_missed_at', 'queue_id', 'state']);
  });
  // Each call counts once, however often its end is told.
  await create('missed_caller_calls', (t) => {
    t.string('call_id', 26).primary();
    t.integer('missed_caller_id').unsigned().notNullable().index();
    // missed · try · reached · called-again
    t.string('kind', 16).notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const name of ['missed_caller_calls', 'missed_callers', 'ended_calls'])
    await knex.schema.dropTableIfExists(name);
}
