export { PbxService, type PbxParts } from './pbx-service.js';
