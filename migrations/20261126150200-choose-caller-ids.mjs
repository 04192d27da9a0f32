/**
 * Which numbers are shown on calls that go out, and which a trunk may show (JSON lists of E.164 numbers; for trunks also
 * beginnings that end in `*`). `outside_phone`: where an agent is reached away from the desk.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('trunks', 'allowed_caller_ids'))) {
    await knex.schema.alterTable('trunks', (t) => {
      t.json('allowed_caller_ids');
      t.boolean('may_withhold').notNullable().defaultTo(false);
    });
  }
  if (!(await knex.schema.hasColumn('queues', 'caller_id'))) {
    await knex.schema.alterTable('queues', (t) => {
      t.string('caller_id', 32).notNullable().defaultTo('');
    });
  }
  if (!(await knex.schema.hasColumn('agents', 'caller_ids'))) {
    await knex.schema.alterTable('agents', (t) => {
      t.json('caller_ids');
      t.string('caller_id_order', 12).notNullable().defaultTo('rotate');
      t.string('outside_phone', 32).notNullable().defaultTo('');
    });
  }
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('trunks', (t) =>
    t.dropColumns('allowed_caller_ids', 'may_withhold'),
  );
  await knex.schema.alterTable('queues', (t) => t.dropColumn('caller_id'));
  await knex.schema.alterTable('agents', (t) =>
    t.dropColumns('caller_ids', 'caller_id_order', 'outside_phone'),
  );
}
