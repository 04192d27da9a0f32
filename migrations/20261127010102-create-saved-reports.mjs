/**
 * Reports as people keep them: which one, with what it was asked (`query`, as it stands in the address), and when it is mailed to
 * whom. `next_mail_at` is null where it never is.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (await knex.schema.hasTable('saved_reports')) return;
  await knex.schema.createTable('saved_reports', (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.integer('user_id').unsigned().notNullable().references('id').inTable('users');
    t.string('name', 80).notNullable();
    t.string('slug', 40).notNullable();
    t.string('query', 1000).notNullable().defaultTo('');
    t.boolean('shared').notNullable().defaultTo(false);
    t.string('mail_to', 1000).notNullable().defaultTo('');
    t.enum('mail_when', ['never', 'daily', 'weekdays', 'weekly', 'monthly'])
      .notNullable()
      .defaultTo('never');
    t.tinyint('mail_hour').unsigned().notNullable().defaultTo(7);
    t.enum('format', ['xlsx', 'csv']).notNullable().defaultTo('xlsx');
    t.string('language', 10).notNullable().defaultTo('en');
    t.dateTime('next_mail_at', { precision: 3 }).index();
    t.dateTime('last_mailed_at', { precision: 3 });
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('saved_reports');
}
