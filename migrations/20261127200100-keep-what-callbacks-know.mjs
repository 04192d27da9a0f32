/**
 * Callbacks wait while their queue is closed, are closed when they are too old or their queue is gone, and keep what was known of
 * the caller. Each step can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const add = async (table, name, build) => {
    if (!(await knex.schema.hasColumn(table, name))) await knex.schema.alterTable(table, build);
  };
  // 0 is never.
  await add('queues', 'callback_max_age_h', (t) =>
    t.integer('callback_max_age_h').unsigned().notNullable().defaultTo(48),
  );
  await add('callbacks', 'held_until', (t) => t.dateTime('held_until', { precision: 3 }));
  // { attributes: { name: value }, context: [{ name, label, value }, ...] }
  await add('callbacks', 'known', (t) => t.json('known'));
  await add('callbacks', 'sticky_agent_id', (t) =>
    t.integer('sticky_agent_id').unsigned().references('id').inTable('agents'),
  );
  await add('callbacks', 'sticky_for_ms', (t) => t.integer('sticky_for_ms').unsigned());
  await setStates(knex, [...STATES, 'expired', 'queue-gone']);
  await add('sums_callbacks', 'lapsed', (t) =>
    t.integer('lapsed').unsigned().notNullable().defaultTo(0),
  );
  await knex('report_marks').insert({
    ...{ marked: 'callbacks', from_at: new Date(0), to_at: new Date() },
  });
}

const STATES = ['waiting', 'calling', 'done', 'failed', 'cancelled', 'returned'];

const setStates = (knex, states) =>
  knex.raw(
    `ALTER TABLE callbacks MODIFY state ENUM(${states.map(() => '?').join(', ')}) NOT NULL`,
    states,
  );

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex('callbacks').whereIn('state', ['expired', 'queue-gone']).update({ state: 'failed' });
  await setStates(knex, STATES);
  await knex.schema.alterTable('callbacks', (t) => {
    t.dropForeign('sticky_agent_id');
  });
  await knex.schema.alterTable('callbacks', (t) => {
    t.dropColumns('held_until', 'known', 'sticky_agent_id', 'sticky_for_ms');
  });
  await knex.schema.alterTable('queues', (t) => {
    t.dropColumn('callback_max_age_h');
  });
  await knex.schema.alterTable('sums_callbacks', (t) => {
    t.dropColumn('lapsed');
  });
}
