/**
 * Visits at which a flow ended a call that had left a message or taken a callback were counted as served without anybody.
 * The fold counts them as handed over; this counts those of before alike.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(
    `UPDATE flow_visits JOIN calls ON calls.id = flow_visits.call_id
     SET flow_visits.outcome = 'handed'
     WHERE flow_visits.outcome IN ('ended', 'dropped') AND calls.result IN ('voicemail', 'callback')`,
  );
}

/** Which of them were counted otherwise before is known no more, and nothing needs it. */
export async function down() {}
