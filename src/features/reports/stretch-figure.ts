import type { AgentState } from '../../telephony/live.js';
import { readFigure, type FigureFilter } from '../report-sums/index.js';

/** Where figures of agents' time open the stretches that they are added up of. */
export const STRETCHES_PATH = '/reports/stretches';

/** Which stretches a figure is of. */
export interface StretchFigure {
  readonly states: readonly AgentState[];
  /** Only those that began in the time, as a count counts them. */
  readonly isBegun?: boolean;
  /** Only rings that came to no talk. */
  readonly isMissed?: boolean;
}

const BUSY = ['preview', 'ringing', 'talking', 'wrap-up'] as const;
const SIGNED_IN = ['available', ...BUSY, 'not-ready', 'phone-lost'] as const;

/** By what columns open. */
const FIGURES: Readonly<Record<string, StretchFigure>> = {
  signedInMs: { states: SIGNED_IN },
  readyMs: { states: ['available', ...BUSY] },
  availableMs: { states: ['available'] },
  previewMs: { states: ['preview'] },
  ringingMs: { states: ['ringing'] },
  talkingMs: { states: ['talking'] },
  wrapUpMs: { states: ['wrap-up'] },
  notReadyMs: { states: ['not-ready'] },
  phoneLostMs: { states: ['phone-lost'] },
  offers: { states: ['ringing'], isBegun: true },
  missed: { states: ['ringing'], isBegun: true, isMissed: true },
  wrapUps: { states: ['wrap-up'], isBegun: true },
  pauses: { states: ['not-ready'], isBegun: true },
};

/** What an address asks for; undefined for what is no figure of agents' time. */
export function readStretchFigure(
  text: string | undefined,
  zone: string,
): (FigureFilter & StretchFigure) | undefined {
  const figure = readFigure(text, zone);
  if (figure?.source !== 'agents' || !Object.hasOwn(FIGURES, figure.measure)) return undefined;
  const stretches = FIGURES[figure.measure];
  return stretches && { ...figure, ...stretches };
}
