import { Acd } from '../../src/engines/acd/acd.js';
import type { SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId } from '../../src/kernel/ids.js';
import { PlainScan } from './acd-plain-scan.js';
import type { Site, Size } from './acd-site.js';
import { Traffic, type Distributor, type Outcome } from './acd-traffic.js';

/**
 * npm run bench:acd [-- --seconds 3]
 *
 * Drives the engine of distribution with a saturated site: every agent talks, everybody else waits in line, and for each
 * talk that ends the next caller is chosen (skills, relaxing levels, priorities, weights of queues, limits), rings and
 * answers, and a new caller comes. Then with a quiet site: six of ten agents talk, nobody waits, and for each caller one of
 * the idle agents is chosen by the queue's strategy (`quiet...`).
 *
 * A decision is an event that the engine has to answer with "who" or "wait": a caller who comes, and an agent who gets free.
 * Speed is decisions per second of processor time, everything counted: the series of events, answers, timers, garbage
 * collection and the compiler; so it holds on a busy machine too, as far as caches are not taken by others. `--seconds` is
 * processor time, and half as much is spent before for warming up. Beside it the same work by a plain scan over callers and
 * agents. Prints one JSON line last.
 */
const SIZES: readonly Size[] = [
  { agents: 100, queues: 10, waiting: 200 },
  { agents: 1_000, queues: 100, waiting: 2_000 },
  { agents: 10_000, queues: 1_000, waiting: 20_000 },
];

class EngineDistributor implements Distributor {
  readonly acd = new Acd({ pointMs: 30_000, seed: 5 });
  /** By agent. */
  readonly #talks: CallId[] = [];

  constructor(site: Site, at: number) {
    this.acd.handle({ kind: 'configured', at, queues: site.queues, agents: site.agents });
    for (const { id } of site.agents) {
      this.acd.handle({ kind: 'agent-signed-in', agent: id, at });
      const talk = `first ${String(id)}` as CallId;
      this.acd.handle({ kind: 'agent-engaged', agent: id, call: talk, at });
      this.acd.handle({ kind: 'agent-available', agent: id, at });
      this.#talks[id] = talk;
    }
  }

  queue(
    call: CallId,
    queue: QueueId,
    priority: number,
    requirements: readonly SkillRequirement[],
    at: number,
  ): AgentId | undefined {
    for (const command of this.acd.handle({
      kind: 'call-queued',
      call,
      queue,
      priority,
      requirements,
      enteredAt: at,
      at,
    }))
      if (command.kind === 'offer-call') return command.agent;
    return undefined;
  }

  free(agent: AgentId, at: number): CallId | undefined {
    const call = this.#talks[agent];
    if (call === undefined) return undefined;
    for (const command of this.acd.handle({ kind: 'talk-ended', agent, call, at }))
      if (command.kind === 'offer-call') return command.call;
    return undefined;
  }

  answer(call: CallId, agent: AgentId, at: number): void {
    this.acd.handle({ kind: 'offer-answered', call, agent, at });
    this.#talks[agent] = call;
  }

  pass(at: number): void {
    this.acd.handle({ kind: 'time-passed', at });
  }
}

/** Processor time of a run that is not counted: the line is filled and has turned over, and the compiler has settled. */
const WARM_UP_SHARE = 0.5;

/** Runs a site; `limitMs` is processor time. */
function run(size: Size, make: (site: Site, at: number) => Distributor, limitMs: number): Outcome {
  const traffic = new Traffic(size, make);
  traffic.run(limitMs * WARM_UP_SHARE);
  return traffic.run(limitMs);
}

function main(): void {
  const at = process.argv.indexOf('--seconds');
  const limitMs = (at > 0 ? Number(process.argv[at + 1]) : 4) * 1_000;
  // All of the engine first: scanning uses other code, which would be compiled into the engine's way.
  const engines = SIZES.map((size) =>
    run(size, (site, start) => new EngineDistributor(site, start), limitMs),
  );
  const quiets = SIZES.map((size) =>
    run({ ...size, waiting: 0 }, (site, start) => new EngineDistributor(site, start), limitMs / 2),
  );
  const scans = SIZES.map((size) => run(size, (site) => new PlainScan(site), limitMs / 2));
  const cases = SIZES.flatMap((size, at) => {
    const engine = engines[at];
    const quiet = quiets[at];
    const scan = scans[at];
    if (engine === undefined || quiet === undefined || scan === undefined) return [];
    process.stdout.write(
      `${String(size.agents)} agents, ${String(size.queues)} queues, ${String(size.waiting)} waiting: ` +
        `${String(engine.decisionsPerSecond)} decisions/s, p99 ${String(engine.p99us)} us; ` +
        `nobody waiting ${String(quiet.decisionsPerSecond)}/s, p99 ${String(quiet.p99us)} us; ` +
        `plain scan ${String(scan.decisionsPerSecond)}/s, p99 ${String(scan.p99us)} us\n`,
    );
    return {
      ...size,
      ...engine,
      quietDecisionsPerSecond: quiet.decisionsPerSecond,
      quietP99us: quiet.p99us,
      scanDecisionsPerSecond: scan.decisionsPerSecond,
      scanP99us: scan.p99us,
    };
  });
  const cost = (one: { readonly decisionsPerSecond: number } | undefined): number =>
    1 / (one?.decisionsPerSecond ?? NaN);
  const growth = Math.round((cost(cases.at(-1)) / cost(cases[0])) * 100) / 100;
  process.stdout.write(`${JSON.stringify({ bench: 'acd', cases, growth })}\n`);
}

main();
