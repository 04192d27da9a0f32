/**
 * Skills, and at which level agents have them. Each step checks what is there, so that an interrupted run can be repeated.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  if (!(await knex.schema.hasTable('skills')))
    await knex.schema.createTable('skills', (t) => {
      t.increments('id');
      t.dateTime('created_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('updated_at', { precision: 3 }).notNullable().defaultTo(knex.fn.now(3));
      t.dateTime('archived_at', { precision: 3 });
      t.integer('version').unsigned().notNullable().defaultTo(1);
      t.string('name', 80).notNullable().unique();
      t.string('description', 255).notNullable().defaultTo('');
      t.enum('kind', ['skill', 'language']).notNullable().defaultTo('skill');
      // BCP 47 tag of a language skill; callers of that language ask for it.
      t.string('language', 35).unique();
    });
  if (!(await knex.schema.hasTable('agent_skills')))
    await knex.schema.createTable('agent_skills', (t) => {
      t.integer('agent_id').unsigned().notNullable().references('id').inTable('agents');
      t.integer('skill_id').unsigned().notNullable().references('id').inTable('skills');
      // 1 to 100; an agent without the skill has no row.
      t.tinyint('level').unsigned().notNullable();
      t.primary(['agent_id', 'skill_id']);
    });
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTableIfExists('agent_skills');
  await knex.schema.dropTableIfExists('skills');
}
