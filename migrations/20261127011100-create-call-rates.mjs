/**
 * What calls over trunks cost, and sums of it. A rate that is written or changed marks all time: the sums of costs, and no others,
 * are made anew.
 */
/** @param {import('knex').Knex} knex */
export async function up(knex) {
  if (!(await knex.schema.hasTable('call_rates')))
    await knex.schema.createTable('call_rates', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable();
      // null: any trunk.
      t.integer('trunk_id').unsigned().references('id').inTable('trunks');
      t.enum('direction', ['in', 'out']).notNullable();
      // How the number of the other side begins, in E.164; '' is any number.
      t.string('prefix', 16).notNullable();
      // ISO 4217; all rates in use have the same one.
      t.string('currency', 3).notNullable();
      // Millionths of the currency.
      t.bigInteger('per_minute').unsigned().notNullable();
      t.bigInteger('per_call').unsigned().notNullable();
      t.integer('minimum_s').unsigned().notNullable();
      t.integer('increment_s').unsigned().notNullable();
      // A day of the site, and the instant at which it begins.
      t.string('valid_from', 10).notNullable();
      t.dateTime('valid_at').notNullable();
    });
  if (!(await knex.schema.hasTable('sums_costs')))
    await knex.schema.createTable('sums_costs', (t) => {
      t.string('subject', 12).notNullable();
      t.enum('grain', ['quarter', 'day']).notNullable();
      t.dateTime('at').notNullable();
      t.string('item', 40).notNullable().collate('utf8mb4_bin');
      t.integer('priced').unsigned().notNullable();
      t.integer('unpriced').unsigned().notNullable();
      t.bigInteger('cost_micros').unsigned().notNullable();
      t.primary(['subject', 'grain', 'at', 'item']);
      t.index(['subject', 'grain', 'item', 'at'], 'sums_costs_item');
    });
  const mark = `INSERT INTO report_marks (marked, from_at, to_at)
    VALUES ('rates', '1970-01-01', UTC_TIMESTAMP(3))`;
  for (const event of ['insert', 'update', 'delete']) {
    await knex.raw(`DROP TRIGGER IF EXISTS call_rates_marks_${event}`);
    await knex.raw(
      `CREATE TRIGGER call_rates_marks_${event} AFTER ${event.toUpperCase()} ON call_rates FOR EACH ROW ${mark}`,
    );
  }
  await knex('report_marks').insert({ marked: 'rates', from_at: new Date(0), to_at: new Date() });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  for (const event of ['insert', 'update', 'delete'])
    await knex.raw(`DROP TRIGGER IF EXISTS call_rates_marks_${event}`);
  await knex('report_marks').where('marked', 'rates').delete();
  await knex.schema.dropTableIfExists('sums_costs');
  await knex.schema.dropTableIfExists('call_rates');
}
