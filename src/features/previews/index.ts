export { KnexFollowUpCalls } from './knex-follow-up-calls.js';
export { KnexPreviewRecords } from './knex-preview-records.js';
export type { PreviewRecord } from './preview-record.js';
