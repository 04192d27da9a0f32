/**
 * Each time that a caller stood in a queue, folded from the ledger: a call that overflowed counts in both queues. `outcome` is
 * null while the caller waits. What the ledger has already is folded here; each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('queue_visits')))
    await knex.schema.createTable('queue_visits', (t) => {
      t.string('call_id', 26).notNullable();
      t.integer('n').unsigned().notNullable();
      t.integer('queue_id').unsigned().notNullable();
      t.string('direction', 10).notNullable();
      t.dateTime('entered_at', { precision: 3 }).notNullable();
      t.dateTime('left_at', { precision: 3 });
      t.string('outcome', 12);
      t.string('reason', 120).notNullable();
      t.integer('wait_ms').unsigned().notNullable();
      t.integer('agent_id').unsigned();
      t.boolean('test').notNullable();
      t.primary(['call_id', 'n']);
      // Figures of a period are read without touching the rows.
      t.index(
        ['entered_at', 'queue_id', 'test', 'direction', 'outcome', 'wait_ms', 'left_at'],
        'queue_visits_period',
      );
      t.index(['queue_id', 'entered_at'], 'queue_visits_queue');
    });
  await knex.raw(
    `INSERT IGNORE INTO queue_visits
       (call_id, n, queue_id, direction, entered_at, left_at, outcome, reason, wait_ms, agent_id, test)
     SELECT entered.call_id, entered.n, entered.queue_id, calls.direction, entered.at,
       COALESCE(gone.at, calls.ended_at),
       JSON_VALUE(gone.body, '$.outcome'), COALESCE(JSON_VALUE(gone.body, '$.reason'), ''),
       COALESCE(JSON_VALUE(gone.body, '$.waitedMs'),
         TIMESTAMPDIFF(MICROSECOND, entered.at, calls.ended_at) DIV 1000, 0),
       IF(JSON_VALUE(gone.body, '$.outcome') = 'answered', (
         SELECT JSON_VALUE(o.body, '$.agentId') FROM call_events o
         WHERE o.call_id = entered.call_id AND o.kind = 'offer-ended' AND o.seq > entered.seq
           AND o.seq < gone.seq AND JSON_VALUE(o.body, '$.outcome') = 'answered'
         ORDER BY o.seq DESC LIMIT 1), NULL),
       calls.test
     FROM (
       SELECT call_id, at, seq, CAST(JSON_VALUE(body, '$.queueId') AS UNSIGNED) AS queue_id,
         ROW_NUMBER() OVER (PARTITION BY call_id ORDER BY seq, at, id) - 1 AS n,
         LEAD(seq) OVER (PARTITION BY call_id ORDER BY seq, at, id) AS next_seq
       FROM call_events WHERE kind = 'queue-entered'
     ) entered
     JOIN calls ON calls.id = entered.call_id
     LEFT JOIN call_events gone ON gone.call_id = entered.call_id AND gone.kind = 'queue-left'
       AND gone.seq > entered.seq AND gone.seq < COALESCE(entered.next_seq, 4294967295)
       AND JSON_VALUE(gone.body, '$.queueId') = entered.queue_id`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('queue_visits');
}
