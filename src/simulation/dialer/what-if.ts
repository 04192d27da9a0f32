import type {
  WhatIfAnswer,
  WhatIfFigures,
  WhatIfQuestion,
  WhatIfSpan,
} from '../../engines/dialer/what-if.js';
import { SLOT_MS, type DialerResult, type Slot } from './day-count.js';
import { DialerSimulation } from './dialer-simulation.js';
import { cordboard, FixedRatio } from './policies.js';
import type { Policy } from './policy.js';
import { worldFile } from './world-file.js';
import { makeWorld, type World } from './world.js';

const HOUR_S = 3_600;
/** So many answers show how it goes; more take longer than anybody waits. */
const ANSWERS = 900;
const LEAST_HOURS = 0.5;
const MOST_HOURS = 8;
const SEED = 7_919;
const SPANS = 16;
/** Teams of so many times as many agents are looked at, too. */
const TEAMS = [0.5, 2];

/** Plays the engine that paces campaigns, from a cold start, until enough people have answered or a day is over. */
export function answerWhatIf(question: WhatIfQuestion): WhatIfAnswer {
  const { agents } = question;
  const hours = hoursOf(question, agents);
  const result = play(question, agents, (world) => cordboard(world, question.limit));
  const predictive = figuresOf(agents, hours, result);
  const oneToOne = figuresOf(
    agents,
    hours,
    play(question, agents, () => new FixedRatio(1)),
  );
  const others = TEAMS.map((factor) => Math.max(1, Math.round(agents * factor)))
    .filter((count) => count !== agents)
    .map((count) => {
      const team = play(question, count, (world) => cordboard(world, question.limit));
      return figuresOf(count, hoursOf(question, count), team);
    });
  return {
    ...{ hours, predictive, oneToOne, spans: spansOf(result.slots) },
    teams: [...others, predictive].sort((a, b) => a.agents - b.agents),
  };
}

const hoursOf = ({ talkS, wrapUpS }: WhatIfQuestion, agents: number): number =>
  Math.max(
    LEAST_HOURS,
    Math.min(MOST_HOURS, (ANSWERS * Math.max(1, talkS + wrapUpS)) / HOUR_S / agents),
  );

function play(
  question: WhatIfQuestion,
  agents: number,
  makePolicy: (world: World) => Policy,
): DialerResult {
  const { answerRate, talkS, wrapUpS } = question;
  const file = worldFile.parse({
    ...{ agents, answerRate, hours: hoursOf(question, agents) },
    talk: `lognormal:${String(talkS)},1`,
    wrapUp: wrapUpS === 0 ? 'constant:0' : `lognormal:${String(wrapUpS)},0.5`,
  });
  const world = makeWorld('what if', file, () => '');
  return new DialerSimulation(world, makePolicy(world), SEED).run();
}

function figuresOf(agents: number, hours: number, result: DialerResult): WhatIfFigures {
  const { answered, abandoned, started, utilisation, idlePerCallS } = result;
  return {
    ...{ agents, utilisation, idlePerCallS, lines: result.linesP99 },
    abandonment: answered === 0 ? 0 : abandoned / answered,
    conversationsAnHour: (answered - abandoned) / hours,
    callsPerAnswer: answered === 0 ? 0 : started / answered,
  };
}

/** Slots put together to as many parts as a chart can show. */
function spansOf(slots: readonly Slot[]): readonly WhatIfSpan[] {
  const each = Math.max(1, Math.ceil(slots.length / SPANS));
  const spans: WhatIfSpan[] = [];
  let [answered, abandoned] = [0, 0];
  for (let at = 0; at < slots.length; at += each) {
    let [busyMs, presentMs] = [0, 0];
    for (const slot of slots.slice(at, at + each)) {
      busyMs += slot.busyMs;
      presentMs += slot.presentMs;
      answered += slot.answered;
      abandoned += slot.abandoned;
    }
    // What is left over at the end is too short to say anything.
    if (presentMs === 0) continue;
    spans.push({
      ...{ fromMs: at * SLOT_MS, utilisation: busyMs / presentMs },
      abandonedSoFar: answered === 0 ? 0 : abandoned / answered,
    });
  }
  return spans;
}
