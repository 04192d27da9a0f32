/**
 * What was set for the calls to an extension, by its owner, an administrator or the phone itself. An extension without a row
 * has the defaults. Its version is its own: a key on the phone must not cost an administrator a conflict.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('call_handling')) return;
  await knex.schema.createTable('call_handling', (t) => {
    t.integer('extension_id').unsigned().primary().references('id').inTable('extensions');
    t.integer('version').unsigned().notNullable().defaultTo(1);
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.boolean('do_not_disturb').notNullable().defaultTo(false);
    t.boolean('call_waiting').notNullable().defaultTo(true);
    // Numbers as they are dialled inside, or E.164; '' is off.
    t.string('forward_always', 32).notNullable().defaultTo('');
    t.string('forward_busy', 32).notNullable().defaultTo('');
    t.string('forward_no_answer', 32).notNullable().defaultTo('');
    t.string('forward_unregistered', 32).notNullable().defaultTo('');
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('call_handling');
}
