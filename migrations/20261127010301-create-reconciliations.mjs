/**
 * Days of the site that were counted anew from the ledger. `wanted_at`: somebody asked for it, or the night did. Lines and
 * findings belong to the last count of their day. Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (table, build) => {
    if (!(await knex.schema.hasTable(table))) await knex.schema.createTable(table, build);
  };
  await create('reconciliation_days', (t) => {
    // By the calendar of the site: `2026-11-26`.
    t.string('day', 10).primary();
    t.dateTime('wanted_at', { precision: 3 }).index();
    t.dateTime('checked_at', { precision: 3 });
    // The day was over when it was counted.
    t.boolean('is_whole').notNullable().defaultTo(false);
    t.integer('took_ms').unsigned().notNullable().defaultTo(0);
    t.integer('calls').unsigned().notNullable().defaultTo(0);
    t.integer('open_calls').unsigned().notNullable().defaultTo(0);
    t.integer('differences').unsigned().notNullable().defaultTo(0);
    // By check: how much was looked at, and how many differences there are.
    t.json('checks').notNullable();
  });
  await create('reconciliation_lines', (t) => {
    t.bigIncrements('id');
    t.string('day', 10).notNullable();
    t.string('check_name', 12).notNullable();
    // A queue or an agent; 0 for calls of no queue.
    t.integer('subject_id').unsigned().notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.json('figures').notNullable();
    t.bigInteger('difference').notNullable();
    t.index(['day', 'check_name', 'subject_id', 'at']);
  });
  await create('reconciliation_findings', (t) => {
    t.bigIncrements('id');
    t.string('day', 10).notNullable();
    t.string('check_name', 12).notNullable();
    t.string('code', 20).notNullable();
    t.string('call_id', 26);
    t.integer('queue_id').unsigned();
    t.integer('agent_id').unsigned();
    t.dateTime('at', { precision: 3 });
    // Which count of a queue.
    t.string('part', 12);
    t.bigInteger('expected').notNullable();
    t.bigInteger('found').notNullable();
    t.index(['day', 'check_name']);
  });
  // Changes of a day are read whoever made them.
  const [keys] = await knex.raw(
    "SHOW KEYS FROM agent_state_changes WHERE Key_name = 'agent_state_changes_at_index'",
  );
  if (keys.length === 0)
    await knex.schema.alterTable('agent_state_changes', (t) => {
      t.index(['at']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const name of ['reconciliation_findings', 'reconciliation_lines', 'reconciliation_days'])
    await knex.schema.dropTableIfExists(name);
  await knex.schema.alterTable('agent_state_changes', (t) => {
    t.dropIndex(['at']);
  });
}
