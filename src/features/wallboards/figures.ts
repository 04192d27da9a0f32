import { abandonRate, answerRate, serviceLevel } from '../../engines/reporting/service.js';
import { THRESHOLD_UNITS, type Tile } from '../../engines/wallboard/tile.js';
import type { LiveAgent, LiveQueue, LiveSnapshot } from '../../telephony/live.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  NO_VALUE,
  type LiveViewer,
} from '../../web/kit/index.js';
import { addCounts, NO_VISITS, type VisitCounts } from '../home/index.js';
import type { BoardSources } from '../live-queues/index.js';

/** What a tile is computed of. */
export interface TileParts {
  readonly tile: Tile;
  readonly snapshot: LiveSnapshot | undefined;
  readonly sources: BoardSources;
  readonly viewer: LiveViewer;
}

/** What one figure shows. `value` is compared with the thresholds, in their unit. */
export interface Figure {
  readonly text: string;
  /** Ticks from this instant instead of the text. */
  readonly since?: number;
  readonly value?: number | undefined;
  readonly note: string;
}

/** Queues that a tile is about, as they are now. */
export const queuesOf = ({ tile, snapshot }: TileParts): readonly LiveQueue[] =>
  (snapshot?.queues ?? []).filter(({ id }) => tile.queues.length === 0 || tile.queues.includes(id));

/** Agents that a tile is about: those of its queues, or all. */
export const agentsOf = ({ tile, snapshot }: TileParts): readonly LiveAgent[] =>
  (snapshot?.agents ?? []).filter(
    ({ queues }) => tile.queues.length === 0 || queues.some((id) => tile.queues.includes(id)),
  );

/** Today's visits of the tile's queues; undefined before the first reading. */
export function todayOf({ tile, sources }: TileParts): VisitCounts | undefined {
  const today = sources.today();
  if (today === undefined) return undefined;
  // All queues together have those that are out of use, too.
  if (tile.queues.length === 0) return today.total;
  return today.queues.filter(({ id }) => tile.queues.includes(id)).reduce(addCounts, NO_VISITS);
}

/** The figure of a tile; undefined for kinds that are none. */
export function figureOf(parts: TileParts): Figure | undefined {
  const { tile, snapshot } = parts;
  const known = snapshot !== undefined;
  switch (tile.kind) {
    case 'waiting':
      return { ...counted(parts, known, sum(queuesOf(parts), 'waitingCount')), note: '' };
    case 'callbacks':
      return { ...counted(parts, known, sum(queuesOf(parts), 'callbackCount')), note: '' };
    case 'longest-wait':
      return longestFigure(parts);
    case 'available':
      return availableFigure(parts);
    case 'service-level':
    case 'abandoned':
    case 'offered':
    case 'answered':
      return dayFigure(parts, tile.kind);
    case 'campaign':
      return campaignFigure(parts);
    case 'clock':
    case 'agent-states':
    case 'queue-table':
    case 'agent-cells':
    case 'text':
      return undefined;
  }
}

const sum = (queues: readonly LiveQueue[], of: 'waitingCount' | 'callbackCount'): number =>
  queues.reduce((total, queue) => total + queue[of], 0);

const counted = ({ viewer }: TileParts, known: boolean, value: number): Omit<Figure, 'note'> =>
  known ? { text: formatNumber(value, viewer.language), value } : { text: NO_VALUE };

function longestFigure(parts: TileParts): Figure {
  const { snapshot } = parts;
  if (snapshot === undefined) return { text: NO_VALUE, note: '' };
  const [first] = queuesOf(parts)
    .flatMap(({ name, longestSince }) =>
      longestSince === undefined ? [] : [{ name, longestSince }],
    )
    .sort((a, b) => a.longestSince - b.longestSince);
  if (first === undefined) return { text: formatDuration(0), value: 0, note: '' };
  return {
    text: '',
    since: first.longestSince,
    value: Math.max(0, snapshot.at - first.longestSince) / 1_000,
    note: first.name,
  };
}

function availableFigure(parts: TileParts): Figure {
  const agents = agentsOf(parts);
  const free = agents.filter(({ state }) => state === 'available').length;
  const signedIn = agents.filter(({ state }) => state !== 'signed-out').length;
  return {
    ...counted(parts, parts.snapshot !== undefined, free),
    note: parts.viewer.t('wallboards.wall.of-agents', { count: signedIn }),
  };
}

function dayFigure(
  parts: TileParts,
  kind: 'service-level' | 'abandoned' | 'offered' | 'answered',
): Figure {
  const { language, t } = parts.viewer;
  const today = todayOf(parts);
  if (today === undefined) return { text: NO_VALUE, note: '' };
  if (kind === 'service-level') return shareFigure(parts, serviceLevel(today), '');
  const answered = answerRate(today);
  const count = formatNumber(today[kind], language);
  if (kind === 'offered') return { text: count, note: '' };
  if (kind === 'answered')
    return {
      text: count,
      note:
        answered === undefined
          ? ''
          : t('wallboards.wall.of-offered', { share: formatPercent(answered, language) }),
    };
  return shareFigure(
    parts,
    abandonRate(today),
    t('wallboards.wall.callers', { count: today.abandoned }),
  );
}

const shareFigure = ({ viewer }: TileParts, share: number | undefined, note: string): Figure =>
  share === undefined
    ? { text: NO_VALUE, note }
    : { text: formatPercent(share, viewer.language), value: share * 100, note };

/** Of a campaign: the share of those who answered and found nobody, beside its own limit. */
function campaignFigure({ tile, snapshot, viewer }: TileParts): Figure {
  const { t, language } = viewer;
  const campaign = snapshot?.campaigns?.find(({ id }) => id === tile.campaign);
  if (campaign === undefined) return { text: NO_VALUE, note: t('wallboards.wall.not-running') };
  const { answered, abandoned, limit } = campaign.abandonment;
  const share = answered === 0 ? 0 : abandoned / answered;
  return {
    text: formatPercent(share, language),
    value: share * 100,
    note: t('wallboards.wall.limit', { limit: formatPercent(limit, language) }),
  };
}

/** A threshold as it is written. */
export function limitText({ kind }: Tile, limit: number, viewer: LiveViewer): string {
  const unit = THRESHOLD_UNITS[kind];
  if (unit === 'seconds') return formatDuration(limit * 1_000);
  const number = formatNumber(limit, viewer.language);
  return unit === 'percent' ? `${number}%` : number;
}
