/**
 * Who says whether calls are recorded: `default` (nothing), `always`, `on-demand`, `never`; and how people outside are told:
 * `default` (nothing), `none`, `notice`, `choice`. What was a switch keeps its meaning.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const rule = (t, name) => t.string(name, 12).notNullable().defaultTo('default');
  if (!(await knex.schema.hasColumn('queues', 'recording'))) {
    await knex.schema.alterTable('queues', (t) => {
      rule(t, 'recording');
      rule(t, 'recording_notice');
    });
  }
  if (await knex.schema.hasColumn('queues', 'record')) {
    await knex('queues').update({ recording: knex.raw("if(record = 1, 'always', 'never')") });
    await knex.schema.alterTable('queues', (t) => t.dropColumn('record'));
  }
  if (!(await knex.schema.hasColumn('extensions', 'recording_inbound'))) {
    await knex.schema.alterTable('extensions', (t) => {
      rule(t, 'recording_inbound');
      rule(t, 'recording_outbound');
      rule(t, 'recording_internal');
    });
  }
  if (await knex.schema.hasColumn('extensions', 'record_internal')) {
    await knex('extensions')
      .where({ record_internal: true })
      .update({ recording_internal: 'always' });
    await knex.schema.alterTable('extensions', (t) => t.dropColumn('record_internal'));
  }
  if (!(await knex.schema.hasColumn('trunks', 'recording'))) {
    await knex.schema.alterTable('trunks', (t) => {
      rule(t, 'recording');
      rule(t, 'recording_notice');
    });
  }
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.alterTable('queues', (t) => t.boolean('record').notNullable().defaultTo(true));
  await knex('queues').update({ record: knex.raw("recording <> 'never'") });
  await knex.schema.alterTable('queues', (t) => t.dropColumns('recording', 'recording_notice'));
  await knex.schema.alterTable('extensions', (t) =>
    t.boolean('record_internal').notNullable().defaultTo(false),
  );
  await knex('extensions').update({ record_internal: knex.raw("recording_internal = 'always'") });
  await knex.schema.alterTable('extensions', (t) =>
    t.dropColumns('recording_inbound', 'recording_outbound', 'recording_internal'),
  );
  await knex.schema.alterTable('trunks', (t) => t.dropColumns('recording', 'recording_notice'));
}
