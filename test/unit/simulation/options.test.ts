import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { applyOptions, OptionsError, parseOptions } from '../../../src/simulation/acd/options.js';
import { scenarioFile } from '../../../src/simulation/acd/scenario-file.js';
import { DistributionError } from '../../../src/simulation/distributions.js';
import type { ScenarioInput } from '../../support/simulation.js';

const noFile = (name: string): string => {
  throw new DistributionError(`${name} cannot be read`);
};
const parse = (line: string) => parseOptions(line.split(' '), noFile);
const SITE = 'acd --agents 10 --calls-per-hour 100';
const applied = (file: ScenarioInput, line: string) =>
  applyOptions(scenarioFile.parse(file), parse(line));

describe('simulation: options', () => {
  it('reads them', () => {
    expect(
      parse(`${SITE} --handling 120 --strategy random --seeds 20 --seed 4 --json --miss 0.1`),
    ).to.include({
      agents: 10,
      callsPerHour: 100,
      handling: '120',
      strategy: 'random',
      seeds: 20,
      firstSeed: 4,
      isJson: true,
      missShare: 0.1,
    });
    expect(parse('--help').isHelp).to.equal(true);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['ivr', /"ivr" cannot be simulated; there are: acd, dialer/],
    ['acd', /--agents or --scenario is needed\n--calls-per-hour or --scenario is needed/],
    [`${SITE} --bogus 3`, /^Unknown option '--bogus'$/],
    [`${SITE} more`, /"more" is no option/],
    [`${SITE} --seeds 0`, /--seeds: "0" is not a whole number from 1/],
    [`${SITE} --calls 1.5`, /--calls: "1\.5" is not a whole number/],
    [`${SITE} --miss 2`, /--miss: "2" is not a number from 0 to 1/],
    [`${SITE} --strategy best`, /--strategy: there is no "best"; there are: longest-idle/],
    [`${SITE} --handling gamma:3`, /--handling: "gamma:3" is no distribution/],
    [`${SITE} --handling infinite`, /--handling: must end some time/],
    [`${SITE} --ring empirical:x.txt`, /--ring: x\.txt cannot be read/],
    ['acd --agents x', /--agents: "x" is not a whole number from 1 to 20000/],
  ];
  for (const [line, message] of refused)
    it(`refuses ${line}`, () => {
      expect(() => parse(line)).to.throw(OptionsError, message);
    });

  it('override the scenario', () => {
    const file = applied(
      {
        queues: [
          { name: 'A', callsPerHour: 30, requirements: [{ skill: 'english' }] },
          { name: 'B', arrivals: { intervalMinutes: 30, calls: [2, 8] }, strategy: 'random' },
        ],
        agents: [{ name: 'X' }],
      },
      'acd --agents 7 --calls-per-hour 80 --strategy ring-all --patience 60 --wrap-up 9 --ring 3',
    );
    const [a, b] = file.queues;
    expect(a).to.include({ callsPerHour: 60, strategy: 'ring-all', patience: '60' });
    // Ten an hour on average, twice as many now.
    expect(b?.arrivals?.calls).to.deep.equal([4, 16]);
    expect(b?.wrapUp.seconds).to.equal(9);
    expect(file.agents).to.have.length(1);
    expect(file.agents[0]).to.deep.include({ count: 7, skills: { english: 100 } });
    expect(file.phones.ring).to.equal('3');
  });

  it('do not change the rate of a trace', () => {
    const file = { queues: [{ name: 'A' }], trace: [{ at: 1, queue: 'A' }] };
    expect(() => applied(file, SITE)).to.throw(OptionsError, /has a trace/);
  });

  it('of the command give a JSON line last, the same each time, and say what is wrong', async function () {
    this.timeout(60_000);
    const run = (line: string) =>
      promisify(execFile)(process.execPath, [
        '--import',
        'tsx',
        'src/tasks/simulate.ts',
        ...line.split(' '),
      ]);
    const line = `${SITE} --handling exponential:270 --patience exponential:60 --calls 500 --seeds 2 --json`;
    const texts = await Promise.all([run(line), run(line)]);
    const [first, second] = texts.map(({ stdout }) => stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(first).to.equal(second);
    const summary = JSON.parse(first ?? '') as Record<string, unknown>;
    expect(summary).to.include({ simulation: 'acd', seeds: 2, agents: 10, illegalEvents: 0 });
    expect(texts[0].stdout).to.match(/Erlang A says: P\(wait\) 16\.67 %/);
    const refusal: unknown = await run('acd --agents 0').catch((error: unknown) => error);
    expect(refusal).to.have.property('code', 2);
    expect(refusal)
      .to.have.property('stderr')
      .that.matches(/^--agents: "0" is not/);
  });
});
