/**
 * Sums of what reports count: by quarter of an hour and by day of the site, for each item of a subject (a queue, an agent) and
 * for all of them ('*'). `at` is the instant at which the quarter or the day begins. They are made from the rows of the ledger
 * alone; `report_marks` says of which times they must be made anew.
 */
const TABLES = {
  visits:
    'offered answered abandoned short overflowed callback closed waiting unknown in_time answered_wait_ms abandoned_wait_ms longest_wait_ms',
  talks: 'talks talk_ms hold_ms',
  wrap_ups: 'wrap_ups wrap_up_ms',
  calls:
    'calls inbound outbound connected connected_out failed talk_ms recorded_ms reached_queue reached_contained reached_left reached_person reached_voicemail reached_elsewhere reached_open',
  repeats: 'known repeated answered_first came_again',
  transfers: 'transfers blind consulted returned misrouted talked_ms',
  flows: 'entered handed dropped contained failed passed misrouted flow_ms',
  attempts: 'dials answered human abandoned machine no_answer busy invalid failed connected_ms',
  dispositions: 'said said_inbound talk_ms',
  surveys: 'asked begun replied completed',
  scores: 'scores score_sum score_squares',
  callbacks: 'promised done returned failed cancelled open tries until_done_ms',
  agents:
    'available_ms preview_ms ringing_ms talking_ms wrap_up_ms not_ready_ms phone_lost_ms other_ms offers missed wrap_ups pauses',
};

/** Tables that features write, and the instant that a row counts at: each change of a row marks it. */
const MARKED = { attempts: 'at', call_dispositions: 'at', callbacks: 'asked_at' };
const SOURCES = { attempts: 'attempts', call_dispositions: 'dispositions', callbacks: 'callbacks' };

/** What reports read by time alone has an index by time. */
const INDEXES = {
  call_talks: ['started_at', 'test', 'kind', 'agent_id', 'queue_id', 'talk_ms', 'hold_ms'],
  call_transfers: ['at'],
  flow_visits: ['call_at'],
  survey_runs: ['call_at'],
  survey_answers: ['call_at'],
  attempts: ['at'],
  call_dispositions: ['at'],
  callbacks: ['asked_at'],
  agent_spans: ['state', 'started_at', 'ended_at'],
};

/** @param {import('knex').Knex} knex */
export async function up(knex) {
  for (const [name, columns] of Object.entries(TABLES))
    if (!(await knex.schema.hasTable(`sums_${name}`)))
      await knex.schema.createTable(`sums_${name}`, (t) => {
        t.string('subject', 12).notNullable();
        t.enum('grain', ['quarter', 'day']).notNullable();
        t.dateTime('at').notNullable();
        t.string('item', 40).notNullable().collate('utf8mb4_bin');
        for (const column of columns.split(' '))
          if (/_(ms|sum|squares)$/.test(column)) t.bigInteger(column).unsigned().notNullable();
          else t.integer(column).unsigned().notNullable();
        t.primary(['subject', 'grain', 'at', 'item']);
        t.index(['subject', 'grain', 'item', 'at'], `sums_${name}_item`);
      });
  if (!(await knex.schema.hasTable('report_marks')))
    await knex.schema.createTable('report_marks', (t) => {
      t.bigIncrements('id');
      t.string('marked', 12).notNullable();
      t.dateTime('from_at', { precision: 3 }).notNullable();
      t.dateTime('to_at', { precision: 3 }).notNullable();
    });
  if (!(await knex.schema.hasTable('report_state'))) {
    await knex.schema.createTable('report_state', (t) => {
      t.tinyint('id').unsigned().primary();
      // Of the site when the days were summed; another one makes them anew.
      t.string('zone', 64).notNullable();
      t.dateTime('fresh_at', { precision: 3 });
      // The last midnight for which settling sources were marked.
      t.dateTime('settled_at', { precision: 3 });
    });
    await knex('report_state').insert({ id: 1, zone: '' });
  }
  for (const [table, columns] of Object.entries(INDEXES))
    if (!(await hasIndex(knex, table, `${table}_reports`)))
      await knex.schema.alterTable(table, (t) => t.index(columns, `${table}_reports`));
  for (const [table, column] of Object.entries(MARKED))
    for (const [event, row] of [
      ['INSERT', 'NEW'],
      ['UPDATE', 'NEW'],
      ['DELETE', 'OLD'],
    ]) {
      const mark = `INSERT INTO report_marks (marked, from_at, to_at)
        VALUES ('${SOURCES[table]}', ${row}.${column}, ${row}.${column})`;
      const name = `${table}_marks_${event.toLowerCase()}`;
      await knex.raw(`DROP TRIGGER IF EXISTS ${name}`);
      await knex.raw(`CREATE TRIGGER ${name} AFTER ${event} ON ${table} FOR EACH ROW ${mark}`);
    }
  // Whatever is there already is summed by the role `jobs`.
  await knex('report_marks').insert(
    ['calls', 'agents', 'attempts', 'dispositions', 'callbacks'].map((marked) => ({
      marked,
      from_at: new Date(0),
      to_at: new Date(),
    })),
  );
}

async function hasIndex(knex, table, name) {
  const [rows] = await knex.raw('SHOW INDEX FROM ?? WHERE Key_name = ?', [table, name]);
  return rows.length > 0;
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const table of Object.keys(MARKED))
    for (const event of ['insert', 'update', 'delete'])
      await knex.raw(`DROP TRIGGER IF EXISTS ${table}_marks_${event}`);
  for (const table of Object.keys(INDEXES))
    if (await hasIndex(knex, table, `${table}_reports`))
      await knex.schema.alterTable(table, (t) => t.dropIndex([], `${table}_reports`));
  for (const name of Object.keys(TABLES)) await knex.schema.dropTableIfExists(`sums_${name}`);
  await knex.schema.dropTableIfExists('report_marks');
  await knex.schema.dropTableIfExists('report_state');
}
