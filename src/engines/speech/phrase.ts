import type { Language } from '../../kernel/call-event.js';
import { datePhrase } from './dates.js';
import { readDecimal } from './decimal.js';
import { digitsPhrase } from './digits.js';
import { englishDecimal } from './english-numbers.js';
import { mandarinDecimal } from './mandarin-numbers.js';
import { moneyPhrase } from './money.js';
import type { SoundRef } from './sound.js';
import { spelledPhrase } from './spelled.js';
import { timePhrase, type ClockHours } from './times.js';
import { onTheWall } from './zoned.js';

/** How a value is to be said. */
export const SPOKEN_AS = ['number', 'digits', 'money', 'date', 'time', 'spelled'] as const;
export type SpokenAs = (typeof SPOKEN_AS)[number];

export interface PhraseOptions {
  /** Of money: an ISO 4217 code. */
  readonly currency?: string;
  /** An ISO date: days around it are said as yesterday, today and tomorrow. */
  readonly today?: string;
  /** IANA zone in which moments are said that have a zone of their own; without it their times are not said. */
  readonly zone?: string;
  /** Of times; 12 where it is absent. */
  readonly clock?: ClockHours;
}

/** Why a value cannot be said: what it is not. */
export type Unspeakable =
  | 'empty'
  | 'not-a-number'
  | 'not-digits'
  | 'not-money'
  | 'currency'
  | 'not-a-date'
  | 'not-a-time'
  | 'not-spelled';

/** What is said, piece by piece. */
export type Phrase =
  | { readonly kind: 'said'; readonly sounds: readonly SoundRef[] }
  /** The value is not of this kind, or beyond its limits: say something else. */
  | { readonly kind: 'unspeakable'; readonly reason: Unspeakable };

const NOT: Readonly<Record<SpokenAs, Unspeakable>> = {
  number: 'not-a-number',
  digits: 'not-digits',
  money: 'not-money',
  date: 'not-a-date',
  time: 'not-a-time',
  spelled: 'not-spelled',
};

/** How a value is said in a language, in system sounds. Never throws, whatever the value is. */
export function phrase(
  language: Language,
  value: string,
  as: SpokenAs,
  options: PhraseOptions = {},
): Phrase {
  if (value.trim() === '') return { kind: 'unspeakable', reason: 'empty' };
  const sounds = soundsOf(language, value, as, options);
  if (sounds === undefined) return { kind: 'unspeakable', reason: NOT[as] };
  return typeof sounds === 'string'
    ? { kind: 'unspeakable', reason: sounds }
    : { kind: 'said', sounds };
}

const localOf = (value: string, { zone }: PhraseOptions): string =>
  zone === undefined ? value : onTheWall(value, zone);

function soundsOf(
  language: Language,
  value: string,
  as: SpokenAs,
  options: PhraseOptions,
): readonly SoundRef[] | Unspeakable | undefined {
  switch (as) {
    case 'number': {
      const number = readDecimal(value);
      if (number === undefined) return undefined;
      return language === 'en' ? englishDecimal(number) : mandarinDecimal(number);
    }
    case 'digits':
      return digitsPhrase(language, value);
    case 'money':
      return moneyPhrase(language, value, options.currency ?? '');
    case 'date':
      return datePhrase(language, localOf(value, options), options.today);
    case 'time':
      return timePhrase(language, localOf(value, options), options.clock ?? 12);
    case 'spelled':
      return spelledPhrase(value);
  }
}
