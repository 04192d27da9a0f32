export * from './changes.js';
export * from './knex-target-store.js';
export * from './knex-versioned-store.js';
export * from './target.js';
export * from './usage-reports.js';
export * from './usage.js';
export * from './versioned-store.js';
