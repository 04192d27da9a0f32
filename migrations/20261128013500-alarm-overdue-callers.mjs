/**
 * An alarm for people who did not reach us and whom nobody calls back in time. Can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const kind = 'callers-overdue';
  if ((await knex('alarm_rules').where({ kind }).first('id')) !== undefined) return;
  await knex('alarm_rules').insert({
    ...{ name: 'Missed callers overdue', kind, level: 'warning' },
    // A quarter of an hour behind the due time.
    ...{ threshold: 900, hold_s: 0, queues: '[]', mails: '' },
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex('alarms').where('kind', 'callers-overdue').delete();
  await knex('alarm_rules').where('kind', 'callers-overdue').delete();
}
