/**
 * The steps of flows that each ended call went through, folded from the ledger: what callers chose, where they hung up,
 * how long it took. `moved_after_ms`: from the answer in the queue that a step led to until the call stood in another one.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('flow_visits')) return;
  await knex.schema.createTable('flow_visits', (t) => {
    t.string('call_id', 26).notNullable();
    t.integer('n').unsigned().notNullable();
    t.integer('flow_id').unsigned().notNullable();
    t.integer('version').unsigned().notNullable();
    t.string('step', 40).notNullable();
    t.string('step_kind', 20).notNullable();
    t.string('label', 80).notNullable();
    t.dateTime('call_at', { precision: 3 }).notNullable();
    t.dateTime('entered_at', { precision: 3 }).notNullable();
    t.integer('ms').unsigned().notNullable();
    t.string('outcome', 10).notNullable();
    t.string('exit_name', 20).notNullable();
    t.integer('moved_after_ms').unsigned();
    t.boolean('test').notNullable();
    t.primary(['call_id', 'n']);
    // Figures of a flow and period are read without touching the rows.
    t.index(
      [
        ...['flow_id', 'call_at', 'test', 'call_id', 'step', 'step_kind'],
        ...['outcome', 'exit_name', 'ms', 'moved_after_ms', 'label'],
      ],
      'flow_visits_figures',
    );
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('flow_visits');
}
