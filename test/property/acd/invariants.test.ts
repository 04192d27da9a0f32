import fc from 'fast-check';
import { Acd, type AcdAgent, type AcdCommand } from '../../../src/engines/acd/acd.js';
import type { Waiter } from '../../../src/engines/acd/waiter.js';
import { levelAfter } from '../../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId } from '../../../src/kernel/ids.js';
import { agentId } from '../../support/acd.js';
import {
  acdCase,
  drive,
  inLine,
  POINT_MS,
  rejectionKey,
  ruleOf,
  type Moment,
} from '../../support/acd-cases.js';

/** Small cases, so that many sites are seen: each property looks at about ten thousand events. */
const RUNS = 500;

/** Says what was broken and at which event; far cheaper than an assertion object for each of a million looks. */
function must({ at, event }: Moment, holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what}, after ${event.kind} at ${String(at)}`);
}

const whatever = (check: () => (moment: Moment) => void): void => {
  fc.assert(
    fc.property(acdCase, (one) => {
      drive(one, check());
    }),
    { numRuns: RUNS },
  );
};

/** Where somebody stands, worked out from the rules: earlier ranks go first. */
const rankOf = ({ site }: Moment, { queue, enteredAt, priority }: Waiter): number =>
  enteredAt - (priority + (ruleOf(site, queue)?.weight ?? 0)) * POINT_MS;

/** Tells of each event which agents were not available before it. */
function becomesAvailable(): (moment: Moment) => (id: AgentId) => boolean {
  let before = new Set<AgentId>();
  return ({ acd }) => {
    const was = before;
    before = new Set();
    for (const { id, state } of acd.agents) if (state === 'available') before.add(id);
    return (id) => !was.has(id);
  };
}

const offersIn = (commands: readonly AcdCommand[]) =>
  commands.filter((command) => command.kind === 'offer-call');

/** Calls of a queue that are offered or talking, counted from the agents alone. */
function serviceOf(acd: Acd, queue: QueueId): number {
  const rung = new Set<CallId>();
  let talking = 0;
  for (const one of acd.agents) {
    if (one.queue !== queue || one.call === undefined) continue;
    if (one.state === 'ringing') rung.add(one.call);
    if (one.state === 'talking') talking++;
  }
  return rung.size + talking;
}

/** Whether an agent has what a waiter asks for, worked out from the configuration and not from the engine's indexes. */
const hasSkills = ({ site, at }: Moment, waiter: Waiter, id: AgentId): boolean =>
  [...(ruleOf(site, waiter.queue)?.requirements ?? []), ...waiter.requirements].every(
    (requirement) => {
      const { minLevel } = levelAfter(requirement, at - waiter.enteredAt);
      const level = site.agents.find((one) => one.id === id)?.skills.get(requirement.skill) ?? 0;
      return !requirement.isRequired || level >= minLevel;
    },
  );

/** Whether an agent may serve a waiter now. */
function fits(moment: Moment, waiter: Waiter, id: AgentId): boolean {
  const rule = ruleOf(moment.site, waiter.queue);
  const isFull =
    rule !== undefined && rule.maxTalking > 0 && serviceOf(moment.acd, rule.id) >= rule.maxTalking;
  return !isFull && mayRing(moment, waiter, id);
}

/** The same for a call that counts as in service already: one more phone may ring for it. */
function mayRing(moment: Moment, waiter: Waiter, id: AgentId): boolean {
  const { acd, at, site, rejectedUntil } = moment;
  const one = site.agents.find((member) => member.id === id);
  if (!one?.queues.some(({ queue }) => queue === waiter.queue)) return false;
  if (waiter.notBefore > at) return false;
  if ((rejectedUntil.get(rejectionKey(waiter.call, id)) ?? 0) > at) return false;
  const { sticky } = waiter;
  if (sticky !== undefined && sticky.until > at && sticky.agent !== id) {
    const other = acd.agent(sticky.agent)?.state;
    if (other === 'preview' || other === 'ringing') return false;
    if (other === 'talking' || other === 'wrap-up') return false;
  }
  return hasSkills(moment, waiter, id);
}

describe('ACD, whatever happens', () => {
  it('rings for one call at one agent, or at several only where all shall ring, and only for calls in line', () => {
    whatever(() => (moment) => {
      const { acd, site } = moment;
      const rung = new Set<CallId>();
      for (const { state, call, queue, name } of acd.agents) {
        if (state === 'available') must(moment, call === undefined, `${name} is free with a call`);
        if (state !== 'ringing' || call === undefined) continue;
        const waiter = acd.waiter(call);
        must(moment, waiter?.queue === queue, `${name} rings for ${call}, which is not in line`);
        const ringsAll = queue !== undefined && ruleOf(site, queue)?.strategy === 'ring-all';
        must(moment, ringsAll || !rung.has(call), `${call} rings twice`);
        rung.add(call);
      }
    });
  });

  it('rings at nobody who looks at a record, and lets nobody out of it but by its end', () => {
    whatever(() => {
      let before = new Set<AgentId>();
      return (moment) => {
        const { acd, event, commands } = moment;
        const now = new Set<AgentId>();
        for (const { id, state, queue, name } of acd.agents) {
          if (state !== 'preview') continue;
          now.add(id);
          must(moment, queue === undefined, `${name} looks at a record with a queue's call`);
        }
        for (const { agent } of offersIn(commands))
          must(moment, !now.has(agent), `a call is offered to ${String(agent)}, who looks`);
        if (
          event.kind === 'time-passed' ||
          event.kind === 'call-queued' ||
          event.kind === 'caller-left'
        )
          for (const id of before)
            must(moment, now.has(id), `${String(id)} lost a record by ${event.kind}`);
        before = now;
      };
    });
  });

  it('lets nobody wait while an agent who may serve the call is available', () => {
    whatever(() => (moment) => {
      const free = [...moment.acd.agents].filter(({ state }) => state === 'available');
      if (free.length === 0) return;
      for (const waiter of inLine(moment.acd))
        if (waiter.offers.length === 0)
          for (const one of free)
            must(
              moment,
              !fits(moment, waiter, one.id),
              `${waiter.call} waits, ${one.name} is available`,
            );
    });
  });

  it('offers a call only to those who may serve it', () => {
    whatever(() => (moment) => {
      for (const { call, agent } of offersIn(moment.commands)) {
        const until = moment.rejectedUntil.get(rejectionKey(call, agent)) ?? 0;
        must(moment, until <= moment.at, `${call} comes again to ${String(agent)}`);
        const waiter = moment.acd.waiter(call);
        if (waiter === undefined || waiter.sticky?.agent === agent) continue;
        must(moment, hasSkills(moment, waiter, agent), `${call} asks for more`);
      }
    });
  });

  it('gives an agent who gets free whoever stands first of all whom the agent may serve, over all queues', () => {
    whatever(() => {
      const freed = becomesAvailable();
      return (moment) => {
        const isFreed = freed(moment);
        for (const { call, agent } of offersIn(moment.commands)) {
          const waiter = moment.acd.waiter(call);
          if (!isFreed(agent) || waiter === undefined || waiter.sticky?.agent === agent) continue;
          const rank = rankOf(moment, waiter);
          for (const other of inLine(moment.acd))
            if (other.offers.length === 0 && rankOf(moment, other) < rank)
              must(moment, !fits(moment, other, agent), `${other.call} stands before ${call}`);
        }
      };
    });
  });

  it('rings one more phone where all shall ring and an agent gets free', () => {
    whatever(() => {
      const freed = becomesAvailable();
      return (moment) => {
        const isFreed = freed(moment);
        const rung = inLine(moment.acd).filter(
          ({ isLifted, offers, queue }) =>
            offers.length > 0 && !isLifted && ruleOf(moment.site, queue)?.strategy === 'ring-all',
        );
        for (const { id, state, name } of moment.acd.agents)
          if (state === 'available' && isFreed(id))
            for (const waiter of rung)
              must(moment, !mayRing(moment, waiter, id), `${name} does not join in`);
      };
    });
  });

  it('rings at nobody else once a phone was lifted, and again where that one comes to nothing', () => {
    whatever(() => (moment) => {
      for (const { call, isLifted, offers } of inLine(moment.acd))
        must(moment, !isLifted || offers.length === 1, `${call} was lifted and rings on`);
    });
  });

  it('keeps each queue under its limit of calls at the same time', () => {
    whatever(() => (moment) => {
      const { acd, commands, site } = moment;
      // One more phone for a call that rings already takes no place.
      const begun = offersIn(commands).filter(({ call }) => acd.waiter(call)?.offers.length === 1);
      for (const { id, maxTalking } of site.queues) {
        const service = serviceOf(acd, id);
        must(
          moment,
          (acd.line(id)?.inService ?? 0) === service,
          `queue ${String(id)} is miscounted`,
        );
        if (maxTalking > 0 && begun.some(({ queue }) => queue === id))
          must(moment, service <= maxTalking, `queue ${String(id)} is over its limit`);
      }
    });
  });

  it('takes back each offer once, and only offers that are out', () => {
    whatever(() => {
      const out = new Set<string>();
      return (moment) => {
        // The phone said that it is over: nothing is to be taken back, and the call may come again at once.
        if (moment.event.kind === 'offer-failed')
          out.delete(rejectionKey(moment.event.call, moment.event.agent));
        for (const command of moment.commands) {
          if (command.kind !== 'offer-call' && command.kind !== 'withdraw-offer') continue;
          const key = rejectionKey(command.call, command.agent);
          must(moment, out.has(key) === (command.kind === 'withdraw-offer'), `${key}: twice`);
          if (command.kind === 'offer-call') out.add(key);
          else out.delete(key);
        }
        for (const key of out) {
          const [call = '', number = ''] = key.split(' ');
          const one = moment.acd.agent(agentId(Number(number)));
          if (one?.state !== 'ringing' || one.call !== call) out.delete(key);
        }
      };
    });
  });

  it('orders each line by time of entry and priority alone, and tells the places in that order', () => {
    whatever(() => (moment) => {
      const { acd, site } = moment;
      for (const { id } of site.queues) {
        let before = -Infinity;
        let place = 1;
        acd.waiting(id).forEach((waiter) => {
          const rank = rankOf(moment, waiter);
          must(moment, before <= rank, `${waiter.call} stands too far back`);
          must(moment, acd.placeOf(waiter.call) === place, `${waiter.call}: another place`);
          before = rank;
          // Who is held back until later is before nobody.
          const { bucket, waitsFor, offers } = waiter;
          if (bucket !== undefined || waitsFor !== undefined || offers.length > 0) place++;
        });
      }
    });
  });

  it('asks to be woken no later than the next thing that is due', () => {
    whatever(() => {
      let wakeAt = Infinity;
      return (moment) => {
        const { acd, at, commands, event } = moment;
        if (event.kind === 'time-passed' && wakeAt <= at) wakeAt = Infinity;
        for (const command of commands)
          if (command.kind === 'wake-at') wakeAt = Math.min(wakeAt, command.at);
        for (const { state, until } of acd.agents)
          if (state === 'wrap-up' && until !== undefined)
            must(moment, wakeAt <= until, 'nobody ends the wrap-up');
      };
    });
  });

  it('is the same again after its agents and callers were given to a new engine', () => {
    fc.assert(
      fc.property(acdCase, (one) => {
        const acd = drive(one, () => undefined);
        const again = new Acd({ pointMs: POINT_MS });
        const { queues, agents } = one.site;
        const at = 1_000_000;
        again.handle({ kind: 'configured', at, queues, agents });
        again.restore([...acd.agents] as Parameters<Acd['restore']>[0], at);
        for (const { call, queue, priority, enteredAt } of inLine(acd))
          again.handle({ kind: 'call-queued', at, call, queue, priority, enteredAt });
        const lines = (of: Acd): string =>
          queues
            .map(({ id }) =>
              of
                .waiting(id)
                .map(({ call }) => call)
                .join(' '),
            )
            .join(' | ');
        const state = ({ state: now, reason }: AcdAgent): string => `${now} ${reason}`;
        if (lines(again) !== lines(acd)) throw new Error(`${lines(again)}, not ${lines(acd)}`);
        for (const { id, ...was } of acd.agents)
          if (was.state === 'not-ready' || was.state === 'signed-out') {
            const now = again.agent(id);
            if (now === undefined || state(now) !== state({ id, ...was }))
              throw new Error(`${was.name} was ${was.state}`);
          }
      }),
      { numRuns: RUNS },
    );
  });

  it('has seen enough: the cases reach what the properties speak of', () => {
    const seen = new Map<string, number>();
    const note = (what: string): void => {
      seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    const cases = fc.sample(acdCase, { numRuns: RUNS, seed: 1 });
    for (const one of cases) drive(one, (moment) => noteAll(moment, note));
    const missing = WORTH_SEEING.filter((what) => (seen.get(what) ?? 0) < ENOUGH);
    if (missing.length > 0)
      throw new Error(
        `too seldom: ${missing.map((what) => `${what} ${String(seen.get(what) ?? 0)}`).join(', ')}`,
      );
  });
});

