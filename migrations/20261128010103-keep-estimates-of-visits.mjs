/**
 * Each visit of a queue keeps the wait that was expected on entry, so that reports say how wrong estimates were. Visits that are
 * there get it from the ledger, and their sums are made anew. Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  for (const column of ['estimated', 'estimate_error_ms', 'estimate_within'])
    if (!(await knex.schema.hasColumn('sums_visits', column)))
      await knex.schema.alterTable('sums_visits', (t) => {
        const made = column.endsWith('_ms') ? t.bigInteger(column) : t.integer(column);
        made.unsigned().notNullable().defaultTo(0);
      });
  // Figures of a period are read without touching the rows, so the index has what they are made of.
  if (!(await knex.schema.hasColumn('queue_visits', 'expected_ms')))
    await knex.raw(
      `ALTER TABLE queue_visits
         ADD COLUMN expected_ms INT UNSIGNED,
         DROP INDEX queue_visits_period,
         ADD INDEX queue_visits_period (entered_at, queue_id, test, direction, outcome, wait_ms, left_at,
           service_level_s, short_abandon_s, expected_ms)`,
    );
  await knex.raw(
    `UPDATE queue_visits v JOIN (
       SELECT call_id, expected_ms, ROW_NUMBER() OVER (PARTITION BY call_id ORDER BY seq, at, id) - 1 AS n
       FROM call_events WHERE kind = 'queue-entered'
     ) entered ON entered.call_id = v.call_id AND entered.n = v.n
     SET v.expected_ms = entered.expected_ms
     WHERE entered.expected_ms IS NOT NULL`,
  );
  await knex('report_marks').insert({ marked: 'calls', from_at: new Date(0), to_at: new Date() });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(
    `ALTER TABLE queue_visits DROP INDEX queue_visits_period,
       ADD INDEX queue_visits_period (entered_at, queue_id, test, direction, outcome, wait_ms, left_at,
         service_level_s, short_abandon_s),
       DROP COLUMN expected_ms`,
  );
  await knex.schema.alterTable('sums_visits', (t) => {
    t.dropColumns('estimated', 'estimate_error_ms', 'estimate_within');
  });
}
