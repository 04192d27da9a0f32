/**
 * Follow-ups: whose team does it, from which call and disposition it came, and that nobody did it in time.
 * @param {import('knex').Knex} knex
 */
const COLUMNS = {
  // Agents of this queue may do it; those of the campaign's queue where empty.
  queue_id: (t) => t.integer('queue_id').unsigned().references('id').inTable('queues'),
  call_id: (t) => t.string('call_id', 26).index(),
  // It was made by choosing this disposition in that call.
  disposition_id: (t) => t.integer('disposition_id').unsigned(),
  // What came of it, in the words of whoever did it.
  outcome: (t) => t.string('outcome', 400).notNullable().defaultTo(''),
  // Shown to supervisors from here on.
  escalated_at: (t) => t.dateTime('escalated_at', { precision: 3 }),
  // It was this agent's until it was handed on because nobody was there.
  handed_from_id: (t) => t.integer('handed_from_id').unsigned(),
};

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  for (const [name, add] of Object.entries(COLUMNS))
    if (!(await knex.schema.hasColumn('follow_ups', name)))
      await knex.schema.alterTable('follow_ups', (t) => {
        add(t);
      });
  // A disposition that is a promise: whose team does what follows, and until when.
  for (const [name, add] of Object.entries({
    follow_up_queue_id: (t) =>
      t.integer('follow_up_queue_id').unsigned().references('id').inTable('queues'),
    follow_up_hours: (t) => t.integer('follow_up_hours').unsigned().notNullable().defaultTo(24),
  }))
    if (!(await knex.schema.hasColumn('dispositions', name)))
      await knex.schema.alterTable('dispositions', (t) => {
        add(t);
      });
}

/** What was promised stays promised. */
export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
