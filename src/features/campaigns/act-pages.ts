import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import {
  field,
  formatPercent,
  formatWhen,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { ACCESS, PATH, pathOf, type CampaignPageParts } from './campaign-pages.js';
import { abandonRuleOf, ringOf } from './campaign-rules.js';
import {
  CAMPAIGN_ACTIONS,
  startProblems,
  TRANSITIONS,
  TYPED_NAME_FROM,
  type CampaignAction,
} from './campaign-service.js';
import type { StoredCampaign } from './campaign.js';
import { hoursText, limitWords } from './limit-words.js';
import { scheduleAt } from './schedule.js';

/** Pages that say what starting, pausing or stopping will do, and do it. */
export function actPages(parts: CampaignPageParts, pages: PageRoutes): PageRoutes {
  for (const action of CAMPAIGN_ACTIONS)
    pages
      .get(`${PATH}/:id/${action}`, ACCESS, (page) => show(page, parts, action))
      .post(`${PATH}/:id/${action}`, ACCESS, (page) => act(page, parts, action));
  return pages;
}

async function show(
  page: PageContext,
  parts: CampaignPageParts,
  action: CampaignAction,
  problems: readonly FieldProblem[] = [],
): Promise<void> {
  const { service, reports, clock } = parts;
  const campaign = await service.get(page.actor, page.id<CampaignId>());
  const { id, state } = campaign;
  const { left = 0 } = (await reports.progress([id])).get(id) ?? {};
  const inFlight = (await reports.dials([id])).get(id)?.inFlight ?? 0;
  const lacks = action === 'start' ? startProblems(campaign) : [];
  const now = clock.now();
  const fits = (TRANSITIONS[action].from as readonly string[]).includes(state);
  page.render(
    'campaigns/act',
    {
      title: page.t(`campaigns.act.${action}-title`, { name: campaign.name }),
      crumbs: [
        { label: page.t('campaigns.title'), href: PATH },
        { label: campaign.name, href: pathOf(id) },
      ],
      styles: ['setup', 'campaigns'],
      row: campaign,
      href: pathOf(id),
      ...{ action, fits, left, inFlight },
      words:
        action === 'start'
          ? startWords(page, campaign, left, now)
          : haltWords(page, action, inFlight, left),
      ruleSets: action === 'start' ? limitWords(page, campaign.settings) : [],
      lacks: lacks.map((one) => ({
        text: page.t(one.message),
        href: `${pathOf(id)}/edit#f-${one.field}`,
      })),
      mayAct: fits && lacks.length === 0,
      typesName: action === 'start' && left >= TYPED_NAME_FROM,
      isStart: action === 'start',
      label: page.t(`campaigns.act.${action}`),
      problem: problems.map((one) => page.t(one.message, one.params)).join(' '),
      typed: field(page, 'name'),
      reason: field(page, 'reason'),
    },
    problems.length > 0 ? 422 : 200,
  );
}

/** What will happen when it is started. */
function startWords(
  page: PageContext,
  { mode, settings }: StoredCampaign,
  left: number,
  now: number,
): readonly string[] {
  const { t } = page;
  const schedule = scheduleAt(settings, now);
  const abandon = abandonRuleOf(settings);
  return [
    mode === 'appointment'
      ? t('campaigns.start.booked')
      : t('campaigns.start.people', { count: left }),
    t(`campaigns.start.mode-${mode}`, { lines: settings.maxLines, ring: ringOf(settings) / 1_000 }),
    t('campaigns.start.hours', { hours: hoursText(settings.weekly, page) }),
    ...(mode === 'predictive' || mode === 'progressive'
      ? [
          t('campaigns.start.abandon', {
            share: formatPercent(abandon.limit, page.language),
            hours: Math.round(abandon.windowMs / 3_600_000),
          }),
        ]
      : []),
    schedule.kind === 'waits'
      ? t('campaigns.start.waits', { at: formatWhen(schedule.at, 'datetime', page) })
      : t(schedule.kind === 'over' ? 'campaigns.start.over' : 'campaigns.start.now'),
  ];
}

const haltWords = (
  { t }: PageContext,
  action: 'pause' | 'stop',
  inFlight: number,
  left: number,
): readonly string[] => [
  t(`campaigns.${action}.no-more`),
  t(`campaigns.${action}.in-flight`, { count: inFlight }),
  t(`campaigns.${action}.left`, { count: left }),
];

async function act(
  page: PageContext,
  parts: CampaignPageParts,
  action: CampaignAction,
): Promise<void> {
  const { service, reports } = parts;
  const id = page.id<CampaignId>();
  const reason = field(page, 'reason').trim().slice(0, 200);
  if (action === 'start') {
    const campaign = await service.get(page.actor, id);
    const { left = 0 } = (await reports.progress([id])).get(id) ?? {};
    if (left >= TYPED_NAME_FROM && field(page, 'name').trim() !== campaign.name)
      return show(page, parts, action, [
        { field: 'name', message: 'campaigns.problem.type-name', params: { name: campaign.name } },
      ]);
    try {
      return await done(page, action, await service.start(page.actor, id));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
      return show(page, parts, action, error.problems);
    }
  }
  return done(page, action, await service[action](page.actor, id, reason));
}

/** Of two who press the same button the second learns that it was done already. */
const done = (page: PageContext, action: CampaignAction, isChanged: boolean): Promise<void> =>
  page.redirect(pathOf(page.id<CampaignId>()), {
    message: isChanged ? `campaigns.did.${action}` : 'campaigns.did.nothing',
  });
