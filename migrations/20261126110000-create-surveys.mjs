/**
 * Surveys by keys, what queues ask after a talk, and the tables that the ledger fills with what callers answered.
 * Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('surveys')))
    await knex.schema.createTable('surveys', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.boolean('asks_consent').notNullable().defaultTo(true);
      for (const said of ['intro', 'thanks']) {
        t.integer(`${said}_prompt_id`).unsigned().references('id').inTable('prompts');
        t.string(`${said}_en`, 500).notNullable().defaultTo('');
        t.string(`${said}_zh`, 500).notNullable().defaultTo('');
      }
      t.integer('timeout_s').unsigned().notNullable();
      t.integer('repeats').unsigned().notNullable();
    });
  if (!(await knex.schema.hasTable('survey_questions')))
    await knex.schema.createTable('survey_questions', (t) => {
      t.increments('id');
      t.integer('survey_id').unsigned().notNullable().references('id').inTable('surveys');
      t.integer('position').unsigned().notNullable();
      // Not asked any more; its answers stay.
      t.boolean('removed').notNullable().defaultTo(false);
      t.string('kind', 10).notNullable();
      t.integer('prompt_id').unsigned().references('id').inTable('prompts');
      t.string('text_en', 500).notNullable().defaultTo('');
      t.string('text_zh', 500).notNullable().defaultTo('');
      t.tinyint('scale_from').unsigned().notNullable().defaultTo(0);
      t.tinyint('scale_to').unsigned().notNullable().defaultTo(0);
      t.json('choices').notNullable();
      t.integer('max_s').unsigned().notNullable().defaultTo(0);
      t.index(['survey_id', 'removed', 'position']);
    });
  if (!(await knex.schema.hasColumn('queues', 'survey_id')))
    await knex.schema.alterTable('queues', (t) => {
      t.integer('survey_id').unsigned().references('id').inTable('surveys');
      // Of a hundred callers so many are asked, and no number again before so many days have passed.
      t.tinyint('survey_share').unsigned().notNullable().defaultTo(100);
      t.smallint('survey_days').unsigned().notNullable().defaultTo(30);
    });
  await createAnswers(knex);
  await knex.raw(
    "ALTER TABLE recordings MODIFY kind ENUM('call', 'voicemail', 'comment') NOT NULL",
  );
}

/** Folded from the ledger: each time that a survey was offered, and each answer. */
async function createAnswers(knex) {
  if (!(await knex.schema.hasTable('survey_runs')))
    await knex.schema.createTable('survey_runs', (t) => {
      t.string('id', 26).primary();
      t.string('call_id', 26).notNullable().index();
      t.integer('survey_id').unsigned().notNullable();
      t.integer('version').unsigned().notNullable();
      // After whose talk; none where a flow asked.
      t.integer('queue_id').unsigned();
      t.integer('agent_id').unsigned();
      t.string('from_number', 64).notNullable();
      // When the call came in: a call counts in one period, whole.
      t.dateTime('call_at', { precision: 3 }).notNullable();
      t.dateTime('offered_at', { precision: 3 }).notNullable();
      t.dateTime('begun_at', { precision: 3 });
      t.string('outcome', 10).notNullable();
      t.smallint('answers').unsigned().notNullable();
      t.boolean('test').notNullable();
      t.index(['from_number', 'offered_at']);
      t.index(
        ['survey_id', 'call_at', 'test', 'outcome', 'answers', 'begun_at', 'queue_id', 'agent_id'],
        'survey_runs_figures',
      );
    });
  if (!(await knex.schema.hasTable('survey_answers')))
    await knex.schema.createTable('survey_answers', (t) => {
      t.string('run_id', 26).notNullable();
      t.integer('question_id').unsigned().notNullable();
      t.integer('survey_id').unsigned().notNullable();
      t.dateTime('call_at', { precision: 3 }).notNullable();
      // Empty for a comment, whose sound is the recording.
      t.smallint('value').unsigned();
      t.string('recording_id', 26);
      t.dateTime('answered_at', { precision: 3 }).notNullable();
      t.primary(['run_id', 'question_id']);
      t.index(['survey_id', 'call_at', 'question_id', 'value', 'run_id'], 'survey_answers_figures');
      t.index(['recording_id']);
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
