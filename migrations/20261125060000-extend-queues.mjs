/**
 * Queues by every rule of distribution, and callbacks. Times are UTC, DATETIME(3).
 * Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const add = async (name, build) => {
    if (!(await knex.schema.hasColumn('queues', name)))
      await knex.schema.alterTable('queues', build);
  };
  await add('weights', (t) => t.json('weights'));
  await add('weight', (t) => t.integer('weight').unsigned().notNullable().defaultTo(0));
  await add('max_talking', (t) => t.integer('max_talking').unsigned().notNullable().defaultTo(0));
  await add('reject_memory_s', (t) =>
    t.integer('reject_memory_s').unsigned().notNullable().defaultTo(30),
  );
  await add('misses_until_not_ready', (t) =>
    t.integer('misses_until_not_ready').unsigned().notNullable().defaultTo(3),
  );
  await add('auto_answers', (t) => t.boolean('auto_answers').notNullable().defaultTo(false));
  await add('whisper_prompt_id', (t) =>
    t.integer('whisper_prompt_id').unsigned().references('id').inTable('prompts'),
  );
  await add('wrap_up_until_done', (t) =>
    t.boolean('wrap_up_until_done').notNullable().defaultTo(false),
  );
  await add('wrap_up_extensions', (t) =>
    t.integer('wrap_up_extensions').unsigned().notNullable().defaultTo(0),
  );
  await add('wrap_up_extend_s', (t) =>
    t.integer('wrap_up_extend_s').unsigned().notNullable().defaultTo(30),
  );
  await add('code_needed', (t) => t.boolean('code_needed').notNullable().defaultTo(false));
  await add('max_per_agent', (t) =>
    t.integer('max_per_agent').unsigned().notNullable().defaultTo(0),
  );
  await add('calendar_id', (t) =>
    t.integer('calendar_id').unsigned().references('id').inTable('calendars'),
  );
  await add('clear_at_closing', (t) =>
    t.boolean('clear_at_closing').notNullable().defaultTo(false),
  );
  await add('sticky_s', (t) => t.integer('sticky_s').unsigned().notNullable().defaultTo(0));
  await add('sticky_days', (t) => t.integer('sticky_days').unsigned().notNullable().defaultTo(7));
  await add('tell_place', (t) => t.boolean('tell_place').notNullable().defaultTo(false));
  await add('tell_wait', (t) => t.boolean('tell_wait').notNullable().defaultTo(false));
  await add('tell_every_s', (t) =>
    t.integer('tell_every_s').unsigned().notNullable().defaultTo(60),
  );
  await add('callback_offered', (t) =>
    t.boolean('callback_offered').notNullable().defaultTo(false),
  );
  await add('callback_after_s', (t) =>
    t.integer('callback_after_s').unsigned().notNullable().defaultTo(60),
  );
  await add('callback_attempts', (t) =>
    t.integer('callback_attempts').unsigned().notNullable().defaultTo(3),
  );
  await add('callback_retry_s', (t) =>
    t.integer('callback_retry_s').unsigned().notNullable().defaultTo(900),
  );

  if (!(await knex.schema.hasTable('queue_skills')))
    await knex.schema.createTable('queue_skills', (t) => {
      t.integer('queue_id').unsigned().notNullable().references('id').inTable('queues');
      t.integer('skill_id').unsigned().notNullable().references('id').inTable('skills');
      t.boolean('required').notNullable();
      t.integer('min_level').unsigned().notNullable();
      // [{ afterMs, minLevel }, ...]
      t.json('relax').notNullable();
      t.primary(['queue_id', 'skill_id']);
    });

  if (!(await knex.schema.hasTable('callbacks')))
    await knex.schema.createTable('callbacks', (t) => {
      t.string('id', 26).primary();
      t.integer('queue_id').unsigned().notNullable().references('id').inTable('queues');
      // The call in which it was asked for, and that of the last try.
      t.string('call_id', 26).notNullable().index();
      t.string('last_call_id', 26);
      t.string('number', 64).notNullable();
      // The number while it is open, else null: a number has one open callback at most.
      t.string('open_number', 64).unique();
      t.string('name', 120).notNullable().defaultTo('');
      t.integer('priority').unsigned().notNullable();
      t.dateTime('entered_at', { precision: 3 }).notNullable();
      t.dateTime('asked_at', { precision: 3 }).notNullable();
      t.json('requirements').notNullable();
      t.string('language', 10).notNullable();
      t.enum('state', [
        'waiting',
        'calling',
        'done',
        'failed',
        'cancelled',
        'returned',
      ]).notNullable();
      t.integer('attempts').unsigned().notNullable().defaultTo(0);
      t.dateTime('not_before', { precision: 3 });
      t.integer('agent_id').unsigned().references('id').inTable('agents');
      t.string('last_outcome', 16);
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('closed_at', { precision: 3 });
      t.text('note');
      t.index(['state', 'asked_at']);
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
