/**
 * Certificates that a routing hook trusts beside the public authorities, in PEM; '' for none.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasColumn('routing_hooks', 'ca_certificate')))
    await knex.schema.alterTable('routing_hooks', (t) => {
      t.text('ca_certificate');
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  if (await knex.schema.hasColumn('routing_hooks', 'ca_certificate'))
    await knex.schema.alterTable('routing_hooks', (t) => {
      t.dropColumn('ca_certificate');
    });
}
