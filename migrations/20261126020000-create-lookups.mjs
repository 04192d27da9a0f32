/**
 * Databases that flows read from, and conference rooms. Each step checks what is there, so that an interrupted run can be
 * repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (name, build) => {
    if (await knex.schema.hasTable(name)) return;
    await knex.schema.createTable(name, (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      build(t);
    });
  };
  await create('lookup_connections', (t) => {
    t.string('host', 253).notNullable();
    t.smallint('port').unsigned().notNullable().defaultTo(3306);
    t.string('database_name', 64).notNullable();
    t.string('user', 80).notNullable();
    t.text('password_sealed').notNullable();
  });
  await create('conferences', (t) => {
    t.string('number', 8).notNullable().unique();
    t.text('pin_sealed').notNullable();
    t.boolean('announces_join').notNullable().defaultTo(true);
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const name of ['conferences', 'lookup_connections'])
    await knex.schema.dropTableIfExists(name);
}
