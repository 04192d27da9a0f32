/**
 * The first tables. Times are UTC, DATETIME(3). Names of rows that history refers to are never deleted, only archived.
 * Each step checks what is there, so that an interrupted run can be repeated.
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
    // Optimistic lock: a form saves only over the version that it showed.
    t.integer('version').unsigned().notNullable().defaultTo(1);
  };

  await create('settings', (t) => {
    t.string('name', 64).primary();
    t.json('value').notNullable();
  });
  await create('extensions', (t) => {
    row(t);
    t.string('number', 10).notNullable().unique();
    t.string('name', 80).notNullable();
    t.enum('permission', ['internal', 'local', 'national', 'international'])
      .notNullable()
      .defaultTo('internal');
    t.string('caller_id', 32).notNullable().defaultTo('');
    t.text('secret_sealed').notNullable();
    t.boolean('record_internal').notNullable().defaultTo(false);
    t.boolean('voicemail').notNullable().defaultTo(true);
    t.integer('ring_timeout_s').unsigned().notNullable().defaultTo(25);
    t.string('language', 10).notNullable().defaultTo('en');
  });
  await create('users', (t) => {
    row(t);
    t.string('login', 64).notNullable().unique();
    t.string('name', 80).notNullable();
    t.enum('role', ['administrator', 'supervisor', 'agent']).notNullable();
    t.string('password_hash', 255).notNullable();
    t.string('language', 10).notNullable().defaultTo('en');
    t.enum('theme', ['auto', 'light', 'dark']).notNullable().defaultTo('auto');
    t.enum('density', ['comfortable', 'compact']).notNullable().defaultTo('compact');
    t.boolean('must_change_password').notNullable().defaultTo(false);
  });
  await create('agents', (t) => {
    row(t);
    t.integer('user_id').unsigned().unique().references('id').inTable('users');
    t.string('name', 80).notNullable();
    t.string('number', 10).notNullable().unique();
    t.string('pin_sealed', 255).notNullable().defaultTo('');
    t.integer('extension_id').unsigned().references('id').inTable('extensions');
  });
  await create('trunks', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
    t.enum('technology', ['sip', 'e1']).notNullable().defaultTo('sip');
    t.boolean('enabled').notNullable().defaultTo(true);
    t.integer('priority').unsigned().notNullable().defaultTo(10);
    t.integer('max_channels').unsigned().notNullable().defaultTo(0);
    t.string('caller_id', 32).notNullable().defaultTo('');
    // What the technology needs: SIP host, port, user, addresses, registration, codecs (features/trunks).
    t.json('settings').notNullable();
    t.text('password_sealed').notNullable();
  });
  await create('prompts', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
  });
  await create('prompt_files', (t) => {
    t.increments('id');
    t.integer('prompt_id').unsigned().notNullable().references('id').inTable('prompts');
    t.string('language', 10).notNullable();
    t.enum('source', ['upload', 'speech', 'phone']).notNullable();
    t.text('text').notNullable();
    // sha256 of the 8 kHz wav; `<var>/prompts/<hash>.wav` and `.16k.wav`.
    t.string('hash', 64).notNullable();
    t.integer('duration_ms').unsigned().notNullable();
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.unique(['prompt_id', 'language']);
  });
  await create('queues', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
    t.string('strategy', 32).notNullable().defaultTo('longest-idle');
    t.integer('ring_timeout_s').unsigned().notNullable().defaultTo(20);
    t.integer('wrap_up_s').unsigned().notNullable().defaultTo(15);
    t.integer('max_wait_s').unsigned().notNullable().defaultTo(600);
    t.integer('max_length').unsigned().notNullable().defaultTo(0);
    t.json('overflow').notNullable();
    t.boolean('leave_when_empty').notNullable().defaultTo(true);
    t.string('music_class', 32).notNullable().defaultTo('default');
    t.integer('announcement_prompt_id').unsigned().references('id').inTable('prompts');
    t.integer('announce_every_s').unsigned().notNullable().defaultTo(60);
    t.boolean('record').notNullable().defaultTo(true);
    t.integer('service_level_s').unsigned().notNullable().defaultTo(20);
  });
  await create('queue_members', (t) => {
    t.integer('queue_id').unsigned().notNullable().references('id').inTable('queues');
    t.integer('agent_id').unsigned().notNullable().references('id').inTable('agents');
    t.primary(['queue_id', 'agent_id']);
  });
  await create('ivr_flows', (t) => {
    row(t);
    t.string('name', 80).notNullable().unique();
    t.integer('published_version').unsigned().notNullable().defaultTo(1);
  });
  await create('ivr_flow_versions', (t) => {
    t.integer('flow_id').unsigned().notNullable().references('id').inTable('ivr_flows');
    t.integer('flow_version').unsigned().notNullable();
    t.json('definition').notNullable();
    t.integer('user_id').unsigned();
    t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
    t.primary(['flow_id', 'flow_version']);
  });
  await create('dids', (t) => {
    row(t);
    t.string('number', 32).notNullable().unique();
    t.string('name', 80).notNullable();
    t.json('target').notNullable();
    t.string('language', 10).notNullable().defaultTo('en');
  });

  // The ledger: append-only. `calls`, `call_legs`, `recordings`, `voicemails` are folded from it.
  await create('call_events', (t) => {
    t.string('id', 26).primary();
    t.string('call_id', 26).notNullable();
    t.integer('seq').unsigned().notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.string('kind', 32).notNullable();
    t.json('body').notNullable();
    t.index(['call_id', 'seq']);
    t.index(['at']);
  });
  await create('calls', (t) => {
    t.string('id', 26).primary();
    t.dateTime('started_at', { precision: 3 }).notNullable();
    t.dateTime('answered_at', { precision: 3 });
    t.dateTime('ended_at', { precision: 3 });
    t.enum('direction', ['inbound', 'outbound', 'internal']).notNullable();
    t.string('from_number', 64).notNullable();
    t.string('from_name', 120).notNullable().defaultTo('');
    t.string('to_number', 64).notNullable();
    t.string('result', 16);
    t.string('ended_by', 8);
    t.integer('cause').unsigned();
    t.string('reason', 120).notNullable().defaultTo('');
    t.string('node', 64).notNullable();
    t.integer('trunk_id').unsigned();
    t.integer('did_id').unsigned();
    t.integer('queue_id').unsigned();
    t.integer('agent_id').unsigned();
    t.integer('extension_id').unsigned();
    t.string('language', 10);
    t.string('path', 255).notNullable().defaultTo('');
    t.integer('wait_ms').unsigned().notNullable().defaultTo(0);
    t.integer('talk_ms').unsigned().notNullable().defaultTo(0);
    t.integer('hold_ms').unsigned().notNullable().defaultTo(0);
    t.integer('recorded_ms').unsigned().notNullable().defaultTo(0);
    t.boolean('test').notNullable().defaultTo(false);
    t.index(['started_at', 'id']);
    t.index(['from_number', 'started_at']);
    t.index(['to_number', 'started_at']);
    t.index(['queue_id', 'started_at']);
    t.index(['agent_id', 'started_at']);
    t.index(['extension_id', 'started_at']);
  });
  await create('call_legs', (t) => {
    t.string('id', 64).primary();
    t.string('call_id', 26).notNullable().index();
    t.string('role', 16).notNullable();
    t.string('number', 64).notNullable();
    t.string('name', 120).notNullable().defaultTo('');
    t.integer('agent_id').unsigned();
    t.integer('extension_id').unsigned();
    t.integer('trunk_id').unsigned();
    t.dateTime('started_at', { precision: 3 }).notNullable();
    t.dateTime('answered_at', { precision: 3 });
    t.dateTime('ended_at', { precision: 3 });
    t.integer('cause').unsigned();
    t.integer('tech_cause').unsigned();
  });
  await create('recordings', (t) => {
    t.string('id', 26).primary();
    t.string('call_id', 26).notNullable().index();
    t.enum('kind', ['call', 'voicemail']).notNullable();
    // waiting: still on the node · stored: here, hashed · missing: the node has no file (alarm)
    t.enum('state', ['waiting', 'stored', 'missing']).notNullable();
    t.string('node', 64).notNullable();
    t.json('node_files').notNullable();
    t.string('path', 255).notNullable().defaultTo('');
    t.string('sha256', 64).notNullable().defaultTo('');
    t.integer('bytes').unsigned().notNullable().defaultTo(0);
    t.integer('duration_ms').unsigned().notNullable().defaultTo(0);
    t.json('peaks');
    t.string('problem', 255).notNullable().defaultTo('');
    t.dateTime('created_at', { precision: 3 }).notNullable();
    t.index(['state', 'created_at']);
  });
  await create('voicemails', (t) => {
    t.string('recording_id', 26).primary();
    t.string('call_id', 26).notNullable();
    t.integer('extension_id').unsigned();
    t.integer('queue_id').unsigned();
    t.dateTime('left_at', { precision: 3 }).notNullable();
    t.dateTime('heard_at', { precision: 3 });
    t.integer('heard_by').unsigned();
    t.string('remark', 255).notNullable().defaultTo('');
  });
  await create('agent_state_changes', (t) => {
    t.string('id', 26).primary();
    t.integer('agent_id').unsigned().notNullable();
    t.dateTime('at', { precision: 3 }).notNullable();
    t.string('state', 16).notNullable();
    t.string('reason', 64).notNullable().defaultTo('');
    t.string('call_id', 26);
    t.index(['agent_id', 'at']);
  });
  await create('audit_entries', (t) => {
    t.bigIncrements('id');
    t.dateTime('at', { precision: 3 }).notNullable();
    t.integer('user_id').unsigned();
    t.string('user_name', 80).notNullable();
    t.string('action', 48).notNullable();
    t.string('object_kind', 32).notNullable();
    t.string('object_id', 64).notNullable();
    t.string('object_name', 120).notNullable().defaultTo('');
    // Old and new values of the fields that changed; secrets only as "changed".
    t.json('changes');
    t.string('address', 45).notNullable().defaultTo('');
    t.index(['at']);
    t.index(['object_kind', 'object_id', 'at']);
  });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const name of [
    'audit_entries',
    'agent_state_changes',
    'voicemails',
    'recordings',
    'call_legs',
    'calls',
    'call_events',
    'dids',
    'ivr_flow_versions',
    'ivr_flows',
    'queue_members',
    'queues',
    'prompt_files',
    'prompts',
    'trunks',
    'agents',
    'users',
    'extensions',
    'settings',
  ])
    await knex.schema.dropTableIfExists(name);
}
