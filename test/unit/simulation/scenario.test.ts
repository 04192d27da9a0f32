import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { makePlan } from '../../../src/simulation/acd/make-plan.js';
import { ScenarioError } from '../../../src/simulation/acd/problems.js';
import { parseScenario } from '../../../src/simulation/acd/scenario.js';
import { DistributionError } from '../../../src/simulation/distributions.js';

const files: Readonly<Record<string, string>> = {
  'good.csv':
    'at,queue,number,priority,handling,patience,skills\n' +
    '08:00:10,A,+861390,2,30,60,english>=40 billing\n' +
    '5,A,,,,,\n',
  'bad.csv': 'at,queue,priority\n08:00,A,1\n25 o’clock,A,1\n08:01,,high\n',
  'columns.csv': 'time,queue\n1,A\n',
  'ragged.csv': 'at,queue\n1,A,3\n',
  'other.csv': 'at,queue\n1,Z\n',
  'talks.txt': '10\n20\n',
};
const readText = (name: string): string => {
  const text = files[name];
  if (text === undefined) throw new DistributionError(`${name} cannot be read`);
  return text;
};
const plan = (text: string) => makePlan(parseScenario(text, 'day.json', readText));

/** A scenario of which each line is known. */
const scenario = (queue: string, agent = '', more = ''): string =>
  `{\n "queues": [\n  {"name": "A"${queue}},\n  {"name": "B", "callsPerHour": 5}\n ],\n` +
  ` "agents": [\n  {"name": "X"${agent}}\n ]${more}\n}`;