/** How often each of these must happen in the cases of one property. */
const ENOUGH = 20;
const WORTH_SEEING = [
  ...['offer', 'second phone rings', 'answered', 'missed', 'not ready after misses'],
  ...['lifted', 'answered elsewhere', 'caller left while it rang', 'agent left while it rang'],
  ...['waits', 'waits for skills', 'waits at the limit', 'waits for one agent', 'not again yet'],
  ...[
    'overtaken by priority',
    'callback later',
    'wrap-up',
    'wrap-up without a code',
    'skill relaxed',
  ],
  ...['rules change while somebody waits', 'offered by a change of rules'],
] as const;

function noteAll(moment: Moment, note: (what: (typeof WORTH_SEEING)[number]) => void): void {
  const { acd, at, commands, event, site } = moment;
  const line = inLine(acd);
  if (event.kind === 'configured') {
    if (line.some(({ offers }) => offers.length === 0)) note('rules change while somebody waits');
    if (offersIn(commands).length > 0) note('offered by a change of rules');
  }
  for (const command of commands) {
    if (command.kind === 'offer-call') {
      note('offer');
      const waiter = acd.waiter(command.call);
      if ((waiter?.offers.length ?? 0) > 1) note('second phone rings');
      if (waiter === undefined) continue;
      const relaxed = [...(ruleOf(site, waiter.queue)?.requirements ?? []), ...waiter.requirements];
      if (relaxed.some((one) => levelAfter(one, at - waiter.enteredAt).minLevel < one.minLevel))
        note('skill relaxed');
    }
    if (command.kind !== 'withdraw-offer') continue;
    if (command.reason === 'answered-elsewhere') note('answered elsewhere');
    if (command.reason === 'caller-left') note('caller left while it rang');
    if (command.reason === 'agent-left') note('agent left while it rang');
  }
  if (event.kind === 'offer-answered' && acd.agent(event.agent)?.state === 'talking')
    note('answered');
  if (event.kind === 'offer-failed') note('missed');
  if (line.some(({ isLifted }) => isLifted)) note('lifted');
  for (const { state, reason } of acd.agents) {
    if (state === 'wrap-up') note('wrap-up');
    if (reason === 'missed-calls') note('not ready after misses');
    if (reason === 'wrap-up-unfinished') note('wrap-up without a code');
  }
  for (const waiter of line) {
    if (waiter.notBefore > at) note('callback later');
    if (
      line.some(
        (one) =>
          one.queue === waiter.queue && one.rank < waiter.rank && one.enteredAt > waiter.enteredAt,
      )
    )
      note('overtaken by priority');
    if (waiter.offers.length > 0) continue;
    note('waits');
    const rule = ruleOf(site, waiter.queue);
    if (rule !== undefined && rule.maxTalking > 0 && serviceOf(acd, rule.id) >= rule.maxTalking)
      note('waits at the limit');
    if (waiter.waitsFor !== undefined) note('waits for one agent');
    for (const { id, state } of acd.agents) {
      if (state !== 'available') continue;
      if (!hasSkills(moment, waiter, id)) note('waits for skills');
      if ((moment.rejectedUntil.get(rejectionKey(waiter.call, id)) ?? 0) > at)
        note('not again yet');
    }
  }
}
