/**
 * How many callers a trunk brings at most, and alarms for busy times and for extensions that have used up their calls. Each step
 * can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('trunks', 'max_incoming')))
    await knex.schema.alterTable('trunks', (t) => {
      t.integer('max_incoming').unsigned().notNullable().defaultTo(0);
    });
  for (const [name, kind, level] of [
    ['Callers turned away', 'calls-full', 'warning'],
    ['An extension has used up its calls outside', 'toll-fraud', 'critical'],
  ]) {
    if ((await knex('alarm_rules').where({ kind }).first('id')) !== undefined) continue;
    await knex('alarm_rules').insert({
      ...{ name, kind, level, threshold: 1, hold_s: 0, queues: '[]', mails: '' },
    });
  }
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex('alarms').whereIn('kind', ['calls-full', 'toll-fraud']).delete();
  await knex('alarm_rules').whereIn('kind', ['calls-full', 'toll-fraud']).delete();
  await knex.schema.alterTable('trunks', (t) => {
    t.dropColumn('max_incoming');
  });
}
