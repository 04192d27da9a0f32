/**
 * People to call, their numbers, lists of them, campaigns that call them, and a row for each dial and each refusal.
 * Times are UTC, DATETIME(3). Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  const create = async (table, build) => {
    if (!(await knex.schema.hasTable(table))) await knex.schema.createTable(table, build);
  };
  const named = (t) => {
    t.increments('id');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('archived_at', { precision: 3 });
    t.integer('version').unsigned().notNullable().defaultTo(1);
  };

  await create('contacts', (t) => {
    named(t);
    t.string('name', 160).notNullable().defaultTo('').index();
    t.string('company', 160).notNullable().defaultTo('');
    // The company's own key of this person, where an import gave one.
    t.string('external_key', 80).unique();
    t.string('language', 10).notNullable().defaultTo('');
    // ISO 3166-1 alpha-2, and an IANA zone; empty where the number says it.
    t.string('country', 2).notNullable().defaultTo('');
    t.string('time_zone', 64).notNullable().defaultTo('');
    t.integer('owner_agent_id').unsigned().references('id').inTable('agents');
    // The site's own fields, by key.
    t.json('fields').notNullable().defaultTo('{}');
  });
  await create('contact_numbers', (t) => {
    t.increments('id');
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts');
    t.integer('position').unsigned().notNullable();
    // E.164.
    t.string('number', 20).notNullable().index();
    t.enum('kind', ['mobile', 'work', 'home', 'other']).notNullable().defaultTo('other');
    t.dateTime('dead_at', { precision: 3 });
    t.string('dead_reason', 40).notNullable().defaultTo('');
    t.unique(['contact_id', 'position']);
  });
  await create('contact_consents', (t) => {
    t.increments('id');
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts');
    t.enum('kind', ['given', 'withdrawn']).notNullable();
    t.string('source', 80).notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.index(['contact_id', 'at']);
  });
  await create('contact_remarks', (t) => {
    t.increments('id');
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts');
    t.integer('user_id').unsigned().references('id').inTable('users');
    t.string('call_id', 26);
    t.dateTime('at', { precision: 3 }).notNullable();
    t.text('text').notNullable();
    t.index(['contact_id', 'at']);
  });

  await create('contact_lists', (t) => {
    named(t);
    t.string('name', 80).notNullable();
    t.string('description', 400).notNullable().defaultTo('');
  });
  await create('contact_list_members', (t) => {
    t.integer('list_id').unsigned().notNullable().references('id').inTable('contact_lists');
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts').index();
    t.primary(['list_id', 'contact_id']);
  });
  await create('segments', (t) => {
    named(t);
    t.string('name', 80).notNullable();
    t.json('filter').notNullable();
  });

  await create('do_not_call', (t) => {
    t.increments('id');
    t.string('number', 20).notNullable();
    // 0: nobody calls this number for any campaign.
    t.integer('campaign_id').unsigned().notNullable().defaultTo(0);
    t.enum('source', ['import', 'key', 'agent', 'page', 'api', 'caller']).notNullable();
    t.string('note', 200).notNullable().defaultTo('');
    t.integer('user_id').unsigned().references('id').inTable('users');
    t.string('call_id', 26);
    t.dateTime('at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.unique(['number', 'campaign_id']);
  });

  await create('campaigns', (t) => {
    named(t);
    t.string('name', 80).notNullable();
    t.enum('mode', [
      'preview',
      'progressive',
      'predictive',
      'appointment',
      'notification',
    ]).notNullable();
    t.enum('state', ['draft', 'running', 'paused', 'stopped', 'done'])
      .notNullable()
      .defaultTo('draft');
    t.string('state_reason', 200).notNullable().defaultTo('');
    // Whose agents take its calls; none for notifications.
    t.integer('queue_id').unsigned().references('id').inTable('queues');
    t.integer('priority').unsigned().notNullable().defaultTo(5);
    // Everything else, by the schema of campaigns.
    t.json('settings').notNullable();
  });
  await create('campaign_sources', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable().references('id').inTable('campaigns');
    t.integer('list_id').unsigned().references('id').inTable('contact_lists');
    t.integer('segment_id').unsigned().references('id').inTable('segments');
    t.integer('position').unsigned().notNullable();
    t.unique(['campaign_id', 'position']);
  });

  // A person in a campaign.
  await create('leads', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable().references('id').inTable('campaigns');
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts').index();
    t.integer('source_id').unsigned().references('id').inTable('campaign_sources');
    t.enum('state', ['open', 'calling', 'done', 'refused', 'removed'])
      .notNullable()
      .defaultTo('open');
    t.integer('attempts').unsigned().notNullable().defaultTo(0);
    // Not called before.
    t.dateTime('next_at', { precision: 3 }).notNullable();
    t.integer('next_position').unsigned().notNullable().defaultTo(0);
    // Only this agent calls.
    t.integer('agent_id').unsigned().references('id').inTable('agents');
    t.integer('priority').unsigned().notNullable().defaultTo(0);
    t.string('last_result', 24).notNullable().defaultTo('');
    // What keeps it from being called now, as the last look found.
    t.string('held_by', 40).notNullable().defaultTo('');
    t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.unique(['campaign_id', 'contact_id']);
    t.index(['campaign_id', 'state', 'next_at']);
    t.index(['campaign_id', 'held_by']);
  });

  // Each dial, and each refusal to dial, with its reasons.
  await create('attempts', (t) => {
    t.string('id', 26).primary();
    t.enum('kind', ['dial', 'refusal']).notNullable();
    t.integer('campaign_id').unsigned().notNullable();
    t.integer('lead_id').unsigned().notNullable().index();
    t.integer('contact_id').unsigned().notNullable().index();
    t.string('number', 20).notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.string('mode', 16).notNullable();
    t.string('rule_set', 40).notNullable();
    // [{ rule, passed, detail }], in the order in which they were looked at.
    t.json('reasons').notNullable();
    // Of a refusal: the rule that said no, and when it may be looked at again.
    t.string('refused_by', 40).notNullable().defaultTo('');
    t.dateTime('retry_at', { precision: 3 });
    // Of a dial.
    t.string('call_id', 26).index();
    t.integer('trunk_id').unsigned();
    t.string('caller_id', 20).notNullable().defaultTo('');
    t.integer('agent_id').unsigned();
    t.dateTime('answered_at', { precision: 3 });
    t.dateTime('connected_at', { precision: 3 });
    t.dateTime('ended_at', { precision: 3 });
    t.string('result', 24).notNullable().defaultTo('');
    t.integer('cause').unsigned();
    t.integer('disposition_id').unsigned();
    // What machine detection said, and what the agent said it was.
    t.string('machine_verdict', 16).notNullable().defaultTo('');
    t.string('machine_truth', 16).notNullable().defaultTo('');
    t.index(['campaign_id', 'at']);
    t.index(['number', 'at']);
  });

  // What somebody has promised to do for a person, and when.
  await create('follow_ups', (t) => {
    t.increments('id');
    t.enum('kind', ['callback', 'appointment', 'task']).notNullable();
    t.integer('contact_id').unsigned().notNullable().references('id').inTable('contacts').index();
    t.integer('campaign_id').unsigned().references('id').inTable('campaigns');
    // Who shall do it; anybody of the campaign where empty.
    t.integer('agent_id').unsigned().references('id').inTable('agents');
    t.string('number', 20).notNullable();
    t.dateTime('due_at', { precision: 3 }).notNullable();
    t.string('note', 400).notNullable().defaultTo('');
    t.enum('source', ['agent', 'page', 'ivr', 'api']).notNullable();
    t.enum('state', ['open', 'calling', 'done', 'failed', 'cancelled'])
      .notNullable()
      .defaultTo('open');
    t.integer('attempts').unsigned().notNullable().defaultTo(0);
    t.string('last_result', 24).notNullable().defaultTo('');
    t.integer('user_id').unsigned().references('id').inTable('users');
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.dateTime('closed_at', { precision: 3 });
    t.index(['state', 'due_at']);
    t.index(['agent_id', 'state', 'due_at']);
  });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
