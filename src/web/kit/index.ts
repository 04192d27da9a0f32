export * from './format.js';
export * from './forms.js';
export * from './lists.js';
export * from './live-topics.js';
export * from './page-context.js';
export * from './page-routes.js';
export * from './translate.js';
export * from './uploads.js';
