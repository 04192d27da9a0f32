import type { Clock } from '../../kernel/clock.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { actPages } from './act-pages.js';
import { campaignPage } from './campaign-page.js';
import { campaignPages } from './campaign-pages.js';
import { RulesMemory } from './campaign-rules.js';
import { CampaignReports } from './campaign-reports.js';
import { KnexCampaignRows } from './campaign-rows.js';
import { CampaignService } from './campaign-service.js';
import { evidencePages } from './evidence-pages.js';
import { KnexCampaignStore } from './knex-campaign-store.js';
import { attemptsOf, eachAttempt } from './knex-attempts.js';
import { KnexCampaignSteering } from './knex-campaign-steering.js';
import { dryRun } from './knex-dry-run.js';
import { numberInPlace, readEvidence } from './knex-evidence.js';
import { leadPages } from './lead-pages.js';
import { LeadReports } from './lead-reports.js';
import type { SegmentMembers } from './knex-source-members.js';
import { whyPages, type WhyPageParts } from './why-page.js';

export { keepCampaigns, CampaignKeeper } from './knex-campaign-keeper.js';
export type { CampaignDraft, CampaignSettings, StoredCampaign } from './campaign.js';
export { fillLeads } from './knex-filling.js';
export { KnexCampaignStore } from './knex-campaign-store.js';
export { campaignWindows } from './knex-campaign-windows.js';
export { segmentMembers } from './segment-members.js';
export type { SegmentMembers } from './knex-source-members.js';
export type { PacingView } from './why-page.js';

/** Campaigns, their pages, and what dials by them. */
export interface CampaignsFeature extends FeatureModule {
  readonly service: CampaignService;
}

export interface CampaignsParts extends Pick<
  ConfigurationParts,
  'database' | 'announcer' | 'country'
> {
  readonly clock: Clock;
  readonly segments: SegmentMembers;
  /** What the dialler publishes about its pace. */
  readonly pacing?: WhyPageParts['pacing'];
}

/** The store as the dialler uses it, on MariaDB. */
export const openCampaignStore = ({
  database,
  clock,
  country,
  segments,
}: Omit<CampaignsParts, 'announcer' | 'pacing'>): KnexCampaignStore =>
  new KnexCampaignStore({
    ...{ database, country, segments },
    auditLog: knexAuditLog,
    now: () => clock.now(),
  });

/** Wires campaigns on MariaDB. */
export function makeCampaignsFeature(parts: CampaignsParts): CampaignsFeature {
  const { database, announcer, clock, segments, country } = parts;
  const rows = new KnexCampaignRows(database, knexAuditLog);
  const steering = new KnexCampaignSteering(database, knexAuditLog, segments);
  const service = new CampaignService({ rows, steering, announcer, clock });
  const shared = {
    ...{ service, rows, reports: new CampaignReports(database), clock, country },
    usage: new KnexUsageReports(database),
  };
  const rules = new RulesMemory(country);
  const pages = new PageRoutes();
  // Before the page of one campaign, so that it is not taken for one.
  evidencePages(
    {
      ...{ clock, country },
      numberInPlace: (contact, place) => numberInPlace(database, contact, place),
      evidenceOf: (number) => readEvidence(database, number),
      attemptsOf: (number, most) => attemptsOf(database, number, most),
      noteExport: (actor, number) =>
        knexAuditLog(database).record(actor, {
          ...{ action: 'campaign.evidence', objectKind: 'number' },
          ...{ objectId: '', objectName: number },
        }),
    },
    pages,
  );
  campaignPages(shared, pages);
  campaignPage({ ...shared, eachAttempt: (id, visit) => eachAttempt(database, id, visit) }, pages);
  actPages(shared, pages);
  leadPages({ ...shared, leads: new LeadReports(database, country) }, pages);
  whyPages(
    {
      ...shared,
      dryRun: (id, at, most) => dryRun(database, { segments, rules }, id, at, most),
      pacing: parts.pacing ?? (() => undefined),
    },
    pages,
  );
  return {
    name: 'campaigns',
    service,
    pages,
    menu: [
      {
        group: 'outbound',
        label: 'campaigns.title',
        icon: 'speakerphone',
        href: '/campaigns',
        access: 'campaigns.edit',
        order: 10,
      },
    ],
  };
}
