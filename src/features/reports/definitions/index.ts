import type { ReportDefinition } from '../report-definition.js';
import { AGENTS, DISPOSITIONS, NOT_READY_REASONS, SKILLS, TEAMS, TRANSFERS } from './agents.js';
import { CAMPAIGNS, DIDS, FLOWS, SURVEYS, TRUNKS, VOLUME } from './lines.js';
import { CALLBACKS, QUEUES, REPEATS, SERVICE, WAITS } from './queues.js';

/** All standard reports, in the order of the library. */
export const STANDARD_REPORTS: readonly ReportDefinition[] = [
  ...[QUEUES, SERVICE, WAITS, CALLBACKS, REPEATS],
  ...[AGENTS, TEAMS, SKILLS, NOT_READY_REASONS, TRANSFERS, DISPOSITIONS],
  ...[VOLUME, DIDS, TRUNKS, FLOWS, CAMPAIGNS, SURVEYS],
];
