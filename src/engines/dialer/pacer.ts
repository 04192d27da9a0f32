import type { AbandonmentLedger, AbandonmentRule } from './abandonment.js';
import { AcceptedRisk, type PacingMode } from './accepted-risk.js';
import { Balance } from './balance.js';
import { Connecting } from './connecting.js';
import { HORIZONS, Laws, type LineEnd } from './laws.js';

export interface PacingRules extends AbandonmentRule {
  /** No line is given up before it rang so long (47 CFR 64.1200(a)(6): 15 s or four rings). */
  readonly minimumRingMs: number;
  /** Nobody lets it ring longer. */
  readonly ringLimitMs: number;
  /** So long an answered call may wait for an agent before it is abandoned (2 s from the end of the greeting). */
  readonly patienceMs: number;
}

export interface PacingDecision {
  /** So many calls are started now. */
  readonly start: number;
  /** Ringing calls to hang up now; all of them rang at least as long as they must. */
  readonly giveUp: readonly string[];
  readonly mode: PacingMode;
  /** Chance that one more answer would find no agent, or take the agent of another; and what is accepted now. */
  readonly risk: number;
  readonly accepted: number;
}

/** What is there at this moment, for pages. */
export interface PacingState {
  readonly agents: number;
  readonly idle: number;
  readonly ringing: number;
  /** Answered calls that wait for an agent. */
  readonly waiting: number;
  readonly answerRate: number;
  readonly abandonedShare: number;
  readonly mode: PacingMode;
  /** Expected within {@link AHEAD_S} seconds: agents who get free, and ringing lines that are answered. */
  readonly freeAhead: number;
  readonly answersAhead: number;
  /** From an answer to the agent, where one is free: in the mean, in ms. */
  readonly connectingMs: number;
  /** The last free agent came too late. */
  readonly isConnectingLate: boolean;
  /** As of the last decision: chance that one more answer would find no agent, and what of it is accepted. */
  readonly risk: number;
  readonly accepted: number;
}

interface Line {
  readonly id: string;
  readonly startedAt: number;
  /** Of its score. */
  readonly band: number;
  /** Somebody, or something, has answered, and is being listened to: nobody may hang up now. */
  isDetecting: boolean;
}
interface PacedAgent {
  state: 'idle' | 'talking' | 'wrap-up';
  since: number;
  /** So many seconds of a talk are learnt already. */
  shown: number;
}

const SECOND_MS = 1_000;
/** So far ahead pages are told what is expected, in seconds: one of {@link HORIZONS}. */
export const AHEAD_S = 10;
const AHEAD = HORIZONS.indexOf(AHEAD_S);
/** A line that rings already is worth more than one to be started: it is given up at so many times the accepted risk. */
const GIVE_UP_FACTOR = 7;
/** Answers behind the minimum ring count so much: those lines may be given up when they are not wanted any more. */
const OPTIONAL_SHARE = 0.3;
/** What lasts is learnt so often before it ends. */
const EXPOSE_MS = 10_000;
/** Scores are compared with the mean of so many. */
const SCORES_REMEMBERED = 1_500;
/** Lines that are listened to are people, until that many have taught otherwise; and how much of the past is kept with each. */
const PEOPLE_BELIEVED = 5;
const PEOPLE_KEPT = 1 - 1 / 500;
/**
 * A large team would start thousands of calls at once by what is believed before anything was seen. At first no more ring than
 * agents are free, or than this; and so many more for each line that has shown how people answer.
 */
const PROBES = 100;
const PROBES_A_LINE = 1;
/** Where hardly anybody answers, no more lines than this ring for each agent who is there. */
const MOST_LINES_AN_AGENT = 40;

/**
 * Predictive pacing by risk. For each moment of the next half minute it works out how many agents get free (each by how long
 * this talk or wrap-up has lasted) and how many ringing lines are answered (each by how long it rings), and from both the
 * chance that one more answer would find no agent. Lines are started while that risk is below what is accepted, and what is
 * accepted follows the exact count of abandoned calls, so that the limit is used and not passed. Lines that rang as long as
 * the law asks are given up while their answer would do harm.
 *
 * It learns how people answer, talk and wrap up while it works, and needs no setting. Where the count is about to pass the
 * limit it starts one call for each free agent and no more, and says so.
 *
 * Pure: no clock, no randomness; instants in ms. It is told everything that happens and asked about twice a second, and at
 * once when a call was answered.
 */
