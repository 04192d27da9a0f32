import { makeCampaignsFeature, type CampaignsFeature } from '../../src/features/campaigns/index.js';
import { NO_SEGMENTS } from './no-segments.js';
import { TestSite } from './web.js';

/** The web app with the pages of campaigns, a queue and a message. */
export interface CampaignsSite {
  readonly site: TestSite;
  readonly campaigns: CampaignsFeature;
  readonly queue: number;
  readonly prompt: number;
}

/** Starts it on a MariaDB and a Redis of the suite's own. Stop `site` in `after`. */
export async function startCampaignsSite(): Promise<CampaignsSite> {
  const made: CampaignsFeature[] = [];
  const site = await TestSite.start((parts) => {
    const campaigns = makeCampaignsFeature({
      ...{ database: parts.database, announcer: parts.announcer, clock: parts.clock },
      ...{ segments: NO_SEGMENTS, country: 'GB' },
    });
    made.push(campaigns);
    return [campaigns];
  });
  const { database } = site.parts;
  const [queue] = await database('queues').insert({
    name: 'Sales',
    overflow: JSON.stringify({ kind: 'hangup' }),
  });
  const [prompt] = await database('prompts').insert({ name: 'Sorry' });
  return {
    site,
    campaigns: made[0] as CampaignsFeature,
    queue: queue as number,
    prompt: prompt as number,
  };
}

/** A form that is right, as a browser sends it. */
export const campaignFields = (
  changes: Readonly<Record<string, string | readonly string[]>> = {},
): Record<string, string | readonly string[]> => ({
  ...{ name: 'Spring offer', mode: 'progressive', priority: '5', language: 'en' },
  ...{ zone: 'Europe/London', ringS: '25', maxLines: '10', callerIds: '' },
  ...{ abandonPercent: '3', abandonWindow: 'day', inboundThreshold: '0', abandonedPrompt: '' },
  ...{ machine: 'off', machinePrompt: '', flow: '', optOutDigit: '9' },
  ...{ previewLimitS: '60', previewAtLimit: 'dial', promiseAttempts: '3', promiseRetryMin: '30' },
  ...{ promiseGraceMin: '5', ruleSet: 'by-country', holidays: '' },
  ...{ attemptsInAll: '8', attemptsANumber: '6', attemptsADay: '2', daysBetween: '0' },
  ...{ quotaHuman: '0', quotaMachine: '0', scheduleFrom: '', scheduleUntil: '' },
  scheduleDays: ['1', '2', '3', '4', '5', '6', '7'],
  'week.0.days': ['1', '2', '3', '4', '5', '6', '7'],
  'week.0.from': '00:00',
  'week.0.to': '24:00',
  endsWhenEmpty: 'on',
  ...Object.fromEntries(
    [
      ...['busy', 'no-answer', 'machine', 'rejected', 'hung-up', 'abandoned', 'congestion'],
      ...['cancelled', 'skipped', 'fax'],
    ].flatMap((result) => [
      [`recycle.${result}.delay`, '15m'],
      [`recycle.${result}.most`, '3'],
      [`recycle.${result}.number`, 'same'],
      [`recycle.${result}.from`, ''],
      [`recycle.${result}.to`, ''],
    ]),
  ),
  ...changes,
});
