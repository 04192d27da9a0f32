/**
 * The site's own fields of contacts, and imports of files with how far they got, figures of lists. Contacts are looked
 * through by name and company among those in use.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('contact_fields')))
    await knex.schema.createTable('contact_fields', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      // Under which `contacts.fields` holds its value, and which scripts and prompts name.
      t.string('key', 40).notNullable().unique();
      t.string('name', 80).notNullable();
      t.enum('kind', ['text', 'number', 'date', 'choice', 'flag']).notNullable();
      // Of a choice: what can be chosen.
      t.json('choices').notNullable().defaultTo('[]');
    });
  if (!(await knex.schema.hasTable('contact_imports')))
    await knex.schema.createTable('contact_imports', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.enum('kind', ['contacts', 'do-not-call']).notNullable();
      t.integer('user_id').unsigned().references('id').inTable('users');
      t.string('user_name', 80).notNullable();
      t.string('file_name', 200).notNullable();
      // Where it lies in the folder of imports, until it is thrown away.
      t.string('stored_as', 40).notNullable();
      t.bigInteger('bytes').unsigned().notNullable();
      // How its text is read: encoding and delimiter, or the workbook's sheet.
      t.json('format').notNullable();
      // What becomes of its columns; empty before somebody chose.
      t.json('settings');
      t.integer('list_id').unsigned().references('id').inTable('contact_lists');
      t.enum('state', ['draft', 'waiting', 'running', 'done', 'cancelled', 'broken-off', 'failed'])
        .notNullable()
        .defaultTo('draft')
        .index();
      t.string('problem', 200).notNullable().defaultTo('');
      t.boolean('cancel_asked').notNullable().defaultTo(false);
      t.dateTime('started_at', { precision: 3 });
      t.dateTime('ended_at', { precision: 3 });
      // How far it got; written together with what it did.
      t.integer('rows_done').unsigned().notNullable().defaultTo(0);
      t.double('share_done').notNullable().defaultTo(0);
      t.integer('imported').unsigned().notNullable().defaultTo(0);
      t.integer('updated').unsigned().notNullable().defaultTo(0);
      t.integer('listed').unsigned().notNullable().defaultTo(0);
      t.integer('duplicates_before').unsigned().notNullable().defaultTo(0);
      t.integer('duplicates_inside').unsigned().notNullable().defaultTo(0);
      t.integer('rejected').unsigned().notNullable().defaultTo(0);
      // Length of the file of rejected rows that belongs to `rows_done`.
      t.bigInteger('rejected_bytes').unsigned().notNullable().defaultTo(0);
      // Ids of contacts that it made, as [first, last].
      t.json('made').notNullable().defaultTo('[]');
      t.index(['list_id']);
    });
  // How many people are in a list, and how many of them somebody may call: counted in the background, anew after changes.
  if (!(await knex.schema.hasColumn('contact_lists', 'counted_at')))
    await knex.schema.alterTable('contact_lists', (t) => {
      t.integer('members').unsigned().notNullable().defaultTo(0);
      t.integer('callable').unsigned().notNullable().defaultTo(0);
      t.dateTime('counted_at', { precision: 3 });
    });
  // Keys are codes: `ab1` and `AB1` are two, as they are in the system that they come from.
  await knex.raw('ALTER TABLE contacts MODIFY external_key VARCHAR(80) COLLATE utf8mb4_bin');
  const [indexes] = await knex.raw('SHOW INDEX FROM contacts');
  const has = (name) => indexes.some((index) => index.Key_name === name);
  await knex.schema.alterTable('contacts', (t) => {
    if (!has('contacts_archived_at_name_index')) t.index(['archived_at', 'name']);
    if (!has('contacts_archived_at_company_index')) t.index(['archived_at', 'company']);
    if (has('contacts_name_index')) t.dropIndex(['name']);
  });
}

export async function down() {
  throw new Error('this change is not taken back: restore a backup instead');
}
