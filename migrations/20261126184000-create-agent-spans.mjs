/**
 * How long agents were in which state, folded from their state changes: one row from each change to the next. `ended_at` and
 * `next_state` are null for the state of now. What is known already is folded here; each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('agent_spans')))
    await knex.schema.createTable('agent_spans', (t) => {
      t.integer('agent_id').unsigned().notNullable();
      t.dateTime('started_at', { precision: 3 }).notNullable();
      t.dateTime('ended_at', { precision: 3 });
      t.string('state', 16).notNullable();
      t.string('next_state', 16);
      t.string('reason', 64).notNullable();
      t.string('call_id', 26);
      t.primary(['agent_id', 'started_at']);
      t.index(
        ['started_at', 'ended_at', 'agent_id', 'state', 'next_state', 'reason'],
        'agent_spans_period',
      );
    });
  // Of several changes in one millisecond the last counts.
  await knex.raw(
    `INSERT IGNORE INTO agent_spans
       (agent_id, started_at, ended_at, state, next_state, reason, call_id)
     SELECT agent_id, at, next_at, state, next_state, reason, call_id
     FROM (
       SELECT agent_id, at, state, reason, call_id,
         LEAD(at) OVER w AS next_at, LEAD(state) OVER w AS next_state
       FROM agent_state_changes WINDOW w AS (PARTITION BY agent_id ORDER BY at, id)
     ) changes
     WHERE next_at IS NULL OR next_at > at`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('agent_spans');
}
