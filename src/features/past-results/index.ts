export { KnexPastResults } from './knex-past-results.js';
export { keepResults, refreshResults } from './results-keeper.js';
