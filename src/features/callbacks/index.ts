export { KnexCallbackStore } from './knex-callback-store.js';
