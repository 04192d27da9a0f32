import { newSettings } from '../../src/features/campaigns/settings.js';
import {
  newAttemptId,
  newCallId,
  type AttemptId,
  type CallId,
  type QueueId,
  type ScriptId,
} from '../../src/kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot } from '../../src/telephony/live.js';
import { COMPANY, type CallsSite } from './calls-site.js';
import { liveQueue } from './live-line.js';

/** Ids of what {@link addOutbound} adds. */
export const OUTBOUND = { ada: 1, ben: 2, campaign: 1, interested: 2, notInterested: 3 } as const;
export const ADAS_NUMBER = '+442079460123';
export const ADAS_MOBILE = '+447700900123';

/** Two contacts (Ada in London, Ben in New York), dispositions of a sale, and a campaign of the queue Repairs. */
export async function addOutbound(at: CallsSite, script?: ScriptId): Promise<void> {
  const { database } = at.site.parts;
  await database('dispositions').insert([
    { id: 1, name_en: 'Sale', name_zh: '销售', position: 10 },
    { id: 2, parent_id: 1, name_en: 'Interested', name_zh: '有意向', position: 10 },
    { id: 3, parent_id: 1, name_en: 'Not interested', name_zh: '无意向', position: 20 },
  ]);
  await database('contact_fields').insert([
    { key: 'amount', name: 'Amount', kind: 'number' },
    { key: 'plan', name: 'Plan', kind: 'text' },
  ]);
  await database('contacts').insert([
    {
      ...{ id: OUTBOUND.ada, name: 'Ada Finch', company: 'Hollin', language: 'en' },
      ...{ country: 'GB', time_zone: 'Europe/London' },
      fields: JSON.stringify({ plan: 'Plus' }),
    },
    {
      ...{ id: OUTBOUND.ben, name: 'Ben Marlow', company: '', language: 'en' },
      ...{ country: 'US', time_zone: 'America/New_York', fields: '{}' },
    },
  ]);
  await database('contact_numbers').insert([
    { contact_id: OUTBOUND.ada, position: 0, number: ADAS_NUMBER },
    { contact_id: OUTBOUND.ada, position: 1, number: ADAS_MOBILE },
    { contact_id: OUTBOUND.ben, position: 0, number: '+12125550123' },
  ]);
  await database('campaigns').insert({
    ...{ id: OUTBOUND.campaign, name: 'Winter check', mode: 'preview', state: 'running' },
    queue_id: COMPANY.repairs,
    settings: JSON.stringify({ ...newSettings('Europe/London'), scriptId: script }),
  });
  await at.site.parts.directory.refresh();
}

/** A call of the campaign with Ada, as the dialler writes it. */
export async function dialAda(
  at: CallsSite,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly call: CallId; readonly attempt: AttemptId }> {
  const ids = { call: newCallId(), attempt: newAttemptId() };
  await at.site.parts.database('attempts').insert({
    ...{ id: ids.attempt, kind: 'dial', campaign_id: OUTBOUND.campaign, lead_id: 1 },
    ...{ contact_id: OUTBOUND.ada, number: ADAS_NUMBER, at: new Date(), mode: 'progressive' },
    ...{ rule_set: 'uk@2026-11', reasons: '[]', call_id: ids.call, agent_id: COMPANY.mara },
    ...{ trunk_id: 1, answered_at: new Date(), connected_at: new Date() },
    ...changes,
  });
  return ids;
}

/** What happens while Mara talks in a call, or does nothing. */
export function maraTalks(call: CallId | undefined, mara: Partial<LiveAgent> = {}): LiveSnapshot {
  const queues = [COMPANY.repairs as QueueId];
  const agent: LiveAgent = {
    ...{ id: COMPANY.mara as LiveAgent['id'], name: 'Mara Quill', since: Date.now() - 30_000 },
    ...{ reason: '', extension: '2001', queues },
    ...(call === undefined ? { state: 'available' } : { state: 'talking', callId: call }),
    ...mara,
  };
  const talk: LiveCall | undefined =
    call === undefined
      ? undefined
      : {
          ...{ id: call, direction: 'outbound', from: ADAS_NUMBER, fromName: 'Ada Finch' },
          ...{ to: ADAS_NUMBER, stage: 'talk', path: [], language: 'en', recording: false },
          ...{ startedAt: Date.now() - 60_000, stageSince: Date.now() - 30_000 },
          ...{ connectedAt: Date.now() - 30_000, queueId: COMPANY.repairs as QueueId },
        };
  return {
    ...{ seq: Date.now(), at: Date.now(), pbxOnline: true },
    queues: [liveQueue(COMPANY.repairs as QueueId, 'Repairs')],
    agents: [agent],
    calls: talk === undefined ? [] : [talk],
    trunks: [],
    extensions: [{ id: 1 as never, number: '2001', registered: true }],
  };
}
