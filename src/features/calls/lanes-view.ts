import { formatDuration, type Translate } from '../../web/kit/index.js';
import type { Bar, Lane } from './lanes.js';

/** Pixels of the drawing; it grows and shrinks with the page. */
const WIDTH = 860;
const LABEL_WIDTH = 124;
const TOP = 20;
const LANE_HEIGHT = 28;
const BAR_HEIGHT = 20;
const BASELINE = 14;
/** Bars of a moment stay visible. */
const MIN_BAR = 3;
const TICKS_AT_MOST = 8;
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200];
/** About the width of a character at 11.5 pixels; Chinese ones take twice that. */
const CHARACTER = 6.3;

interface TextView {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface BarView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: string;
  /** What it stands for in full, as a tooltip. */
  readonly title: string;
  /** Where a click leads in the sound, in ms since the call began. */
  readonly fromMs: number;
  /** Words in or beside it, where there is place. */
  readonly label: TextView | undefined;
}

/** A drawing of lanes in numbers: the template only writes them down. */
export interface LanesView {
  readonly width: number;
  readonly height: number;
  readonly lineTop: number;
  readonly ticks: readonly TextView[];
  readonly lanes: readonly { readonly name: TextView; readonly bars: readonly BarView[] }[];
  /** For the position of the sound: x = origin + ms * scale. */
  readonly origin: number;
  readonly scale: number;
}

/** Places lanes on a canvas of fixed width. */
export function lanesView(lanes: readonly Lane[], lengthMs: number, t: Translate): LanesView {
  const length = Math.max(1_000, lengthMs);
  const scale = (WIDTH - LABEL_WIDTH - 8) / length;
  const x = (ms: number): number => round(LABEL_WIDTH + ms * scale);
  const height = TOP + lanes.length * LANE_HEIGHT + 4;
  return {
    width: WIDTH,
    height,
    lineTop: TOP - 4,
    ticks: ticksOf(length).map((ms) => ({ x: x(ms), y: 11, text: formatDuration(ms) })),
    lanes: lanes.map((lane, row) => {
      const y = TOP + row * LANE_HEIGHT;
      return {
        name: { x: 0, y: y + BASELINE, text: cut(laneName(lane, t), LABEL_WIDTH - 8) },
        bars: lane.bars.map((bar, at) => placeBar(bar, { x, y, next: lane.bars[at + 1], t })),
      };
    }),
    origin: LABEL_WIDTH,
    scale,
  };
}

const laneName = (lane: Lane, t: Translate): string =>
  t(`calls.lane.${lane.kind}`, { name: lane.name });

function placeBar(
  bar: Bar,
  { x, y, next, t }: { x: (ms: number) => number; y: number; next: Bar | undefined; t: Translate },
): BarView {
  const left = x(bar.fromMs);
  const width = Math.max(MIN_BAR, round(x(bar.toMs) - left));
  const time = formatDuration(bar.toMs - bar.fromMs);
  const text = barText(bar, time, t);
  const right = next === undefined ? WIDTH : x(next.fromMs);
  const isInside = widthOf(text) + 12 <= width;
  const isBeside = !isInside && left + width + 6 + widthOf(text) <= right;
  const labelX = isInside ? left + 7 : left + width + 4;
  return {
    x: left,
    y,
    width,
    height: BAR_HEIGHT,
    tone: bar.tone,
    title: `${formatDuration(bar.fromMs)}–${formatDuration(bar.toMs)} ${text}`.trim(),
    fromMs: bar.fromMs,
    label: isInside || isBeside ? { x: round(labelX), y: y + BASELINE, text } : undefined,
  };
}

function barText(bar: Bar, time: string, t: Translate): string {
  if (bar.says === 'keys') return bar.detail;
  if (bar.says !== 'offered') return t(`calls.bar.${bar.says}`, { time });
  return bar.detail === '' ? '' : t(`calls.bar.offer-${bar.detail}`);
}

function ticksOf(lengthMs: number): readonly number[] {
  const stepS = STEPS_S.find((step) => lengthMs / (step * 1_000) <= TICKS_AT_MOST) ?? 86_400;
  const count = Math.floor(lengthMs / (stepS * 1_000));
  return Array.from({ length: count + 1 }, (_, n) => n * stepS * 1_000);
}

const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1) * CHARACTER, 0);

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  if (widthOf(text) <= width) return text;
  while (characters.length > 0 && widthOf(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('')}…`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
