/**
 * Routing: rules in their order, the hooks that are asked before a call queues, and indexes that find what is remembered of
 * a caller without reading the calls themselves. Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (name, build) => {
    if (!(await knex.schema.hasTable(name))) await knex.schema.createTable(name, build);
  };
  const row = (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('archived_at', { precision: 3 });
    t.integer('version').unsigned().notNullable().defaultTo(1);
  };
  await create('routing_rules', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
    t.integer('position').unsigned().notNullable();
    t.boolean('enabled').notNullable().defaultTo(true);
    t.json('conditions').notNullable();
    t.json('effects').notNullable();
    t.index(['position']);
  });
  await create('routing_hooks', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
    t.boolean('enabled').notNullable().defaultTo(true);
    t.string('url', 500).notNullable();
    t.json('dids').notNullable();
    t.json('queues').notNullable();
    t.integer('timeout_ms').unsigned().notNullable().defaultTo(800);
    t.text('secret_sealed').notNullable();
    t.json('allowed_addresses').notNullable();
  });
  for (const [name, columns] of INDEXES)
    if (!(await hasIndex(knex, name)))
      await knex.schema.alterTable('calls', (t) => {
        t.index(columns, name);
      });
}

/** Found by number, read without touching the rows. */
const INDEXES = [
  ['calls_caller_history', ['from_number', 'direction', 'started_at', 'agent_id', 'talk_ms']],
  ['calls_called_history', ['to_number', 'direction', 'started_at', 'agent_id', 'talk_ms']],
];

async function hasIndex(knex, name) {
  const [rows] = await knex.raw('show index from calls where Key_name = ?', [name]);
  return rows.length > 0;
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const [name, columns] of INDEXES)
    if (await hasIndex(knex, name))
      await knex.schema.alterTable('calls', (t) => {
        t.dropIndex(columns, name);
      });
  for (const name of ['routing_hooks', 'routing_rules']) await knex.schema.dropTableIfExists(name);
}
