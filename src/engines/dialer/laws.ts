import { HazardTable } from './hazard.js';

/** Moments ahead, in seconds, at which the balance of agents and answers is looked at: closer together where more happens. */
export const HORIZONS: readonly number[] = [
  0.5, 1, 2.5, 4, 5.5, 7, 8.5, 10, 11.5, 13, 14.5, 16, 19, 22, 25,
];
const COUNT = HORIZONS.length;

/** So many observations are remembered: about an hour of a small team. */
const LINES_REMEMBERED = 1_500;
const TALKS_REMEMBERED = 600;
/** Lines of a large team end together: as many are remembered as it has on the way at least. */
const LINES_REMEMBERED_AN_AGENT = 10;
/** What is believed before anything was seen counts like so many observations. */
const LINES_BELIEVED = 20;
const TALKS_BELIEVED = 3;
const ANSWERS_BELIEVED = 4;
/** Until the first table is made. */
const USUAL_HANDLING_S = 135;
/** Standard deviations. */
const CAUTION = 1;

const RING_LIMIT_S = 60;
const RING_STEP_S = 0.1;
const RING_STEPS = RING_LIMIT_S / RING_STEP_S;
const WRAP_LIMIT_S = 200;
const TALK_LIMIT_S = 1_500;
const TALK_STEP_S = 2;
const TALK_STEPS = TALK_LIMIT_S / TALK_STEP_S;
/** Laws change slowly: the table of answers is worked out anew so often, */
const REFRESH_S = 10;
/** and so many rows of the large table of talks each time that somebody asks. */
const ROWS_A_TIME = 24;

const ANSWERED = 0;
const FAILED = 1;

/** Scores are told apart in steps of the root of two, from an eighth of the mean to eight times it. */
const BANDS_A_SIDE = 6;
const BANDS = 2 * BANDS_A_SIDE + 1;
/** Nobody is as sure to answer as this, whatever the score says. */
const SUREST = 0.98;

/** So many bins of a width, and so on, one behind the other. */
function bins(...parts: readonly (readonly [count: number, width: number])[]): readonly number[] {
  const edges: number[] = [];
  let at = 0;
  for (const [count, width] of parts)
    for (let i = 0; i < count; i++) {
      edges.push(at);
      at += width;
    }
  return edges;
}

/** How a line may end for those who learn from it. */
export type LineEnd = 'answered' | 'failed' | 'given-up';

/**
 * What a campaign has taught: after how much ringing people answer, how long they talk, how long agents wrap up. All of it is
 * learnt while it dials, forgets slowly, and begins with a belief that is wrong for everybody.
 */
export class Laws {
  readonly #ring = new HazardTable(bins([RING_LIMIT_S, 1]), 2, LINES_REMEMBERED);
  readonly #talk = new HazardTable(bins([12, 5], [24, 10], [20, 60]), 1, TALKS_REMEMBERED);
  readonly #wrap = new HazardTable(bins([30, 2], [14, 10]), 1, TALKS_REMEMBERED);
  /** Share of lines that are still ringing, and that were answered, after so many steps. */
  readonly #ringing = new Float64Array(RING_STEPS + 1);
  readonly #answered = new Float64Array(RING_STEPS + 1);
  /** By band of scores; by step of age, then horizon: answered by then, of those that ring now. Made where it is asked for. */
  readonly #answers: (Float64Array | undefined)[] = Array.from({ length: BANDS });
  readonly #freeFromTalk = new Float64Array((TALK_STEPS + 1) * COUNT);
  readonly #freeFromWrap = new Float64Array(WRAP_LIMIT_S * COUNT);
  #freshAt = -Infinity;
  #answeredLines = 0;
  /** Shares of talks and wrap-ups that last so long, of which the table of talks is being made, and where that stands. */
  #wrapping: Float64Array = new Float64Array(1);
  readonly #endings = new Float64Array(TALK_STEPS + 1);
  #nextRow = 0;
  #handlingS = USUAL_HANDLING_S;

  /**
   * @param leewayS whoever gets free later than this after an answer comes too late for it, in seconds; may change
   * @param committed before so much ringing no line may be given up, in seconds
   * @param optional how much of the answers behind that counts: lines may be given up when they are not wanted any more
   */
  constructor(
    public leewayS: number,
    private readonly committed: number,
    private readonly optional: number,
  ) {
    this.#ring.believe(LINES_BELIEVED, [0.2 / 30, 0.004], 30);
    this.#talk.believe(TALKS_BELIEVED, [1 / 150], TALK_LIMIT_S);
    this.#wrap.believe(TALKS_BELIEVED, [1 / 20], WRAP_LIMIT_S);
  }

