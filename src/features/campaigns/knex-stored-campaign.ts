import type { Knex } from 'knex';
import type { CalendarException } from '../../engines/routing/calendar.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import type { CampaignId, QueueId } from '../../kernel/ids.js';
import type { CampaignMode, CampaignState, RunningCampaign } from '../../telephony/campaigns.js';
import { abandonRuleOf, ringOf } from './campaign-rules.js';
import type { CampaignSettings } from './campaign.js';
import { readSettings } from './settings.js';

/** A campaign as the table has it. */
export interface CampaignRow {
  readonly id: CampaignId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly mode: CampaignMode;
  readonly state: CampaignState;
  readonly state_reason: string;
  readonly queue_id: QueueId | null;
  readonly priority: number;
  readonly settings: unknown;
}

/** What the dialler needs of a campaign. */
export function runningCampaign(row: CampaignRow): RunningCampaign {
  const settings = readSettings(row.settings);
  const abandon = abandonRuleOf(settings);
  const { abandonedPrompt, flow, inboundThreshold, scoreField } = settings;
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    ...(row.queue_id === null ? {} : { queueId: row.queue_id }),
    priority: row.priority,
    language: settings.language,
    ringMs: ringOf(settings),
    maxLines: settings.maxLines,
    abandonLimit: abandon.limit,
    abandonWindowMs: abandon.windowMs,
    ...(inboundThreshold === 0 ? {} : { inboundThreshold }),
    ...(abandonedPrompt === undefined ? {} : { abandonedPromptId: abandonedPrompt }),
    machine: machineOf(settings),
    ...(flow === undefined ? {} : { flowId: flow }),
    ...(scoreField === '' ? {} : { scoreField }),
    optOutDigit: settings.optOutDigit,
    preview: { limitMs: settings.previewLimitMs, atLimit: settings.previewAtLimit },
    followUps: {
      attempts: settings.promiseAttempts,
      retryMs: settings.promiseRetryMs,
      graceMs: settings.promiseGraceMs,
    },
  };
}

function machineOf({ machine, machinePrompt }: CampaignSettings): RunningCampaign['machine'] {
  if (machine !== 'message') return { kind: machine };
  // Without a message there is nothing to leave.
  return machinePrompt === undefined
    ? { kind: 'hang-up' }
    : { kind: 'message', promptId: machinePrompt };
}

/** Days of the calendar that a campaign keeps; none where it keeps none. */
export async function exceptionsOf(
  db: Knex,
  { holidays }: Pick<CampaignSettings, 'holidays'>,
): Promise<readonly CalendarException[]> {
  if (holidays === undefined) return [];
  const row = await db('calendars')
    .where({ id: holidays })
    .first<{ weekly: unknown; exceptions: unknown } | undefined>('weekly', 'exceptions');
  return row === undefined ? [] : readCalendarColumns(row).exceptions;
}
