export { Bell } from './bell.js';
export { LampKeeper } from './lamp-keeper.js';
export { PbxService, type PbxParts } from './pbx-service.js';
