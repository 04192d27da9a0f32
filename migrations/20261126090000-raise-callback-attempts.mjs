/**
 * Queues with 0 tries dialed once all the same; tries count from 1 now.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex('queues').where('callback_attempts', 0).update({ callback_attempts: 1 });
}

/** What was 0 and what was 1 meant the same: nothing to undo. */
export async function down() {}
