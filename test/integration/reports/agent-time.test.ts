import { expect } from 'chai';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { spansOf, type TimeSpan } from '../../../src/engines/reporting/time-spans.js';
import { KnexAgentTime } from '../../../src/features/reports/index.js';
import { randomSeries } from '../../../src/simulation/random.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const ZONE = 'Europe/London';
/** Days around 25 October 2026, on which clocks go back. */
const FROM = Date.UTC(2026, 9, 22, 23);
const TO = Date.UTC(2026, 9, 29);
/** In the middle of a day, in the middle of a stretch. */
const NOW = Date.UTC(2026, 9, 27, 13, 7, 3, 21);
const HOUR_MS = 3_600_000;
const AGENTS = 6;
const STATES = ['available', 'talking', 'signed-out', 'not-ready', 'signed-out', 'ringing'];

interface Stretch {
  readonly agent: number;
  readonly from: number;
  readonly to: number | null;
  readonly state: string;
}

/** One stretch after the other from a first mark of each agent on; one of them only came after everything. */
function stretches(): readonly Stretch[] {
  const chance = randomSeries(41, 0);
  const all: Stretch[] = [];
  for (let agent = 1; agent <= AGENTS; agent += 1) {
    let at = FROM + (agent === AGENTS ? 200 : agent * 9 - 30) * HOUR_MS;
    for (let n = 0; at < NOW; n += 1) {
      const to = at + Math.floor(chance() * 31 * HOUR_MS);
      const state = STATES[(n + agent) % STATES.length] ?? '';
      all.push({ agent, from: at, to: to < NOW ? to : null, state });
      at = to;
    }
  }
  return all;
}

describe("agents' time that sums leave out", function () {
  this.timeout(120_000);
  const all = stretches();
  let server: PrivateMariadb;
  let db: Database;
  let time: KnexAgentTime;

  before(async () => {
    server = await PrivateMariadb.start();
    db = server.open();
    time = new KnexAgentTime(db);
    await db('agent_spans').insert(
      all.map(({ agent, from, to, state }) => ({
        ...{ agent_id: agent, started_at: new Date(from), state, reason: '' },
        ended_at: to === null ? null : new Date(to),
      })),
    );
  });
  after(async () => {
    await db.destroy();
    await server.remove();
  });

  /** The same by looking at each stretch: signed in is what is neither before the first one nor signed out. */
  function expected({ startAt, endAt }: TimeSpan, agents: readonly number[]) {
    const cut = (from: number, to: number): number =>
      Math.max(0, Math.min(endAt, NOW, to) - Math.max(startAt, from));
    const found = { signedInMs: 0, openMs: 0 };
    for (const agent of agents) {
      const own = all.filter((one) => one.agent === agent);
      for (const { from, to, state } of own) {
        if (state !== 'signed-out') found.signedInMs += cut(from, to ?? NOW);
        if (state !== 'signed-out' && to === null) found.openMs += cut(from, NOW);
      }
    }
    return found;
  }

  const seen = (numbers: Readonly<Record<string, number>> | undefined) => ({
    signedInMs: numbers?.['signedInMs'] ?? 0,
    openMs: Object.entries(numbers ?? {}).reduce(
      (sum, [name, ms]) => sum + (name.endsWith('Ms') && name !== 'signedInMs' ? ms : 0),
      0,
    ),
  });
  const everybody = Array.from({ length: AGENTS }, (_, n) => n + 1);
  const whole = { startAt: FROM, endAt: TO };

  it('is that of each agent', async () => {
    const found = await time.read({ by: 'item', spans: [whole] }, NOW);
    for (const agent of everybody)
      expect(seen(found.get(String(agent))), String(agent)).to.deep.equal(expected(whole, [agent]));
    expect(seen(found.get('1')).signedInMs).to.be.above(0);
  });

  it('is that of all together, and of one', async () => {
    const together = await time.read({ by: 'all', spans: [whole] }, NOW);
    expect(seen(together.get('0'))).to.deep.equal(expected(whole, everybody));
    const one = await time.read({ by: 'all', spans: [whole], item: '2' }, NOW);
    expect(seen(one.get('0'))).to.deep.equal(expected(whole, [2]));
  });

  it('is that of each day, also of the one with 25 hours and of the one that goes on', async () => {
    const days = spansOf(FROM, TO, 'day', ZONE);
    for (const item of [undefined, '3']) {
      const found = await time.read({ by: 'span', spans: days, item }, NOW);
      for (const [n, day] of days.entries())
        expect(seen(found.get(String(n))), `${String(n)} of ${item ?? 'all'}`).to.deep.equal(
          expected(day, item === undefined ? everybody : [Number(item)]),
        );
    }
  });
});
