/**
 * Alarms: the rules by which something is one, what was wrong and when, and what other systems are told of it.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('alarm_rules'))) {
    await knex.schema.createTable('alarm_rules', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.string('kind', 16).notNullable();
      t.string('level', 8).notNullable();
      t.boolean('enabled').notNullable().defaultTo(true);
      t.integer('threshold').unsigned().notNullable();
      t.integer('hold_s').unsigned().notNullable();
      t.json('queues').notNullable();
      t.text('mails').notNullable();
      t.string('webhook', 500).notNullable().defaultTo('');
      // Minutes since midnight; alike for no quiet hours.
      t.smallint('quiet_from').unsigned().notNullable().defaultTo(0);
      t.smallint('quiet_to').unsigned().notNullable().defaultTo(0);
    });
    const rule = (name, kind, level, threshold, hold_s) => ({
      ...{ name, kind, level, threshold, hold_s, queues: '[]', mails: '' },
    });
    await knex('alarm_rules').insert([
      rule('Waiting too long', 'waiting', 'warning', 300, 0),
      rule('Callers wait although agents are free', 'stall', 'critical', 3, 0),
      rule('Trunk down', 'trunk-down', 'critical', 1, 10),
      rule('Registrations lost', 'phones-lost', 'critical', 30, 30),
      rule('Calls that fail', 'error-rate', 'warning', 20, 0),
      rule('No sound on a talk', 'no-sound', 'warning', 15, 0),
      rule('Disk nearly full', 'disk', 'warning', 85, 60),
      rule('Telephone system away', 'pbx-away', 'critical', 1, 10),
      rule('Figures do not add up', 'figures', 'warning', 1, 0),
    ]);
  }
  if (!(await knex.schema.hasTable('alarms')))
    await knex.schema.createTable('alarms', (t) => {
      t.increments('id');
      t.integer('rule_id').unsigned().notNullable().references('id').inTable('alarm_rules');
      t.string('kind', 16).notNullable();
      t.string('level', 8).notNullable();
      t.string('rule_name', 80).notNullable();
      t.string('subject', 64).notNullable();
      t.string('subject_name', 120).notNullable();
      t.double('value').notNullable();
      t.integer('threshold').unsigned().notNullable();
      t.dateTime('began_at', { precision: 3 }).notNullable();
      t.dateTime('ended_at', { precision: 3 });
      // Rule and subject while it is open: the same cannot be open twice.
      t.string('open_key', 80).unique();
      t.dateTime('acknowledged_at', { precision: 3 });
      t.string('acknowledged_by', 80).notNullable().defaultTo('');
      t.string('note', 500).notNullable().defaultTo('');
      // When mail and webhook were given on their way; null while quiet hours last.
      t.dateTime('told_at', { precision: 3 });
      t.dateTime('end_told_at', { precision: 3 });
      t.index(['began_at', 'id']);
      t.index(['ended_at', 'began_at']);
    });
  if (!(await knex.schema.hasTable('alarm_webhooks')))
    await knex.schema.createTable('alarm_webhooks', (t) => {
      t.increments('id');
      t.integer('alarm_id').unsigned().notNullable().references('id').inTable('alarms');
      t.string('moment', 8).notNullable();
      t.string('url', 500).notNullable();
      t.text('body').notNullable();
      t.dateTime('created_at', { precision: 3 }).notNullable();
      t.dateTime('given_at', { precision: 3 });
      t.unique(['alarm_id', 'moment']);
      t.index('given_at');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('alarm_webhooks');
  await knex.schema.dropTableIfExists('alarms');
  await knex.schema.dropTableIfExists('alarm_rules');
}
