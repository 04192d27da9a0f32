/**
 * Ring groups: phones that ring for one number. A member is an extension, or an outside number.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('ring_groups')))
    await knex.schema.createTable('ring_groups', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      // Null for a group that is not dialled.
      t.string('number', 10).unique();
      t.string('strategy', 16).notNullable();
      t.integer('ring_s').unsigned().notNullable();
      t.string('prefix', 20).notNullable().defaultTo('');
      t.boolean('confirms').notNullable().defaultTo(true);
      t.json('elsewhere').notNullable();
    });
  if (!(await knex.schema.hasTable('ring_group_members')))
    await knex.schema.createTable('ring_group_members', (t) => {
      t.integer('group_id').unsigned().notNullable().references('id').inTable('ring_groups');
      t.integer('position').unsigned().notNullable();
      t.integer('extension_id').unsigned().references('id').inTable('extensions');
      t.string('number', 32).notNullable().defaultTo('');
      t.primary(['group_id', 'position']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('ring_group_members');
  await knex.schema.dropTableIfExists('ring_groups');
}
