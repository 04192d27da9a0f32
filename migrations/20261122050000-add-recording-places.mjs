/**
 * Which recordings still lie on a node, voicemails that were put away, and an index for an agent's own calls.
 * Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('recordings', 'on_node')))
    await knex.schema.alterTable('recordings', (t) => {
      // True until the node's files are deleted: the list of work that survives a restart.
      t.boolean('on_node').notNullable().defaultTo(true);
      t.index(['on_node', 'created_at']);
    });
  if (!(await knex.schema.hasColumn('voicemails', 'archived_at')))
    await knex.schema.alterTable('voicemails', (t) => {
      t.dateTime('archived_at', { precision: 3 });
      t.index(['left_at']);
    });
  const [indexes] = await knex.raw(
    "SHOW INDEX FROM call_legs WHERE Key_name = 'call_legs_agent_id_started_at_index'",
  );
  if (indexes.length === 0)
    await knex.schema.alterTable('call_legs', (t) => {
      t.index(['agent_id', 'started_at']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('call_legs', (t) => {
    t.dropIndex(['agent_id', 'started_at']);
  });
  await knex.schema.alterTable('voicemails', (t) => {
    t.dropIndex(['left_at']);
    t.dropColumn('archived_at');
  });
  await knex.schema.alterTable('recordings', (t) => {
    t.dropIndex(['on_node', 'created_at']);
    t.dropColumn('on_node');
  });
}
