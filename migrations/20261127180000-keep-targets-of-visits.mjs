/**
 * Each visit of a queue keeps the target and the threshold that its queue had then, so that a new target does not change the days
 * before; the threshold becomes a setting of the queue. Visits that are there get the present ones, and their sums are made anew.
 * Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('queues', 'short_abandon_s')))
    await knex.schema.alterTable('queues', (t) => {
      t.integer('short_abandon_s').unsigned().notNullable().defaultTo(5);
    });
  if (await knex.schema.hasColumn('queue_visits', 'short_abandon_s')) return;
  // Figures of a period are read without touching the rows, so the index has what they are made of.
  await knex.raw(
    `ALTER TABLE queue_visits
       ADD COLUMN service_level_s INT UNSIGNED NOT NULL DEFAULT 20,
       ADD COLUMN short_abandon_s INT UNSIGNED NOT NULL DEFAULT 5,
       DROP INDEX queue_visits_period,
       ADD INDEX queue_visits_period (entered_at, queue_id, test, direction, outcome, wait_ms, left_at,
         service_level_s, short_abandon_s)`,
  );
  await knex.raw(
    `UPDATE queue_visits v JOIN queues q ON q.id = v.queue_id
     SET v.service_level_s = q.service_level_s, v.short_abandon_s = q.short_abandon_s`,
  );
  await knex('report_marks').insert({ marked: 'calls', from_at: new Date(0), to_at: new Date() });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(
    `ALTER TABLE queue_visits DROP INDEX queue_visits_period,
       ADD INDEX queue_visits_period (entered_at, queue_id, test, direction, outcome, wait_ms, left_at),
       DROP COLUMN service_level_s, DROP COLUMN short_abandon_s`,
  );
  await knex.schema.alterTable('queues', (t) => {
    t.dropColumn('short_abandon_s');
  });
}
