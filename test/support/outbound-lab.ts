import type { Database } from '../../src/adapters/mysql/database.js';
import { NO_OUTSIDE } from '../../src/features/agents/index.js';
import { NEW_QUEUE } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, CampaignId, QueueId } from '../../src/kernel/ids.js';
import type { Lab } from './lab.js';

const HOUR_MS = 3_600_000;
const ALL_DAY = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }];

/** An agent of a campaign, at a desk phone of the carrier. */
export interface CampaignAgent {
  readonly id: AgentId;
  readonly phone: string;
}

/** A queue of its own with agents at these phones; their numbers begin with `numbers`. */
export async function makeTeam(
  { configuration, company }: Lab,
  name: string,
  numbers: string,
  phones: readonly string[],
): Promise<{ readonly queue: QueueId; readonly agents: readonly CampaignAgent[] }> {
  const queue = await configuration.queues.create(SYSTEM_ACTOR, {
    ...NEW_QUEUE,
    ...{ name, ringTimeoutS: 5, wrapUpS: 0, maxWaitS: 0, maxLength: 0, leaveWhenEmpty: false },
    ...{ announceEveryS: 0, recording: 'never', serviceLevelS: 20 },
    ...{ members: [], overflow: { kind: 'hangup' } },
  });
  const agents = await Promise.all(
    phones.map(async (phone, index) => {
      const extensionId = company.extensions.get(phone);
      if (extensionId === undefined) throw new Error(`no extension ${phone}`);
      const { id } = await configuration.agents.createAgent(SYSTEM_ACTOR, {
        ...{ name: `${name} ${String(index)}`, number: `${numbers}${String(index)}` },
        ...{ pin: '', removePin: false, ...NO_OUTSIDE, extensionId, queues: [queue] },
        ...{ login: `${name.toLowerCase()}${String(index)}`, levels: new Map() },
        ...{ role: 'agent', language: 'en' },
      });
      return { id, phone };
    }),
  );
  return { queue, agents };
}

/** Signs the agents in, available. */
export async function seat(
  { product, company }: Pick<Lab, 'product' | 'company'>,
  agents: readonly CampaignAgent[],
): Promise<void> {
  await product.nowHas('the agents to be known', 5_000, (now) =>
    agents.every(({ id }) => now.agents.some((agent) => agent.id === id)),
  );
  for (const { id, phone } of agents) {
    const extensionId = company.extensions.get(phone);
    if (extensionId === undefined) throw new Error(`no extension ${phone}`);
    await product.order({ kind: 'agent-sign-in', agentId: id, extensionId });
    await product.order({ kind: 'agent-available', agentId: id });
  }
}

/**
 * People with these numbers in a list, and a campaign that calls them at any hour. It begins with `start`, so that nothing is
 * dialled before the test listens.
 */
export async function makeCampaign(
  { product: { database } }: Pick<Lab, 'product'>,
  name: string,
  {
    queue,
    mode = 'progressive',
    numbers,
    settings = {},
  }: {
    readonly queue?: QueueId;
    readonly mode?: string;
    readonly numbers: readonly string[];
    readonly settings?: Readonly<Record<string, unknown>>;
  },
): Promise<CampaignId> {
  const [list = 0] = await database('contact_lists').insert({ name });
  for (const number of numbers) {
    const [contact = 0] = await database('contacts').insert({
      ...{ name: `Person ${number.slice(-4)}`, country: 'GB', time_zone: 'Europe/London' },
      fields: '{}',
    });
    await database('contact_numbers').insert({ contact_id: contact, position: 0, number });
    await database('contact_list_members').insert({ list_id: list, contact_id: contact });
  }
  const [campaign = 0] = await database('campaigns').insert({
    ...{ name, mode, state: 'draft', queue_id: queue ?? null, priority: 5 },
    settings: JSON.stringify({
      ...{ zone: 'Europe/London', ruleSet: 'none', weekly: ALL_DAY, ringMs: 15_000 },
      ...{ attemptsInAll: 1, attemptsANumber: 1, attemptsADay: 1, endsWhenEmpty: false },
      ...settings,
    }),
  });
  await callsList(database, campaign, list);
  return campaign as CampaignId;
}

/** The people of a list are the campaign's, to be called at once. */
async function callsList(database: Database, campaign: number, list: number): Promise<void> {
  await database('campaign_sources').insert({
    ...{ campaign_id: campaign, list_id: list, position: 0 },
  });
  await database('leads').insert(
    (
      await database('contact_list_members')
        .where({ list_id: list })
        .select<{ contact_id: number }[]>('contact_id')
    ).map(({ contact_id }) => ({
      ...{ campaign_id: campaign, contact_id },
      next_at: new Date(Date.now() - HOUR_MS),
    })),
  );
}

/** Another campaign over the same list, as the first one is. */
export async function makeRival(
  { product: { database } }: Pick<Lab, 'product'>,
  name: string,
  first: CampaignId,
): Promise<CampaignId> {
  const { mode, queue_id, priority, settings } = await database('campaigns')
    .where({ id: first })
    .first<Record<string, unknown>>('*');
  const [campaign = 0] = await database('campaigns').insert({
    ...{ name, mode, queue_id, priority, state: 'draft' },
    settings: typeof settings === 'string' ? settings : JSON.stringify(settings),
  });
  const source = await database('campaign_sources')
    .where({ campaign_id: first })
    .first<{ list_id: number }>('list_id');
  await callsList(database, campaign, source.list_id);
  return campaign as CampaignId;
}

/** Starts it, or ends it. */
export const setState = async (
  { product: { database } }: Pick<Lab, 'product'>,
  id: CampaignId,
  state: 'running' | 'stopped',
): Promise<void> => {
  await database('campaigns').where({ id }).update({ state });
};

/** What is written of each dial of a campaign, by number. */
export interface AttemptRow {
  readonly number: string;
  readonly result: string;
  readonly cause: number | null;
  readonly call_id: string | null;
  readonly trunk_id: number | null;
  readonly caller_id: string;
  readonly agent_id: number | null;
  readonly answered_at: Date | null;
  readonly connected_at: Date | null;
  readonly ended_at: Date | null;
  readonly machine_verdict: string;
}
export const attemptsOf = (
  { product: { database } }: Pick<Lab, 'product'>,
  campaign: CampaignId,
): Promise<AttemptRow[]> =>
  database('attempts').where({ campaign_id: campaign, kind: 'dial' }).orderBy('id').select('*');