  /** So many agents are there: what is remembered goes by it. */
  teamIs(agents: number): void {
    this.#ring.memory = Math.max(LINES_REMEMBERED, LINES_REMEMBERED_AN_AGENT * agents);
    this.#talk.memory = Math.max(TALKS_REMEMBERED, agents);
    this.#wrap.memory = Math.max(TALKS_REMEMBERED, agents);
  }

  lineEnded(seconds: number, end: LineEnd): void {
    const cause = end === 'answered' ? ANSWERED : end === 'failed' ? FAILED : undefined;
    this.#ring.add(seconds, cause);
    if (end === 'answered') this.#answeredLines++;
  }
  /** A talk that was known to have lasted so long has lasted longer by now. */
  talkLasts(from: number, to: number): void {
    this.#talk.expose(from, to);
  }
  /** A talk is over; that it lasted so long was told before. */
  talkEnded(seconds: number): void {
    this.#talk.end(seconds, 0);
  }
  wrapUpEnded(seconds: number): void {
    this.#wrap.add(seconds, 0);
  }

  /** Works the tables out anew where they are old. `at`: seconds. */
  refresh(at: number): void {
    if (this.#nextRow === 0) this.#begin();
    this.#refreshTalk(this.#freshAt === -Infinity ? TALK_STEPS + 1 : ROWS_A_TIME);
    if (at - this.#freshAt < REFRESH_S && at >= this.#freshAt) return;
    this.#freshAt = at;
    this.#refreshRing();
  }

  /** Place of a line's age in {@link answersBy}. */
  static ageOf(seconds: number): number {
    return Math.min(RING_STEPS, Math.max(0, Math.round(seconds / RING_STEP_S)));
  }

  /** Band of a number that answers so many times as often as the mean. */
  static bandOf(score: number): number {
    const step = Math.round(2 * Math.log2(Math.max(1e-6, score)));
    return BANDS_A_SIDE + Math.max(-BANDS_A_SIDE, Math.min(BANDS_A_SIDE, step));
  }

  /** Chance that a line of this age is answered by a horizon, where what may be given up counts less. */
  answersBy(age: number, horizon: number, band = MEAN_BAND): number {
    const table = (this.#answers[band] ??= this.#answersOf(band));
    return table[age * COUNT + horizon] ?? 0;
  }

  /** Chance that a line of this age is answered between this age and a later one, both in seconds. */
  answeredBetween(from: number, to: number, band = MEAN_BAND): number {
    const start = Laws.ageOf(from);
    const all = this.answerRate;
    const before = this.#answered[start] ?? 0;
    const later = all - before;
    // Of those who ring, who will answer and who will not: a score makes the first more or fewer, and the second the rest.
    const scale = band === MEAN_BAND ? 1 : factorOf(band, all);
    const rest = scale === 1 ? 1 : (1 - scale * all) / Math.max(1e-6, 1 - all);
    const silent = (this.#ringing[start] ?? 0) - later;
    const alive = Math.max(1e-6, scale * later + rest * silent);
    return Math.max(0, (scale * ((this.#answered[Laws.ageOf(to)] ?? 0) - before)) / alive);
  }

  /** Chance that a call that was just started is answered at all. */
  get answerRate(): number {
    return this.#answered[RING_STEPS] ?? 0;
  }

  /** Mean of talk and wrap-up together, as they are believed to be now, in seconds. */
  get handlingS(): number {
    return this.#handlingS;
  }

  /** Chance that an agent who has talked so long is free in time for an answer at a horizon, wrap-up and all. */
  freeFromTalk(seconds: number, horizon: number): number {
    const step = Math.min(TALK_STEPS, Math.floor(seconds / TALK_STEP_S));
    return this.#freeFromTalk[step * COUNT + horizon] ?? 0;
  }

  /** The same for an agent who has wrapped up so long. */
  freeFromWrap(seconds: number, horizon: number): number {
    const step = Math.min(WRAP_LIMIT_S - 1, Math.floor(seconds));
    return this.#freeFromWrap[step * COUNT + horizon] ?? 0;
  }

  #refreshRing(): void {
    let alive = 1;
    let answered = 0;
    this.#ringing[0] = 1;
    this.#answered[0] = 0;
    for (let step = 0; step < RING_STEPS; step++) {
      const bin = Math.floor(step * RING_STEP_S);
      const rate = this.#ring.rate(bin, ANSWERED);
      const all = rate + this.#ring.rate(bin, FAILED);
      const ended = alive * (1 - Math.exp(-all * RING_STEP_S));
      if (all > 0) answered += (ended * rate) / all;
      alive -= ended;
      this.#ringing[step + 1] = alive;
      this.#answered[step + 1] = answered;
    }
    this.#answers.fill(undefined);
  }

  #answersOf(band: number): Float64Array {
    const table = new Float64Array((RING_STEPS + 1) * COUNT);
    // While little is known, one standard deviation more answers than were seen.
    const caution = 1 + CAUTION / Math.sqrt(ANSWERS_BELIEVED + this.#answeredLines);
    for (let age = 0; age <= RING_STEPS; age++) {
      const seconds = age * RING_STEP_S;
      const until = Math.max(seconds, this.committed);
      for (const [horizon, ahead] of HORIZONS.entries()) {
        const then = seconds + ahead;
        const sure =
          seconds < this.committed ? this.answeredBetween(seconds, Math.min(then, until), band) : 0;
        const all = this.answeredBetween(seconds, then, band);
        table[age * COUNT + horizon] = Math.min(1, caution * (sure + this.optional * (all - sure)));
      }
    }
    return table;
  }

  /** Survival of wrap-up by seconds. */
  #refreshWrap(): Float64Array {
    const longest = WRAP_LIMIT_S + 60;
    const still = survival(this.#wrap, longest, 1);
    for (let elapsed = 0; elapsed < WRAP_LIMIT_S; elapsed++)
      for (const [horizon, ahead] of HORIZONS.entries()) {
        const now = still[elapsed] ?? 0;
        const later = between(still, elapsed + ahead + this.leewayS);
        this.#freeFromWrap[elapsed * COUNT + horizon] = now > 1e-9 ? 1 - later / now : 1;
      }
    return still;
  }

  #begin(): void {
    this.#wrapping = this.#refreshWrap();
    const still = survival(this.#talk, TALK_STEPS + 1, TALK_STEP_S);
    const last = Math.min(0.999, (still[TALK_STEPS] ?? 0) / (still[TALK_STEPS - 1] ?? 1));
    // Behind the table as it ends there.
    const tail = (TALK_STEP_S * (still[TALK_STEPS] ?? 0)) / Math.max(1e-3, 1 - last);
    this.#handlingS = Math.max(1, TALK_STEP_S * sumOf(still) + tail + sumOf(this.#wrapping));
    for (let step = 0; step <= TALK_STEPS; step++) {
      const now = still[step] ?? 0;
      this.#endings[step] = now > 1e-12 ? 1 - (still[step + 1] ?? 0) / now : 0;
    }
  }

  /** Some rows more of the table: a talk ends at some moment before, and the wrap-up behind it, too. */
  #refreshTalk(rows: number): void {
    const last = Math.min(TALK_STEPS, this.#nextRow + rows - 1);
    for (let row = this.#nextRow; row <= last; row++)
      for (const [horizon, ahead] of HORIZONS.entries())
        this.#freeFromTalk[row * COUNT + horizon] = this.#freedIn(row, ahead + this.leewayS);
    this.#nextRow = last === TALK_STEPS ? 0 : last + 1;
  }

  /** Chance that a talk of an age ends and its wrap-up, too, in so many seconds. */
  #freedIn(row: number, limit: number): number {
    let talking = 1;
    let free = 0;
    for (let from = 0; from < limit; from += TALK_STEP_S) {
      const width = Math.min(TALK_STEP_S, limit - from);
      const step = Math.min(TALK_STEPS, row + Math.floor(from / TALK_STEP_S));
      const ends = ((this.#endings[step] ?? 0) * width) / TALK_STEP_S;
      free += talking * ends * (1 - between(this.#wrapping, limit - from - width / 2));
      talking *= 1 - ends;
    }
    return free;
  }
}

const MEAN_BAND = BANDS_A_SIDE;

/** How much more often than the mean a band answers, where the mean is `all`. */
const factorOf = (band: number, all: number): number =>
  Math.min(2 ** ((band - BANDS_A_SIDE) / 2), SUREST / Math.max(1e-6, all));

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Share that lasts so many steps, step by step. */
function survival(table: HazardTable, steps: number, width: number): Float64Array {
  const still = new Float64Array(steps + 1);
  still[0] = 1;
  for (let step = 0; step < steps; step++) {
    const rate = table.rate(table.binOf((step + 0.5) * width), 0);
    still[step + 1] = (still[step] ?? 0) * Math.exp(-rate * width);
  }
  return still;
}

function between(values: Float64Array, at: number): number {
  const place = Math.max(0, Math.min(values.length - 2, Math.floor(at)));
  const low = values[place] ?? 0;
  return low + ((values[place + 1] ?? 0) - low) * Math.max(0, Math.min(1, at - place));
}
