import {
  machineAccuracy,
  TRUTHS,
  VERDICTS,
  type MachineAccuracy,
  type Share,
} from '../../engines/reporting/machine-detection.js';
import { requirePermission } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { formatPercent, PageRoutes, type PageContext } from '../../web/kit/index.js';
import { PERIODS, timeRange } from '../calls/index.js';
import type { KnexMachineFigures } from './knex-machine-figures.js';

const PATH = '/reports/amd-accuracy';
const ACCESS = 'calls.read';
const USUAL_PERIOD = 'last-7d';
const SHARES = ['precision', 'recall', 'falseMachines'] as const;

/** How well machines are told from people, by trunk. */
export const machineFiguresPages = (parts: {
  readonly figures: KnexMachineFigures;
  readonly clock: Clock;
}): PageRoutes =>
  new PageRoutes().get(PATH, ACCESS, async (page) => {
    requirePermission(page.actor, ACCESS);
    const { figures, clock } = parts;
    const { query, t } = page;
    const [from, to] = [query['from'] ?? '', query['to'] ?? ''];
    const named = PERIODS.some((known) => known === query['period']) ? query['period'] : undefined;
    const period = named ?? (from === '' && to === '' ? USUAL_PERIOD : '');
    const campaigns = await figures.campaigns();
    const campaign = campaigns.find(({ id }) => String(id) === query['campaign'])?.id;
    const range = timeRange({ period, from, to }, clock.now(), page.zone);
    const trunks = await figures.trunks({
      ...{ fromAt: range.fromAt, toAt: range.toAt },
      campaignId: campaign,
    });
    const shown = trunks.map(({ name, counts }) => ({
      name: name === '' ? t('machine-figures.no-trunk') : name,
      ...accuracyView(page, machineAccuracy(counts)),
    }));
    const all = machineAccuracy(trunks.flatMap(({ counts }) => counts));
    page.render('machine-figures/report', {
      title: t('machine-figures.title'),
      styles: ['machine-figures'],
      path: PATH,
      ...{ period, from, to, campaign: campaign === undefined ? '' : String(campaign) },
      periods: PERIODS.map((value) => ({ value, label: t(`calls.period.${value}`) })),
      campaigns: campaigns.map(({ id, name }) => ({ value: String(id), label: name })),
      truths: TRUTHS.map((truth) => t(`machine-figures.truth.${truth}`)),
      parts: [
        ...(shown.length > 1
          ? [{ name: t('machine-figures.all'), ...accuracyView(page, all) }]
          : []),
        ...shown,
      ],
    });
  });

function accuracyView(page: PageContext, accuracy: MachineAccuracy) {
  const { t } = page;
  return {
    known: accuracy.known,
    note: t('machine-figures.known', {
      known: accuracy.known,
      said: accuracy.said,
      unheard: accuracy.unheard,
    }),
    rows: VERDICTS.map((verdict) => ({
      label: t(`machine-figures.verdict.${verdict}`),
      cells: TRUTHS.map((truth) => ({
        label: t(`machine-figures.truth.${truth}`),
        count: accuracy.matrix[verdict][truth],
        isWrong: isWrong(verdict, truth) && accuracy.matrix[verdict][truth] > 0,
      })),
    })),
    shares: SHARES.map((name) => ({
      label: t(`machine-figures.${name === 'falseMachines' ? 'false-machines' : name}`),
      about: t(`machine-figures.${name === 'falseMachines' ? 'false-machines' : name}.about`),
      ...shareView(page, accuracy[name]),
    })),
  };
}

const isWrong = (verdict: (typeof VERDICTS)[number], truth: (typeof TRUTHS)[number]): boolean =>
  truth === 'human' ? verdict === 'machine' || verdict === 'fax' : verdict === 'human';

function shareView({ language, t }: PageContext, share: Share | undefined) {
  if (share === undefined) return { value: '–', of: t('machine-figures.no-case') };
  const [low, high] = share.interval;
  return {
    value: formatPercent(share.share, language),
    of: t('machine-figures.of', {
      ...{ hits: share.hits, cases: share.cases },
      ...{ low: formatPercent(low, language), high: formatPercent(high, language) },
    }),
  };
}
