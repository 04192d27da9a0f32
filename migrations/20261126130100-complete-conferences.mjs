/**
 * Conference rooms: PINs of hosts and guests, who waits for whom, how many, what is announced and recorded, how far the room
 * may call; and which calls are in the recording of a room.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const add = async (column, build) => {
    if (!(await knex.schema.hasColumn('conferences', column)))
      await knex.schema.alterTable('conferences', build);
  };
  await add('host_pin_sealed', (t) => t.string('host_pin_sealed', 255).notNullable().defaultTo(''));
  await add('guests_wait', (t) => t.boolean('guests_wait').notNullable().defaultTo(false));
  await add('ends_with_host', (t) => t.boolean('ends_with_host').notNullable().defaultTo(false));
  await add('max_members', (t) => t.integer('max_members').unsigned().notNullable().defaultTo(0));
  await add('records', (t) => t.string('records', 16).notNullable().defaultTo('never'));
  await add('invites', (t) => t.string('invites', 16).notNullable().defaultTo('internal'));
  await add('announces', (t) => t.string('announces', 16).notNullable().defaultTo('none'));
  if (await knex.schema.hasColumn('conferences', 'announces_join')) {
    await knex('conferences').where('announces_join', true).update({ announces: 'number' });
    await knex.schema.alterTable('conferences', (t) => t.dropColumn('announces_join'));
  }
  await knex.raw(
    "ALTER TABLE recordings MODIFY kind ENUM('call', 'voicemail', 'comment', 'conference') NOT NULL",
  );
  if (!(await knex.schema.hasTable('conference_recordings')))
    await knex.schema.createTable('conference_recordings', (t) => {
      t.string('call_id', 26).notNullable();
      t.string('recording_id', 26).notNullable().index();
      t.integer('conference_id').unsigned().notNullable();
      t.integer('recorded_ms').unsigned().notNullable();
      t.primary(['call_id', 'recording_id']);
    });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
