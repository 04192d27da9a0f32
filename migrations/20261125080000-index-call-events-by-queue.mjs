/**
 * Events of a queue by kind and time: expected and real waits are compared hour by hour while somebody looks.
 * The columns are computed from the body when a row is read; only the index is stored.
 * Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const add = async (name, definition) => {
    if (!(await knex.schema.hasColumn('call_events', name)))
      await knex.raw(`ALTER TABLE call_events ADD COLUMN ${name} ${definition}`);
  };
  await add('queue_id', "INT UNSIGNED AS (JSON_VALUE(body, '$.queueId')) VIRTUAL");
  await add('expected_ms', "INT UNSIGNED AS (JSON_VALUE(body, '$.expectedMs')) VIRTUAL");
  await add('waited_ms', "INT UNSIGNED AS (JSON_VALUE(body, '$.waitedMs')) VIRTUAL");
  await add('outcome', "VARCHAR(16) AS (LEFT(JSON_VALUE(body, '$.outcome'), 16)) VIRTUAL");

  const [indexes] = await knex.raw(
    "SHOW INDEX FROM call_events WHERE Key_name = 'call_events_by_queue'",
  );
  if (indexes.length === 0)
    await knex.schema.alterTable('call_events', (t) => {
      t.index(
        ['queue_id', 'kind', 'at', 'call_id', 'seq', 'expected_ms', 'waited_ms', 'outcome'],
        'call_events_by_queue',
      );
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