export class Pacer {
  readonly #accepted: AcceptedRisk;
  readonly #laws: Laws;
  readonly #connecting: Connecting;
  readonly #agents = new Map<number, PacedAgent>();
  readonly #lines = new Map<string, Line>();
  #balance = new Balance(0);
  #idle = 0;
  /** Answered, with no agent yet: since when, and whether an agent was free for each. */
  readonly #waiting = new Map<string, { readonly since: number; readonly hadAgent: boolean }>();
  /** Mean score of the lines that were started lately: what the learnt answer rate is of. */
  #meanScore = 1;
  #scores = 0;
  /** Of lines that were listened to, the share that was a person. */
  #people = PEOPLE_BELIEVED;
  #heard = PEOPLE_BELIEVED;
  #expected = { free: 0, answers: 0 };
  #exposedAt = -Infinity;
  /** Lines that were answered, or rang long enough to tell that they were not. */
  #seen = 0;
  #last = { risk: 0, accepted: 0 };

  constructor(private readonly rules: PacingRules) {
    this.#accepted = new AcceptedRisk(rules);
    this.#connecting = new Connecting(rules.patienceMs / SECOND_MS);
    this.#laws = new Laws(
      rules.patienceMs / SECOND_MS,
      rules.minimumRingMs / SECOND_MS,
      OPTIONAL_SHARE,
    );
  }

  /** Who answered and who was abandoned, over the window of the limit. */
  get ledger(): AbandonmentLedger {
    return this.#accepted.ledger;
  }

  get state(): PacingState {
    return {
      agents: this.#agents.size,
      idle: this.#idle,
      ringing: this.#lines.size,
      waiting: this.#waiting.size,
      answerRate: this.#laws.answerRate,
      abandonedShare: this.ledger.share,
      mode: this.#accepted.mode,
      freeAhead: this.#expected.free,
      answersAhead: this.#expected.answers,
      connectingMs: Math.round(SECOND_MS * this.#connecting.meanS),
      isConnectingLate: this.#connecting.isLate,
      ...this.#last,
    };
  }

  // Agents.

  agentIdle(agent: number, at: number): void {
    const known = this.#agents.get(agent);
    if (known === undefined) this.#agents.set(agent, { state: 'idle', since: at, shown: 0 });
    else {
      if (known.state === 'idle') return;
      if (known.state === 'wrap-up') this.#laws.wrapUpEnded(seconds(at - known.since));
      known.state = 'idle';
      known.since = at;
    }
    this.#idle++;
  }

  /** The agent talks: with somebody whom a line of ours reached, or with anybody else. */
  agentTalking(agent: number, at: number): void {
    this.#take(agent, 'talking', at);
  }

  agentWrapsUp(agent: number, at: number): void {
    const known = this.#agents.get(agent);
    if (known?.state === 'talking') {
      const elapsed = Math.max(known.shown, seconds(at - known.since));
      this.#laws.talkLasts(known.shown, elapsed);
      this.#laws.talkEnded(elapsed);
    }
    this.#take(agent, 'wrap-up', at);
  }

  agentGone(agent: number): void {
    if (this.#agents.get(agent)?.state === 'idle') this.#idle--;
    this.#agents.delete(agent);
  }

  // Lines.

  /**
   * `score`: how much more often than others this number answers, by what is known of it; only the ratio of scores counts. A
   * number without one answers as others do.
   */
  lineStarted(id: string, at: number, score?: number): void {
    // What the first one has is what is known of all.
    if (score !== undefined && this.#scores === 0) this.#meanScore = score;
    const band = this.#bandOf(score ?? this.#meanScore);
    if (score !== undefined) {
      this.#scores = Math.min(SCORES_REMEMBERED, this.#scores + 1);
      this.#meanScore += (score - this.#meanScore) / this.#scores;
    }
    this.#lines.set(id, { id, startedAt: at, band, isDetecting: false });
  }

  /** A line was answered, and it is not known yet whether by a person. */
  lineDetecting(id: string): void {
    const line = this.#lines.get(id);
    if (line !== undefined) line.isDetecting = true;
  }

  /** A line does not ring any more. One that was answered waits for an agent until it is {@link connected} or {@link lost}. */
  lineEnded(id: string, end: LineEnd, at: number): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    this.#lines.delete(id);
    this.#laws.lineEnded(seconds(at - line.startedAt), end);
    if (end === 'answered' || at - line.startedAt >= this.rules.minimumRingMs) this.#seen++;
    if (line.isDetecting) {
      this.#heard = this.#heard * PEOPLE_KEPT + 1;
      this.#people = this.#people * PEOPLE_KEPT + (end === 'answered' ? 1 : 0);
    }
    if (end !== 'answered') return;
    this.#waiting.set(id, { since: at, hadAgent: this.#idle > this.#waiting.size });
    this.#accepted.answered(at);
  }

  /** An agent has the call that waited. */
  connected(id: string, at: number): void {
    const waited = this.#waiting.get(id);
    this.#waiting.delete(id);
    // Where an agent was free from the answer on, nothing else was waited for.
    if (waited?.hadAgent === true) this.#connecting.inTime(seconds(at - waited.since));
  }

  /** The call that waited is over without an agent: `abandoned` where that was our fault. */
  lost(id: string, why: 'abandoned' | 'hung-up', at: number): void {
    const hadAgent = this.#waiting.get(id)?.hadAgent === true;
    this.#waiting.delete(id);
    if (why === 'hung-up') return;
    if (hadAgent) this.#connecting.tooLate(at);
    this.#accepted.abandoned(at);
  }

  /**
   * What to do now. `room`: so many calls more may be started, by lines, call rate and contacts. `scoreOf`: score of the
   * contact that would be called first, second and so on, where one is known.
   */
  decide(
    at: number,
    room: number,
    scoreOf: (place: number) => number = () => this.#meanScore,
  ): PacingDecision {
    this.#laws.teamIs(this.#agents.size);
    this.#laws.leewayS = this.rules.patienceMs / SECOND_MS - this.#connecting.meanS;
    this.#laws.refresh(seconds(at));
    this.#expose(at);
    const accepted = this.#accepted.now(at, this.#agents.size, this.#laws.handlingS);
    const { mode } = this.#accepted;
    // Nothing can be done now: an answer asks only which lines to give up.
    if (room === 0 && !this.#mayGiveUp(at))
      return { start: 0, giveUp: [], mode, risk: this.#last.risk, accepted };
    this.#build(at);
    const giveUp = this.#giveUp(at, accepted);
    if (giveUp.length > 0) this.#build(at);
    const free = this.#idle - this.#waiting.size;
    let start = 0;
    const { size } = this.#lines;
    const limit = Math.min(room, MOST_LINES_AN_AGENT * this.#agents.size - size);
    if (mode === 'one-to-one')
      start = this.#connecting.startOf(Math.max(0, Math.min(limit, free - size)), at);
    else {
      const most = Math.min(limit, Math.max(free, PROBES + PROBES_A_LINE * this.#seen) - size);
      while (start < most && this.#agents.size > 0) {
        const band = this.#bandOf(scoreOf(start));
        if (this.#riskOf(0, band) > accepted) break;
        start++;
        this.#balanceLine(0, band);
        this.#balance.weigh(free);
      }
    }
    this.#last = { risk: this.#riskOf(0), accepted };
    return { start, giveUp, mode, ...this.#last };
  }

  /** What lasts has shown by now that it lasts so long. */
  #expose(at: number): void {
    if (at - this.#exposedAt < EXPOSE_MS && at >= this.#exposedAt) return;
    this.#exposedAt = at;
    for (const agent of this.#agents.values()) {
      if (agent.state !== 'talking') continue;
      const elapsed = seconds(at - agent.since);
      if (elapsed <= agent.shown) continue;
      this.#laws.talkLasts(agent.shown, elapsed);
      agent.shown = elapsed;
    }
  }

  #take(agent: number, state: 'talking' | 'wrap-up', at: number): void {
    const known = this.#agents.get(agent);
    if (known === undefined) {
      this.#agents.set(agent, { state, since: at, shown: 0 });
      return;
    }
    if (known.state === 'idle') this.#idle--;
    known.state = state;
    known.since = at;
    known.shown = 0;
  }

  #build(at: number): void {
    if (!Balance.fits(this.#balance, this.#agents.size))
      this.#balance = new Balance(this.#agents.size);
    const balance = this.#balance;
    balance.clear();
    for (const { state, since } of this.#agents.values()) {
      if (state === 'idle') continue;
      const elapsed = Math.max(0, seconds(at - since));
      for (let horizon = 0; horizon < HORIZONS.length; horizon++)
        balance.frees(
          horizon,
          state === 'talking'
            ? this.#laws.freeFromTalk(elapsed, horizon)
            : this.#laws.freeFromWrap(elapsed, horizon),
        );
    }
    const free = balance.mean(AHEAD);
    this.#balanceLines(at);
    this.#expected = { free, answers: free - balance.mean(AHEAD) };
    balance.weigh(this.#idle - this.#waiting.size);
  }

  /** Lines that were started at once are counted at once. */
  #balanceLines(at: number): void {
    let first: Line | undefined;
    let count = 0;
    for (const line of this.#lines.values())
      if (line.isDetecting) this.#balanceSure();
      else if (first?.startedAt === line.startedAt && first.band === line.band) count++;
      else {
        if (first !== undefined)
          this.#balanceLine(Laws.ageOf(seconds(at - first.startedAt)), first.band, count);
        first = line;
        count = 1;
      }
    if (first !== undefined)
      this.#balanceLine(Laws.ageOf(seconds(at - first.startedAt)), first.band, count);
  }

  #balanceLine(age: number, band: number, count = 1): void {
    for (let horizon = 0; horizon < HORIZONS.length; horizon++)
      this.#balance.takes(horizon, this.#laws.answersBy(age, horizon, band), count);
  }

  /** Whoever has answered needs an agent at any moment, if it is a person. */
  #balanceSure(): void {
    for (let horizon = 0; horizon < HORIZONS.length; horizon++)
      this.#balance.takes(horizon, this.#people / this.#heard);
  }

  #bandOf(score: number): number {
    return Laws.bandOf(score / Math.max(1e-6, this.#meanScore));
  }

  /** Lines stand in the order of their starts. */
  #mayGiveUp(at: number): boolean {
    for (const { startedAt, isDetecting } of this.#lines.values())
      if (!isDetecting) return at - startedAt >= this.rules.minimumRingMs;
    return false;
  }

  /** Lines that rang long enough and whose answer would do more harm than is accepted, longest first. */
  #giveUp(at: number, accepted: number): readonly string[] {
    const given: string[] = [];
    for (const line of this.#lines.values()) {
      const rang = at - line.startedAt;
      // Lines stand in the order of their starts.
      if (rang < this.rules.minimumRingMs) break;
      if (line.isDetecting) continue;
      if (this.#riskOf(seconds(rang), line.band) > GIVE_UP_FACTOR * accepted) given.push(line.id);
    }
    for (const id of given) this.lineEnded(id, 'given-up', at);
    return given;
  }

  /** The chance that an answer of a line that rang so long, in seconds, does harm: no agent is left for it or for a later one. */
  #riskOf(rang: number, band?: number): number {
    const minimum = this.rules.minimumRingMs / SECOND_MS;
    const limit = this.rules.ringLimitMs / SECOND_MS;
    let harm = 0;
    let all = 0;
    let before = 0;
    for (const [horizon, ahead] of HORIZONS.entries()) {
      const until = this.#laws.answeredBetween(rang, Math.min(limit, rang + ahead), band);
      const isOptional = rang < minimum && rang + ahead > minimum + 0.5;
      const chance = (until - before) * (isOptional ? OPTIONAL_SHARE : 1);
      before = until;
      if (chance <= 0) continue;
      harm += chance * (this.#balance.worst[horizon] ?? 0);
      all += chance;
    }
    return all > 0 ? harm / all : 0;
  }
}

const seconds = (ms: number): number => ms / SECOND_MS;
