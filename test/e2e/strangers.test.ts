import { expect } from 'chai';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { TrunkId } from '../../src/kernel/ids.js';
import { carrierTrunk, DIDS } from '../support/lab-company.js';
import { kindsOf, pbxAddress, useLab } from '../support/lab.js';
import { freePort } from '../support/platform.js';
import { Sipp } from '../support/sipp.js';
import { until } from '../support/until.js';

/** From headers as nobody's phone sends them, with what must be kept of number and name. */
const STRANGERS: readonly {
  readonly from: string;
  readonly name?: string | RegExp;
  readonly number?: string | RegExp;
}[] = [
  {
    from: '"<script>alert(1)</script>" <sip:+442079460701@127.0.0.1>',
    number: '+442079460701',
    name: '<script>alert(1)</script>',
  },
  {
    from: `"Robert'); DROP TABLE calls" <sip:+442079460702@127.0.0.1>`,
    number: '+442079460702',
    name: "Robert'); DROP TABLE calls",
  },
  {
    from: '"She said \\"hello\\"" <sip:+442079460703@127.0.0.1>',
    number: '+442079460703',
    name: 'She said "hello"',
  },
  { from: '"张伟 😀📞" <sip:+442079460704@127.0.0.1>', number: '+442079460704', name: '张伟 😀📞' },
  {
    from: `"${'x'.repeat(500)}" <sip:+442079460705@127.0.0.1>`,
    number: '+442079460705',
    name: /^x{60,120}…?$/,
  },
  { from: '"{{7*7}}${7*7}" <sip:+442079460706@127.0.0.1>', number: '+442079460706' },
  { from: '<sip:%3Cimg%20src%3Dx%3E@127.0.0.1>', name: '' },
  { from: `<sip:${'9'.repeat(300)}@127.0.0.1>`, number: /^9{1,64}$/ },
  { from: '"" <sip:anonymous@anonymous.invalid>' },
  { from: '"Ä Ö %s %n \\t" <sip:00442079460707@127.0.0.1>', number: '+442079460707' },
  { from: '<sip:..%2F..%2Fetc@127.0.0.1>' },
];

describe('strangers', function () {
  this.timeout(60_000);
  const lab = useLab();
  let trunk: TrunkId | undefined;

  after(async () => {
    if (trunk === undefined) return;
    const stored = await lab.configuration.trunks.get(SYSTEM_ACTOR, trunk);
    await lab.configuration.trunks.save(SYSTEM_ACTOR, trunk, stored.version, {
      ...stored,
      enabled: false,
    });
  });

  it('may call with any name and number: each call is served, kept as it came, and harms nothing', async () => {
    const port = await freePort();
    trunk = await lab.configuration.trunks.createSip(SYSTEM_ACTOR, {
      ...carrierTrunk(lab.carrierSettings),
      ...{ name: 'Strangers', username: '', password: '', register: false, port, priority: 90 },
    });
    await lab.product.nowHas('the trunk of the strangers', 10_000, (now) =>
      now.trunks.some((t) => t.id === trunk),
    );
    const since = new Date();
    const sipp = await Sipp.start({
      scenario: 'stranger',
      port,
      remote: pbxAddress(lab),
      fields: STRANGERS.map(({ from }) => [from.replaceAll(';', ',')]),
      calls: STRANGERS.length,
      callsPerSecond: 5,
      more: ['-s', DIDS.menu],
    });
    const { allGood, errors } = await sipp.ended();
    expect(allGood, errors).to.equal(true);
    const rows = await until('every call in the ledger', 15_000, async () => {
      const found = (await lab.product
        .database('calls')
        .where('trunk_id', trunk)
        .andWhere('started_at', '>=', since)
        .orderBy('id')
        .select('id', 'from_number', 'from_name', 'ended_at')) as unknown as readonly {
        readonly id: string;
        readonly from_number: string;
        readonly from_name: string;
        readonly ended_at: Date | null;
      }[];
      return found.length === STRANGERS.length && found.every((row) => row.ended_at !== null)
        ? found
        : undefined;
    });
    STRANGERS.forEach(({ from, name, number }, index) => {
      const row = rows[index];
      if (number !== undefined) expect(row?.from_number, from).to.match(exactly(number));
      if (name !== undefined) expect(row?.from_name, from).to.match(exactly(name));
      expect(row?.from_number.length, from).to.be.at.most(64);
      expect([...(row?.from_name ?? '')].length, from).to.be.at.most(120);
    });
    const log = lab.product.process.log();
    expect(log).to.not.contain('"level":60').and.to.not.contain('Unhandled');
    expect(kindsOf(await lab.stories.read(rows[0]?.id as never))).to.include('call-ended');
  });
});

const exactly = (expected: string | RegExp): RegExp =>
  expected instanceof RegExp
    ? expected
    : new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'u');
