import { expect } from 'chai';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Party } from '../../src/demo/party.js';
import type { CampaignId, QueueId } from '../../src/kernel/ids.js';
import { useLab, type Lab } from '../support/lab.js';
import {
  attemptsOf,
  makeCampaign,
  makeRival,
  makeTeam,
  seat,
  setState,
  type AttemptRow,
  type CampaignAgent,
} from '../support/outbound-lab.js';
import { keptPid } from '../support/platform.js';
import { until } from '../support/until.js';

const PHONES = ['2003', '2004', '2005'];
/** What the carrier does with a number by its last two digits (asterisk/carrier/README.md), and what that is to a campaign. */
const BEHAVIOURS: Readonly<Record<string, string>> = {
  '00': 'human',
  '01': 'busy',
  '03': 'congestion',
  '04': 'invalid',
  '08': 'rejected',
  '10': 'busy',
  '13': 'invalid',
};
const numbersOf = (hundred: string, ...ends: readonly string[]): readonly string[] =>
  ends.map((end) => `+44207946${hundred}${end}`);
const TALK_MS = 400;
/** Bytes that wait for the database, of the program that runs and of those that were killed. */
function keptBytes({ product }: Lab): number {
  const folder = join(product.config.varDir, 'campaign-writes');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
/** Three lines have been dialled by then, or have ended. */
const RESULTS_BEHIND = 3;

describe('a campaign', function () {
  this.timeout(60_000);
  const lab = useLab();
  let queue: QueueId;
  let agents: readonly CampaignAgent[];
  let campaign: CampaignId | undefined;
  /** How often the carrier was called, by number. */
  let carried: Map<string, number>;
  let undo: (() => void)[];

  before(async () => {
    ({ queue, agents } = await makeTeam(lab, 'Renewals', '64', PHONES));
  });
  beforeEach(() => {
    carried = new Map();
    undo = [
      lab.carrier.ari.listen((event) => {
        const [kind, number = ''] = event.type === 'StasisStart' ? event.args : [];
        if (kind === 'pbx') carried.set(number, (carried.get(number) ?? 0) + 1);
      }),
    ];
  });
  afterEach(async () => {
    if (campaign !== undefined) await setState(lab, campaign, 'stopped');
    for (const { id } of agents) await lab.product.order({ kind: 'agent-sign-out', agentId: id });
    for (const stop of undo) stop();
  });

  /** Phones answer by themselves, and hang up after a word. */
  const phonesAnswer = (): void => {
    for (const { phone } of agents)
      undo.push(
        lab.carrier.at(phone, async (party) => {
          await party.answer();
          await party.endsWithin(TALK_MS);
          await party.hangUp();
        }),
      );
  };
  const start = async (
    name: string,
    options: Omit<Parameters<typeof makeCampaign>[2], 'queue'>,
  ): Promise<void> => {
    campaign = await makeCampaign(lab, name, { queue, ...options });
    await setState(lab, campaign, 'running');
  };
  const attempts = (): Promise<readonly AttemptRow[]> => {
    if (campaign === undefined) throw new Error('no campaign was started');
    return attemptsOf(lab, campaign);
  };
  /** Waits until each number has its result. */
  const results = async (count: number, limitMs = 40_000): Promise<readonly AttemptRow[]> => {
    let last: readonly AttemptRow[] = [];
    return until(
      `${String(count)} results`,
      limitMs,
      async () => {
        last = await attempts();
        return last.filter(({ result }) => result !== '').length === count ? last : undefined;
      },
      () => last,
    );
  };
  const equalsTheCarriers = (rows: readonly AttemptRow[]): void => {
    const expected = new Map(
      [...carried].map(([number]) => [number, BEHAVIOURS[number.slice(-2)]]),
    );
    expect(new Map(rows.map(({ number, result }) => [number, result]))).to.deep.equal(expected);
    for (const [number, count] of carried)
      expect(rows.filter((row) => row.number === number).length, number).to.equal(count);
  };

  it('gives each person who answers to a free agent, and says of each number what the carrier did', async () => {
    phonesAnswer();
    await seat(lab, agents);
    const numbers = numbersOf('05', '00', '01', '03', '04', '08', '10', '13').concat(
      numbersOf('06', '00', '01', '04'),
    );
    await start('Mixed', { numbers });
    const rows = await results(numbers.length);
    expect(carried.size).to.equal(numbers.length);
    equalsTheCarriers(rows);
    for (const row of rows.filter(({ result }) => result === 'human')) {
      expect(row.agent_id).to.be.oneOf(agents.map(({ id }) => id));
      expect(row.trunk_id).to.equal(lab.company.trunk);
      const waited = Number(row.connected_at) - Number(row.answered_at);
      expect(waited, 'from the answer to the agent').to.be.within(0, 2_000);
    }
  });

  it('and another one over the same list call nobody twice', async () => {
    phonesAnswer();
    await seat(lab, agents);
    const numbers = ['80', '81', '82', '83'].flatMap((hundred) => numbersOf(hundred, '00', '01'));
    const first = await makeCampaign(lab, 'First', { queue, numbers });
    const rival = await makeRival(lab, 'Second', first);
    campaign = first;
    const both = async (): Promise<readonly AttemptRow[]> =>
      [...(await attempts()), ...(await attemptsOf(lab, rival))].filter(
        ({ result }) => result !== '',
      );
    try {
      await setState(lab, first, 'running');
      await setState(lab, rival, 'running');
      await until(
        'a result of each number',
        40_000,
        async () => (await both()).length >= numbers.length,
      );
      // Who is looked at by the second one is held back: once a day.
      await until('nobody to be left', 20_000, async () => {
        const left = await lab.product
          .database('leads')
          .whereIn('campaign_id', [first, rival])
          .where('next_at', '<=', new Date())
          .whereIn('state', ['open', 'calling']);
        return left.length === 0;
      });
    } finally {
      await setState(lab, rival, 'stopped');
    }
    expect([...carried.values()]).to.deep.equal(numbers.map(() => 1));
    expect((await both()).map(({ number }) => number)).to.have.members(numbers);
  });

  it('loses and doubles nothing while the database is away', async () => {
    phonesAnswer();
    await seat(lab, agents);
    const numbers = numbersOf('07', '00', '01', '04').concat(numbersOf('08', '00', '01', '04'));
    await start('Outage', { numbers });
    await until('the first call', 20_000, () => carried.size > 0);
    const database = keptPid(lab.platform, 'mariadb');
    process.kill(database, 'SIGSTOP');
    try {
      await lab.product.nowHas('results that wait for the database', 15_000, (now) =>
        now.campaigns?.some(({ behind = 0 }) => behind >= RESULTS_BEHIND),
      );
    } finally {
      process.kill(database, 'SIGCONT');
    }
    equalsTheCarriers(await results(numbers.length));
  });

  it('keeps what became of a call while the database is away, also when the program is killed meanwhile', async () => {
    phonesAnswer();
    await seat(lab, agents.slice(0, 1));
    const [number = ''] = numbersOf('05', '78');
    const rings = lab.carrier.ringsAt(number, 30_000);
    await start('Killed', { numbers: [number] });
    const person: Party = await rings;
    const database = keptPid(lab.platform, 'mariadb');
    process.kill(database, 'SIGSTOP');
    try {
      await person.answer();
      await lab.product.nowHas('the talk', 8_000, (now) =>
        now.calls.some((call) => call.connectedAt !== undefined),
      );
      await person.ended(8_000);
      await lab.product.nowHas(
        'a result that waits for the database',
        8_000,
        (now) => now.calls.length === 0 && now.campaigns?.some(({ behind = 0 }) => behind > 0),
      );
      await lab.product.process.kill();
    } finally {
      process.kill(database, 'SIGCONT');
    }
    const killedAt = Date.now();
    await lab.product.process.start();
    const [row, ...others] = await results(1);
    expect(others).to.deep.equal([]);
    expect(row).to.include({ result: 'human', agent_id: agents[0]?.id });
    expect(Number(row?.answered_at)).to.be.greaterThan(0);
    expect(Number(row?.connected_at)).to.be.within(Number(row?.answered_at), killedAt);
    expect(Number(row?.ended_at)).to.be.within(Number(row?.connected_at), killedAt);
    expect(carried.get(number)).to.equal(1);
    await until('nothing to be left in the file', 5_000, () => keptBytes(lab) === 0);
  });

  it('leaves a trunk alone that answers 503 to everything, says so, and lets no person pay', async () => {
    phonesAnswer();
    await seat(lab, agents.slice(0, 1));
    const refused = ['90', '91', '92', '93', '94'].map((hundred) => `+44207946${hundred}03`);
    const [works = ''] = numbersOf('95', '00');
    await start('Refused', { numbers: [...refused, works] });
    const isRefusing = (): boolean =>
      lab.product.now.trunks.some(
        ({ id, online, isRefusing: says }) => id === lab.company.trunk && online && says === true,
      );
    await until('the trunk to be one that refuses everything', 25_000, isRefusing);
    const refusedAt = Date.now();
    expect([...carried.keys()]).to.have.members(refused);
    expect([...carried.values()]).to.deep.equal(refused.map(() => 1));
    await until('nobody to have paid', 5_000, async () => {
      const leads = await lab.product
        .database('leads')
        .where({ campaign_id: campaign ?? 0 })
        .select<{ state: string; attempts: number }[]>('state', 'attempts');
      return leads.every(({ state, attempts: paid }) => state === 'open' && paid === 0);
    });
    // One call tries it again, after a while, and gets through.
    await until('the next call', 20_000, () => carried.get(works) === 1);
    expect(Date.now() - refusedAt).to.be.greaterThan(8_000);
    await until('the trunk to work again', 10_000, () => !isRefusing());
    const rows = await until('the person who was reached', 10_000, async () => {
      const all = await attempts();
      return all.some(({ result }) => result === 'human') ? all : undefined;
    });
    expect(rows.find(({ result }) => result === 'human')?.number).to.equal(works);
    for (const { number, result } of rows.slice(0, refused.length))
      expect([number, result]).to.deep.equal([number, 'failed']);
  });

  it('says so to a person for whom no agent is there in two seconds, and keeps the key', async () => {
    const [number = ''] = numbersOf('05', '77');
    // The agents' phones ring, and nobody is there.
    for (const { phone } of agents) undo.push(lab.carrier.at(phone, (party) => party.ring()));
    await seat(lab, agents.slice(0, 1));
    const rings = lab.carrier.ringsAt(number, 30_000);
    await start('Abandoned', { numbers: [number] });
    const person: Party = await rings;
    await person.answer();
    await person.listen();
    const answeredAt = Date.now();
    await person.ear.waitForSound(6_000);
    expect(Date.now() - answeredAt).to.be.greaterThan(1_500);
    await person.press('9');
    await person.ended(15_000);
    const [row] = await results(1);
    expect(row).to.include({ result: 'abandoned', connected_at: null });
    const kept = await until('the number on the list', 5_000, () =>
      lab.product
        .database('do_not_call')
        .where({ number })
        .first<Record<string, unknown> | undefined>('*'),
    );
    expect(kept).to.include({ campaign_id: campaign, source: 'key', call_id: row?.call_id });
  });

  it('leaves its message after the beep of a machine, hangs up on a fax, and gives a person to an agent', async () => {
    phonesAnswer();
    await seat(lab, agents);
    const numbers = numbersOf('05', '05', '12', '14');
    await start('Machines', {
      numbers,
      settings: { machine: 'message', machinePrompt: lab.company.prompts.goodbye },
    });
    const rows = await results(numbers.length);
    const of = (end: string): AttemptRow | undefined =>
      rows.find(({ number }) => number.endsWith(end));
    expect(of('05')).to.include({ result: 'machine', machine_verdict: 'machine', agent_id: null });
    expect(of('14')).to.include({ result: 'fax', machine_verdict: 'fax', agent_id: null });
    expect(of('12')).to.include({ result: 'human' });
    // Somebody who says one word and then nothing, not even silence, is told apart from a machine, and no more.
    expect(of('12')?.machine_verdict).to.be.oneOf(['human', 'unsure']);
  });
});
