import { Temporal } from 'temporal-polyfill';
import { calendarAt } from '../../engines/routing/next-change.js';
import { wallTime } from '../../engines/routing/wall-clock.js';
import { NO_CALL } from '../../engines/ivr/effects.js';
import type { FlowMoment } from '../../engines/ivr/effects.js';
import { formatPhone, urlWith, type PageContext } from '../../web/kit/index.js';
import { changesNow } from '../../telephony/calls/route-sources.js';
import type { LiveView } from '../../telephony/live.js';
import { openingAt } from '../../telephony/queue-changes.js';
import { byHandText, clockText, targetViews, type TargetStore } from '../configuration/index.js';
import type { AskingFlow, CalendarQueue, CalendarReports } from './calendar-reports.js';
import { answerView, instantText } from './calendar-words.js';
import type { StoredCalendar } from './calendar.js';
import { waysThrough, type Way } from './what-happens.js';
import { FIRST_YEAR, LAST_YEAR, yearView } from './year-view.js';

/** Where the answer stands on the page. */
const ANCHOR = '#what-happens';

/** What the preview is made of. */
interface PreviewParts {
  readonly reports: CalendarReports;
  readonly targets: TargetStore;
  /** Queues may be open or closed by hand. */
  readonly live: LiveView;
}

/** "What happens at ...": the state at the asked moment, and what callers would live through. */
export async function previewView(
  page: PageContext,
  calendar: StoredCalendar,
  { reports, targets, live }: PreviewParts,
  now: number,
) {
  const { zone } = calendar;
  const asked = page.query['at']?.trim() ?? '';
  const at = asked === '' ? now : instantOf(asked, zone);
  const action = `/setup/calendars/${String(calendar.id)}`;
  const isOtherZone = zone !== page.zone;
  if (at === undefined)
    return { action, zone, isOtherZone, asked, problem: page.t('calendars.at.problem') };
  const [flows, queues, calendars] = await Promise.all([
    reports.flowsAsking(calendar.id),
    reports.queuesOf(calendar.id),
    reports.calendars(),
  ]);
  const state = calendarAt(calendar, at);
  const moment = { at, zone: page.zone, calendars, call: NO_CALL };
  return {
    action: `${action}${ANCHOR}`,
    zone,
    isOtherZone,
    asked: fieldText(at, zone),
    moment: instantText(at, zone, page),
    isNow: asked === '',
    ...answerView(page, zone, state),
    flows: flows.map((flow) => flowView(page, flow, calendar, moment)),
    queues: await queueViews(page, queues, { targets, live }, { at, isOpen: state.isOpen }),
  };
}

/** What a date-time field sent, by the clock of the zone: a skipped time is the one after, a repeated one the first. */
function instantOf(text: string, zone: string): number | undefined {
  try {
    const at = Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
    const year = Temporal.PlainDateTime.from(text).year;
    return year >= FIRST_YEAR && year <= LAST_YEAR ? at : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** An instant as a date-time field takes it. */
function fieldText(at: number, zone: string): string {
  const { date, minute } = wallTime(at, zone);
  return `${date}T${clockText(minute)}`;
}

/** What callers of the queues meet at the asked moment. */
async function queueViews(
  page: PageContext,
  queues: readonly CalendarQueue[],
  { targets, live }: Pick<PreviewParts, 'targets' | 'live'>,
  calendar: { readonly at: number; readonly isOpen: boolean },
) {
  const places = await targetViews(
    page,
    targets,
    queues.map((queue) => queue.overflow),
  );
  return queues.map((queue, index) => {
    const changes = changesNow(live, queue.id);
    const isOpen = openingAt(changes, calendar.at)?.isOpen ?? calendar.isOpen;
    return {
      name: queue.name,
      href: `/setup/queues/${String(queue.id)}`,
      what: page.t(`calendars.queue.${isOpen ? 'open' : 'closed'}`, {
        target: places[index]?.text ?? '',
      }),
      byHand: byHandText(changes, calendar.at, page),
      live: `/live/queues/${String(queue.id)}`,
      inLine: isOpen
        ? ''
        : page.t(`calendars.queue.in-line-${queue.clearsAtClosing ? 'sent-on' : 'served'}`),
    };
  });
}

function flowView(
  page: PageContext,
  flow: AskingFlow,
  calendar: StoredCalendar,
  moment: FlowMoment,
) {
  const { first, later } = waysThrough(flow.definition, calendar.id, moment);
  return {
    name: flow.name,
    href: `/setup/ivr/${String(flow.id)}`,
    dids: flow.dids.map((did) => ({
      label: formatPhone(did.number, page),
      name: did.name,
      href: `/setup/dids/${String(did.id)}`,
    })),
    way: wayView(page, first),
    later: later.map((way) => wayView(page, way)),
  };
}

const wayView = (page: PageContext, way: Way) => ({
  steps: way.steps.map((step) =>
    step.isOpen === undefined
      ? { label: step.label }
      : {
          label: page.t(`calendars.way.hours.${step.isOpen ? 'open' : 'closed'}`, {
            label: step.label,
          }),
        },
  ),
  end: page.t(`calendars.way.${way.end}`),
});

/** The year strip, with links to the years around it. */
export function yearStripView(page: PageContext, calendar: StoredCalendar, now: number) {
  const today = wallTime(now, calendar.zone).date;
  const asked = Number(page.query['year']);
  const fits = Number.isInteger(asked) && asked >= FIRST_YEAR && asked <= LAST_YEAR;
  const year = fits ? asked : Number(today.slice(0, 4));
  const path = `/setup/calendars/${String(calendar.id)}`;
  const hrefOf = (other: number): string | undefined =>
    other < FIRST_YEAR || other > LAST_YEAR
      ? undefined
      : `${urlWith(path, { year: other, at: page.query['at'] })}#year`;
  const view = yearView(calendar, year, today, page.language);
  return {
    ...view,
    months: view.months.map((month) => ({
      ...month,
      weeks: month.weeks.map((week) => week.map((day) => day && { ...day, ...words(page, day) })),
    })),
    before: hrefOf(year - 1),
    after: hrefOf(year + 1),
  };
}

/** What a reader hears of a day. */
const words = (
  page: PageContext,
  day: { readonly look: string; readonly name: string },
): { readonly words: string } => ({
  words: [page.t(`calendars.look.${day.look}`), day.name].filter((text) => text !== '').join(': '),
});
