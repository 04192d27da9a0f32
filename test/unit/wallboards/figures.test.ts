import { expect } from 'chai';
import { abandonRate, serviceLevel } from '../../../src/engines/reporting/service.js';
import type { TileKind } from '../../../src/engines/wallboard/tile.js';
import { NO_VISITS, type Today, type VisitCounts } from '../../../src/features/home/index.js';
import type { BoardSources } from '../../../src/features/live-queues/index.js';
import { figureOf } from '../../../src/features/wallboards/figures.js';
import { newTile } from '../../../src/features/wallboards/wallboard.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { QueueId } from '../../../src/kernel/ids.js';

const counts: VisitCounts = {
  ...{ ...NO_VISITS, offered: 10, answered: 7, abandoned: 2, short: 1, open: 1, inTime: 6 },
  answeredWaitMs: 70_000,
};
const queue = (id: number, own: VisitCounts) => ({
  ...{ id: id as QueueId, name: `Queue ${String(id)}`, targetMs: 20_000 },
  ...own,
});
const today: Today = {
  ...{ startAt: 0, endAt: 86_400_000, readAt: 0, quarters: [], voicemailsNotHeard: 0 },
  queues: [queue(1, counts), queue(2, { ...NO_VISITS, offered: 2, answered: 1, other: 1 })],
  total: { ...counts, offered: 12, answered: 8, other: 1 },
};
const sources = { today: () => today } as BoardSources;
const viewer = {
  ...({ language: 'en', zone: 'Europe/London', country: 'GB', actor: SYSTEM_ACTOR } as const),
  t: (key: string, params?: object) => `${key} ${JSON.stringify(params ?? {})}`,
};

describe('tiles of the day', () => {
  const text = (kind: TileKind, queues: readonly number[] = []): string | undefined =>
    figureOf({
      tile: { ...newTile(kind), queues: queues as readonly QueueId[] },
      ...{ snapshot: undefined, sources, viewer },
    })?.text;

  it('show what reports say: of queues, and of all together', () => {
    expect(text('service-level', [1])).to.equal('75.0%');
    expect(text('abandoned', [1])).to.equal('11.1%');
    expect(serviceLevel(counts)).to.equal(0.75);
    expect(abandonRate(counts)).to.be.closeTo(1 / 9, 1e-9);
    expect(text('service-level')).to.equal('66.7%');
    expect(text('offered')).to.equal('12');
    expect(text('answered', [1, 2])).to.equal('8');
  });
});
