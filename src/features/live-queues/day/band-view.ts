import { Temporal } from 'temporal-polyfill';
import type { DayStretch } from '../../../engines/reporting/agent-day.js';
import type { CallId } from '../../../kernel/ids.js';
import { formatDuration, formatWhen, type PageContext } from '../../../web/kit/index.js';
import type { AgentDay } from './agent-day.js';

/** Pixels of the drawing; it grows and shrinks with the page. */
const WIDTH = 1_080;
const LABEL_WIDTH = 64;
const TOP = 20;
const BAR_HEIGHT = 26;
const CALLS_TOP = TOP + BAR_HEIGHT + 6;
const CALL_HEIGHT = 12;
const HEIGHT = CALLS_TOP + CALL_HEIGHT + 4;
/** A day that has just begun is drawn so long. */
const SHORTEST_MS = 15 * 60_000;
/** Bars of a moment stay visible. */
const MIN_BAR = 1.5;
/** Shorter ones hold no words. */
const WORDS_FROM = 84;
const TICKS_AT_MOST = 14;
const STEPS_MIN = [5, 15, 30, 60, 120] as const;

interface BandBar {
  readonly x: number;
  readonly width: number;
  readonly tone: string;
  readonly title: string;
  readonly label: string;
}

/** The day's states side by side, and below them the calls. */
export interface BandView {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly barHeight: number;
  readonly textY: number;
  readonly callsTop: number;
  readonly callHeight: number;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  readonly bars: readonly BandBar[];
  readonly calls: readonly {
    readonly x: number;
    readonly width: number;
    readonly href: string;
    readonly title: string;
  }[];
}

/** Draws the day from the first sign-in to the last sign-out, or to now; undefined where there was none. */
export function bandView(
  { stretches, handled, day }: AgentDay,
  page: PageContext,
  words: {
    readonly state: (stretch: DayStretch) => string;
    readonly who: (call: CallId) => string;
  },
): BandView | undefined {
  const atWork = stretches.filter(({ state }) => state !== 'signed-out');
  const [first] = atWork;
  const last = atWork.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const stepMin = STEPS_MIN.find(
    (step) => (last.endAt - first.startAt) / (step * 60_000) <= TICKS_AT_MOST,
  );
  const ticks = ticksOf(first.startAt, last.endAt, stepMin ?? 120, page.zone);
  const fromAt = Math.max(day.startAt, ticks[0] ?? first.startAt);
  const untilAt = Math.max(last.endAt, fromAt + SHORTEST_MS);
  const scale = (WIDTH - LABEL_WIDTH - 8) / (untilAt - fromAt);
  const x = (at: number): number => round(LABEL_WIDTH + (at - fromAt) * scale);
  const spanOf = (startAt: number, endAt: number) => ({
    x: x(startAt),
    width: Math.max(MIN_BAR, round((endAt - startAt) * scale)),
  });
  const time = (at: number): string => formatWhen(at, 'time', page);
  return {
    ...{ width: WIDTH, height: HEIGHT, top: TOP, barHeight: BAR_HEIGHT, textY: TOP + 17 },
    ...{ callsTop: CALLS_TOP, callHeight: CALL_HEIGHT },
    ticks: ticks.filter((at) => at >= fromAt).map((at) => ({ x: x(at), text: time(at) })),
    bars: atWork.map((stretch) => {
      const { startAt, endAt } = stretch;
      const span = spanOf(startAt, endAt);
      const state = words.state(stretch);
      return {
        ...span,
        tone: stretch.state,
        title: `${time(startAt)}–${time(endAt)} ${state} ${formatDuration(endAt - startAt)}`,
        label: span.width >= WORDS_FROM ? state : '',
      };
    }),
    calls: handled.map(({ callId, at, talkMs }) => ({
      ...spanOf(at, at + talkMs),
      href: `/calls/${callId}`,
      title: `${time(at)} ${words.who(callId)} ${formatDuration(talkMs)}`,
    })),
  };
}

/** Full steps of the zone's clock from the one before `fromAt` to `untilAt`. */
function ticksOf(
  fromAt: number,
  untilAt: number,
  minutes: (typeof STEPS_MIN)[number],
  zone: string,
): readonly number[] {
  const start = Temporal.Instant.fromEpochMilliseconds(fromAt).toZonedDateTimeISO(zone);
  const isHours = minutes >= 60;
  let at = start.round({
    smallestUnit: isHours ? 'hour' : 'minute',
    roundingIncrement: isHours ? minutes / 60 : minutes,
    roundingMode: 'floor',
  });
  const ticks: number[] = [];
  while (at.epochMilliseconds <= untilAt) {
    ticks.push(at.epochMilliseconds);
    at = at.add({ minutes });
  }
  return ticks;
}

const round = (value: number): number => Math.round(value * 10) / 10;
