/**
 * Paging groups: phones that answer by themselves and let everybody near them hear whoever calls.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('paging_groups')))
    await knex.schema.createTable('paging_groups', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.string('number', 10).notNullable().unique();
    });
  if (!(await knex.schema.hasTable('paging_group_members')))
    await knex.schema.createTable('paging_group_members', (t) => {
      t.integer('group_id').unsigned().notNullable().references('id').inTable('paging_groups');
      t.integer('extension_id').unsigned().notNullable().references('id').inTable('extensions');
      t.primary(['group_id', 'extension_id']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('paging_group_members');
  await knex.schema.dropTableIfExists('paging_groups');
}
