/**
 * Who talked how long in each ended call, and who sent it on to whom, folded from the ledger. Calls of before have one part:
 * the agent whom the call names. A leg is one of its call from now on: a phone that joins its two calls takes somebody from
 * one into the other.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('call_talks'))) {
    await knex.schema.createTable('call_talks', (t) => {
      t.string('call_id', 26).notNullable();
      t.integer('n').unsigned().notNullable();
      t.string('leg_id', 64).notNullable();
      t.integer('agent_id').unsigned();
      t.integer('extension_id').unsigned();
      t.integer('queue_id').unsigned();
      t.string('kind', 10).notNullable();
      t.dateTime('started_at', { precision: 3 }).notNullable();
      t.dateTime('ended_at', { precision: 3 }).notNullable();
      t.integer('talk_ms').unsigned().notNullable();
      t.integer('hold_ms').unsigned().notNullable();
      t.string('ending', 12).notNullable();
      t.boolean('test').notNullable();
      t.primary(['call_id', 'n']);
      t.index(['agent_id', 'started_at']);
      t.index(['queue_id', 'started_at']);
    });
    await knex.raw(`
      INSERT INTO call_talks
        (call_id, n, leg_id, agent_id, extension_id, queue_id, kind, started_at, ended_at, talk_ms, hold_ms, ending, test)
      SELECT id, 0, '', agent_id, extension_id, IF(direction = 'inbound', queue_id, NULL), 'talk', answered_at, ended_at,
             talk_ms, hold_ms, 'over', test
        FROM calls
       WHERE agent_id IS NOT NULL AND answered_at IS NOT NULL AND ended_at IS NOT NULL`);
  }
  if (!(await knex.schema.hasTable('call_transfers')))
    await knex.schema.createTable('call_transfers', (t) => {
      t.string('call_id', 26).notNullable();
      t.integer('n').unsigned().notNullable();
      t.dateTime('at', { precision: 3 }).notNullable();
      t.string('how', 10).notNullable();
      t.string('via', 10).notNullable();
      t.integer('agent_id').unsigned();
      t.integer('extension_id').unsigned();
      t.integer('queue_id').unsigned();
      t.string('to_kind', 12).notNullable();
      t.integer('to_id').unsigned();
      t.string('to_number', 64).notNullable();
      t.string('to_name', 120).notNullable();
      t.integer('talked_ms').unsigned().notNullable();
      t.boolean('is_returned').notNullable();
      t.boolean('is_misrouted').notNullable();
      t.boolean('test').notNullable();
      t.primary(['call_id', 'n']);
      t.index(['agent_id', 'at']);
      t.index(['queue_id', 'at']);
    });
  const [keys] = await knex.raw("SHOW KEYS FROM call_legs WHERE Key_name = 'PRIMARY'");
  if (keys.length === 1)
    await knex.raw('ALTER TABLE call_legs DROP PRIMARY KEY, ADD PRIMARY KEY (call_id, id)');
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('call_transfers');
  await knex.schema.dropTableIfExists('call_talks');
  await knex.raw(`
    DELETE later FROM call_legs later JOIN call_legs first
        ON first.id = later.id AND first.call_id < later.call_id`);
  const [keys] = await knex.raw("SHOW KEYS FROM call_legs WHERE Key_name = 'PRIMARY'");
  if (keys.length > 1)
    await knex.raw('ALTER TABLE call_legs DROP PRIMARY KEY, ADD PRIMARY KEY (id)');
}
