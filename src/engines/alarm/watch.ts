/** What can be wrong. Thresholds: seconds · 1 for "at all" · percent, as {@link ALARM_UNITS} says. */
export const ALARM_KINDS = [
  'waiting',
  'stall',
  'trunk-down',
  'phones-lost',
  'error-rate',
  'no-sound',
  'disk',
  'pbx-away',
  'figures',
  'calls-full',
  'toll-fraud',
  'callers-overdue',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export const ALARM_LEVELS = ['warning', 'critical'] as const;
export type AlarmLevel = (typeof ALARM_LEVELS)[number];

export const ALARM_UNITS: Readonly<Record<AlarmKind, 'seconds' | 'percent' | 'none'>> = {
  waiting: 'seconds',
  stall: 'seconds',
  'trunk-down': 'none',
  'phones-lost': 'percent',
  'error-rate': 'percent',
  'no-sound': 'seconds',
  disk: 'percent',
  'pbx-away': 'none',
  figures: 'none',
  'calls-full': 'none',
  'toll-fraud': 'none',
  'callers-overdue': 'seconds',
};

/** A share must fall below so much of its threshold before the alarm ends: one that swings about it stays one alarm. */
const CLEAR_SHARE = 0.9;
/** What was wrong must have been right for so long before the alarm ends. */
export const CLEAR_MS = 10_000;

/** What a rule asks for. `holdMs`: so long it must be wrong before it is an alarm. */
export interface AlarmLimit {
  readonly id: number;
  readonly kind: AlarmKind;
  readonly threshold: number;
  readonly holdMs: number;
}

/** One thing that was looked at: a queue, a trunk, a call. `value` in the unit of the kind; 1 and 0 for "at all". */
export interface Reading {
  readonly subject: string;
  readonly name: string;
  readonly value: number;
}

export interface AlarmChange {
  readonly rule: number;
  readonly subject: string;
}
export interface AlarmBegin extends AlarmChange {
  readonly name: string;
  readonly value: number;
}

interface Watched {
  isOpen: boolean;
  badSince: number | undefined;
  goodSince: number | undefined;
}

const keyOf = (rule: number, subject: string): string => `${String(rule)} ${subject}`;

/**
 * Decides when alarms begin and end. It has no clock: each look brings what was read and when. Alarms that were open when the
 * process started are given to it, so that a restart neither repeats nor loses one.
 */
export class AlarmWatch {
  readonly #watched = new Map<string, Watched>();

  constructor(open: readonly AlarmChange[] = []) {
    for (const { rule, subject } of open)
      this.#watched.set(keyOf(rule, subject), {
        ...{ isOpen: true, badSince: undefined, goodSince: undefined },
      });
  }

  isOpen(rule: number, subject: string): boolean {
    return this.#watched.get(keyOf(rule, subject))?.isOpen ?? false;
  }

  /**
   * What one rule reads at `at` (ms). `readings` undefined: nobody can tell now, so nothing begins and nothing ends. What is
   * not among them any more has ended.
   */
  look(
    rule: AlarmLimit,
    readings: readonly Reading[] | undefined,
    at: number,
  ): { readonly begins: readonly AlarmBegin[]; readonly ends: readonly AlarmChange[] } {
    if (readings === undefined) return { begins: [], ends: [] };
    const seen = new Set(readings.map(({ subject }) => keyOf(rule.id, subject)));
    const begins = readings.flatMap((reading) => this.#see(rule, reading, at) ?? []);
    const ends: AlarmChange[] = [];
    for (const [key, watched] of this.#watched) {
      const [id = '', ...rest] = key.split(' ');
      if (Number(id) !== rule.id) continue;
      const subject = rest.join(' ');
      if (!seen.has(key)) watched.goodSince ??= at;
      if (!watched.isOpen) {
        if (!seen.has(key)) this.#watched.delete(key);
        continue;
      }
      if (watched.goodSince === undefined || at - watched.goodSince < CLEAR_MS) continue;
      ends.push({ rule: rule.id, subject });
      this.#watched.delete(key);
    }
    return { begins, ends };
  }

  /** A rule that is not used any more: its alarms have ended. */
  drop(rule: number): readonly AlarmChange[] {
    const ends: AlarmChange[] = [];
    for (const [key, { isOpen }] of [...this.#watched]) {
      const [id = '', ...rest] = key.split(' ');
      if (Number(id) !== rule) continue;
      this.#watched.delete(key);
      if (isOpen) ends.push({ rule, subject: rest.join(' ') });
    }
    return ends;
  }

  #see(rule: AlarmLimit, { subject, name, value }: Reading, at: number): AlarmBegin | undefined {
    const key = keyOf(rule.id, subject);
    const watched = this.#watched.get(key) ?? {
      ...{ isOpen: false, badSince: undefined, goodSince: undefined },
    };
    this.#watched.set(key, watched);
    const isBad = value >= rule.threshold;
    const isGood =
      ALARM_UNITS[rule.kind] === 'percent' ? value < rule.threshold * CLEAR_SHARE : !isBad;
    if (isBad) watched.goodSince = undefined;
    else watched.badSince = undefined;
    if (isGood) watched.goodSince ??= at;
    if (!isBad || watched.isOpen) return undefined;
    watched.badSince ??= at;
    if (at - watched.badSince < rule.holdMs) return undefined;
    watched.isOpen = true;
    return { rule: rule.id, subject, name, value };
  }
}
