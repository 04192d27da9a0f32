import { expect } from 'chai';
import { makeLogger } from '../../../src/adapters/log/logger.js';
import { makeNotReadyToday } from '../../../src/features/not-ready-reasons/index.js';
import { newEventId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { MARA } from '../../support/live-moments.js';
import { WorkspaceSite } from '../../support/workspace-site.js';

const ZONE = 'Europe/London';
const MINUTE = 60_000;
/** Ten in the morning after the night in which clocks go back. */
const NOW = Date.parse('2026-10-25T10:00:00Z');

describe('time not ready today, from stored states', function () {
  this.timeout(60_000);
  let ws: WorkspaceSite;
  before(async () => {
    ws = await WorkspaceSite.start();
  });
  after(() => ws.stop());

  it('begins at midnight of the site, whatever was before', async () => {
    const { database } = ws.site.parts;
    const { startAt } = siteDayOf(NOW, ZONE);
    const marks = [
      { at: startAt - 900 * MINUTE, state: 'not-ready', reason: 'break' },
      { at: startAt - 800 * MINUTE, state: 'available', reason: '' },
      { at: startAt - 5 * MINUTE, state: 'not-ready', reason: 'break' },
      { at: startAt + 7 * MINUTE, state: 'available', reason: '' },
      { at: startAt + 60 * MINUTE, state: 'not-ready', reason: 'lunch' },
      { at: startAt + 90 * MINUTE, state: 'available', reason: '' },
      { at: NOW - 4 * MINUTE, state: 'not-ready', reason: 'lunch' },
    ];
    await database('agent_state_changes').insert(
      marks.map(({ at, ...mark }) => ({
        id: newEventId(),
        agent_id: MARA,
        at: new Date(at),
        ...mark,
      })),
    );
    const problems: string[] = [];
    const today = makeNotReadyToday({
      database,
      clock: { now: () => NOW, sleep: () => Promise.resolve() },
      zone: ZONE,
      logger: makeLogger('warn', {
        write: (line) => {
          problems.push(line);
        },
      }),
    });
    await today.ready();
    expect(problems).to.deep.equal([]);
    const used = today.usedBefore({ id: MARA, since: NOW - 4 * MINUTE });
    expect([...used]).to.deep.equal([
      ['break', 7 * MINUTE],
      ['lunch', 30 * MINUTE],
    ]);
    expect(today.countedFrom(startAt - 5 * MINUTE)).to.equal(startAt);
  });
});