describe('simulation: scenario', () => {
  it('works names, units and distributions out', () => {
    const { queues, agents, skillNames, span } = plan(
      scenario(
        `, "strategy": "weighted", "weight": 2, "maxTalking": 3, "rejectMemorySeconds": 10, "missesUntilNotReady": 1,
        "requirements": [{"skill": "english", "minLevel": 50, "relax": [{"afterSeconds": 30, "minLevel": 0}]}],
        "wrapUp": {"seconds": 20, "extensions": 2, "extendBySeconds": 15, "codeNeeded": true},
        "arrivals": {"from": "08:00", "intervalMinutes": 30, "calls": [30, 60]},
        "handling": "empirical:talks.txt", "patience": 90, "overflow": {"waitSeconds": 60, "to": "B"}`,
        ', "count": 2, "skills": {"english": 70}, "shifts": [{"from": "22:00", "to": "06:00"}], "breaks": [{"at": "23:00", "minutes": 15}]',
      ),
    );
    const [a] = queues;
    expect(a?.rules).to.deep.include({ id: 1, strategy: 'weighted', weight: 2, maxTalking: 3 });
    expect(a?.rules).to.deep.include({ rejectMemoryMs: 10_000, missesUntilNotReady: 1 });
    expect(a?.rules.requirements).to.deep.equal([
      { skill: 1, minLevel: 50, isRequired: true, relax: [{ afterMs: 30_000, minLevel: 0 }] },
    ]);
    expect(a?.rules.wrapUp).to.deep.equal({
      ms: 20_000,
      isUntilDone: false,
      extensions: 2,
      extendByMs: 15_000,
      isCodeNeeded: true,
    });
    expect(a?.arrivals.map(({ fromMs, toMs }) => [fromMs, toMs])).to.deep.equal([
      [28_800_000, 30_600_000],
      [30_600_000, 32_400_000],
    ]);
    expect([a?.handling.meanMs, a?.patience.meanMs]).to.deep.equal([15_000, 90_000]);
    expect(a?.overflow).to.deep.equal({ waitMs: 60_000, length: Infinity, to: 1 });
    expect(agents.map(({ membership }) => membership.name)).to.deep.equal(['X 1', 'X 2']);
    expect(
      agents[1]?.membership.queues.map(({ queue, position }) => [queue, position]),
    ).to.deep.equal([
      [1, 1],
      [2, 1],
    ]);
    // A shift that ends before it begins ends on the next day.
    expect(agents[0]?.shifts).to.deep.equal([{ fromMs: 79_200_000, toMs: 108_000_000 }]);
    expect([...skillNames]).to.deep.equal([[1, 'english']]);
    expect(span).to.deep.equal({ warmUpMs: 0, calls: undefined, endMs: 32_400_000, isDay: true });
  });

  it('reads a trace from a CSV file', () => {
    const text = scenario('', '', ',\n "trace": "good.csv"').replace(', "callsPerHour": 5', '');
    expect(plan(text).trace).to.deep.equal([
      {
        atMs: 5_000,
        queue: 0,
        number: undefined,
        priority: undefined,
        handlingMs: undefined,
        patienceMs: undefined,
        requirements: undefined,
      },
      {
        atMs: 28_810_000,
        queue: 0,
        number: '+861390',
        priority: 2,
        handlingMs: 30_000,
        patienceMs: 60_000,
        requirements: [
          { skill: 1, minLevel: 40, isRequired: true, relax: [] },
          { skill: 2, minLevel: 1, isRequired: true, relax: [] },
        ],
      },
    ]);
  });

  const traced = (name: string): string =>
    scenario('', '', `,\n "trace": "${name}"`).replace(', "callsPerHour": 5', '');
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{\n"queues": [\n}', /^day\.json:3: is not valid JSON/],
    ['text that breaks off', '{\n"queues": [', /^day\.json:2: is not valid JSON/],
    [
      'an unknown field',
      scenario(', "strategie": 1'),
      /^day\.json:3: queues\[0\]\.strategie: there is no such field$/,
    ],
    ['a missing field', '{\n "agents": []\n}', /^day\.json:1: queues: is missing$/],
    [
      'an unknown strategy',
      scenario(',\n"strategy": "best"'),
      /^day\.json:4: queues\[0\]\.strategy: invalid option/,
    ],
    [
      'a wrong kind',
      scenario('', ',\n"count": "two"'),
      /^day\.json:8: agents\[0\]\.count: invalid input/,
    ],
    [
      'a wrong time',
      scenario('', ', "breaks": [{"at": "24h", "minutes": 3}]'),
      /breaks\[0\]\.at: is no time of day/,
    ],
    [
      'a wrong distribution',
      scenario(',\n"handling": "gamma:3"'),
      /^day\.json:4: queues\[0\]\.handling: "gamma:3" is no distribution/,
    ],
    ['endless handling', scenario(', "handling": "infinite"'), /handling: must end some time/],
    [
      'a file that is not there',
      scenario(', "patience": "empirical:x.txt"'),
      /patience: x\.txt cannot be read/,
    ],
    [
      'two queues of one name',
      scenario('').replace('"B"', '"A"'),
      /^day\.json:4: queues\[1\]\.name: there is a queue "A" already/,
    ],
    [
      'an unknown queue',
      scenario('', ', "queues": ["C"]'),
      /^day\.json:7: agents\[0\]\.queues\[0\]: there is no queue "C"/,
    ],
    [
      'an unknown skill',
      scenario('', ', "skills": {"latin": 5}', ', "skills": ["english"]'),
      /agents\[0\]\.skills\.latin: there is no skill "latin"/,
    ],
    [
      'overflow into itself',
      scenario(', "overflow": {"waitSeconds": 5, "to": "A"}'),
      /overflow\.to: "A" overflows into itself/,
    ],
    [
      'overflow in a circle',
      scenario(', "overflow": {"waitSeconds": 5, "to": "B"}').replace(
        '"B", "calls',
        '"B", "overflow": {"length": 3, "to": "A"}, "calls',
      ),
      /"A" overflows into itself\n.*"B" overflows into itself/,
    ],
    [
      'overflow without a rule',
      scenario(', "overflow": {"to": "B"}'),
      /overflow: needs waitSeconds or length/,
    ],
    [
      'steps that do not relax',
      scenario(
        ', "requirements": [{"skill": "s", "minLevel": 5, "relax": [{"afterSeconds": 5, "minLevel": 9}]}]',
      ),
      /relax\[0\]: each step/,
    ],
    [
      'shifts that overlap',
      scenario(
        '',
        ', "shifts": [{"from": "08:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}]',
      ),
      /shifts overlap/,
    ],
    [
      'work until done that never ends',
      scenario(', "wrapUp": {"untilDone": true}'),
      /wrapUp\.untilDone: needs phones\.wrapUpWork/,
    ],
    [
      'nobody at work',
      '{"queues": [{"name": "A", "callsPerHour": 1}]}',
      /agents: there is no agent/,
    ],
    ['nobody who calls', scenario('').replace(', "callsPerHour": 5', ''), /queues: nobody calls/],
    [
      'rate and intervals',
      scenario(', "callsPerHour": 3, "arrivals": {"intervalMinutes": 30, "calls": [1]}'),
      /either callsPerHour or arrivals/,
    ],
    [
      'rate and trace',
      scenario('', '', ',\n "trace": "good.csv"'),
      /^day\.json:4: queues\[1\]\.callsPerHour: the trace gives all calls/,
    ],
    [
      'a row of the trace',
      scenario('', '', ',\n "trace": [\n{"at": 1, "queue": "A"},\n{"at": 2}]'),
      /^day\.json:11: trace\[1\]\.queue: is missing/,
    ],
    [
      'bad cells of a CSV trace',
      traced('bad.csv'),
      /^bad\.csv:3: at: "25 o’clock" is not valid\nbad\.csv:4: queue: is missing\nbad\.csv:4: priority: "high" is not valid$/,
    ],
    [
      'unknown columns',
      traced('columns.csv'),
      /^columns\.csv:1: there is no column "time".*\ncolumns\.csv:1: the column "at" is missing$/,
    ],
    ['a ragged row', traced('ragged.csv'), /^ragged\.csv:2: /],
    [
      'an unknown queue in a CSV trace',
      traced('other.csv'),
      /^other\.csv:2: there is no queue "Z"/,
    ],
  ];
  for (const [what, text, message] of refused)
    it(`refuses ${what}, and says where`, () => {
      expect(() => plan(text)).to.throw(ScenarioError, message);
    });

  it('can run every example of the documentation', () => {
    const names = readdirSync('docs/simulation').filter((name) => name.endsWith('.json'));
    expect(names).to.not.be.empty;
    const read = (name: string): string => readFileSync(`docs/simulation/${name}`, 'utf8');
    for (const name of names) {
      const scenarioOf = parseScenario(read(name), name, read);
      expect(makePlan(scenarioOf).agents).to.not.be.empty;
    }
  });
});
