import type { Clock } from '../../kernel/clock.js';
import type { LiveView } from '../../telephony/live.js';
import { AGENT_LOOKS, formatWhen, PageRoutes, type PageContext } from '../../web/kit/index.js';
import type { NotReadyToday, ReasonParts } from '../not-ready-reasons/index.js';
import { STATES_SHOWN } from './overview-agents.js';
import { overviewValues } from './overview-topic.js';
import { quarterChart } from './quarter-chart.js';
import type { TodayFigures } from './today-figures.js';
import type { Today } from './today.js';

/** What the page is made of. */
export interface HomePageParts {
  readonly view: LiveView;
  readonly figures: TodayFigures;
  readonly clock: Clock;
  readonly reasons: ReasonParts & { readonly today: NotReadyToday };
}

/** The live overview, and its drawing of the day as a part of its own. */
export function homePages({ view, figures, clock, reasons }: HomePageParts): PageRoutes {
  const pages = new PageRoutes();
  pages.get('/live', 'live.read', async (page) => {
    const [today] = await Promise.all([figures.fresh(), reasons.today.ready()]);
    const values = overviewValues(view.current, today, page, reasons);
    page.render('home/overview', {
      title: page.t('home.title'),
      styles: ['live'],
      scripts: ['overview'],
      values,
      startAt: today.startAt,
      madeAt: formatWhen(clock.now(), 'seconds', page),
      states: STATES_SHOWN.map(({ state, bar }) => ({ state, bar, ...AGENT_LOOKS[state] })),
      queueIds: idsIn(values['queues']),
      callIds: idsIn(values['calls']),
      trunkIds: idsIn(values['trunks']),
      alarmIds: idsIn(values['alarms']),
      ...chartData(page, today, clock),
    });
  });
  pages.get('/live/today', 'live.read', async (page) => {
    page.renderPartial('home/today', chartData(page, await figures.fresh(), clock));
  });
  return pages;
}

const chartData = (page: PageContext, today: Today, clock: Clock) => ({
  chart: quarterChart(today, clock.now(), page),
});

const idsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' && value !== '' ? value.split(' ') : [];
