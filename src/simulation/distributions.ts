import type { Random } from './random.js';

/** How long something takes. Texts count in seconds, everything else in ms. */
export interface Distribution {
  /** As it was written: `exponential:300`. */
  readonly text: string;
  readonly kind: 'constant' | 'uniform' | 'exponential' | 'lognormal' | 'empirical' | 'infinite';
  readonly meanMs: number;
  /** Ms, not rounded; Infinity is never. */
  readonly draw: (random: Random) => number;
}

/** Gives the text of a file that a scenario or an option names; throws where it cannot be read. */
export type ReadText = (name: string) => string;

/** A text that is no distribution, with what would be right. */
export class DistributionError extends Error {
  override readonly name = 'DistributionError';
}

/** How distributions are written, for messages and help. */
export const DISTRIBUTION_FORMS =
  'constant:S, uniform:FROM,TO, exponential:MEAN, lognormal:MEAN,CV, empirical:FILE or infinite (in seconds)';

const SECOND_MS = 1000;

/** Parses `constant:20` and the like; a plain number is constant. @throws {DistributionError} */
export function parseDistribution(text: string, readText: ReadText): Distribution {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const name = colon < 0 ? trimmed : trimmed.slice(0, colon);
  const rest = colon < 0 ? '' : trimmed.slice(colon + 1);
  if (colon < 0 && trimmed !== '' && Number.isFinite(Number(trimmed)))
    return constant(trimmed, numbers(trimmed, trimmed, 1)[0] ?? 0);
  switch (name) {
    case 'constant':
      return constant(trimmed, numbers(trimmed, rest, 1)[0] ?? 0);
    case 'uniform':
      return uniform(trimmed, numbers(trimmed, rest, 2));
    case 'exponential':
      return exponential(trimmed, numbers(trimmed, rest, 1)[0] ?? 0);
    case 'lognormal':
      return lognormal(trimmed, numbers(trimmed, rest, 2));
    case 'empirical':
      return empirical(trimmed, rest.trim(), readText);
    case 'infinite':
      if (colon >= 0) throw new DistributionError(`"${trimmed}": infinite takes no number`);
      return { text: trimmed, kind: 'infinite', meanMs: Infinity, draw: () => Infinity };
    default:
      throw new DistributionError(`"${trimmed}" is no distribution: write ${DISTRIBUTION_FORMS}`);
  }
}

/** Seconds as ms, all of them at least 0. */
function numbers(text: string, list: string, count: number): readonly number[] {
  const values = list.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length !== count || values.some((value) => !Number.isFinite(value) || value < 0))
    throw new DistributionError(
      `"${text}": needs ${count === 1 ? 'one number' : `${String(count)} numbers`} of at least 0`,
    );
  return values;
}

function constant(text: string, seconds: number): Distribution {
  const ms = seconds * SECOND_MS;
  return { text, kind: 'constant', meanMs: ms, draw: () => ms };
}

function uniform(text: string, [from = 0, to = 0]: readonly number[]): Distribution {
  if (to < from) throw new DistributionError(`"${text}": ends before it begins`);
  const [fromMs, spanMs] = [from * SECOND_MS, (to - from) * SECOND_MS];
  const draw = (random: Random): number => fromMs + random() * spanMs;
  return { text, kind: 'uniform', meanMs: fromMs + spanMs / 2, draw };
}

function exponential(text: string, mean: number): Distribution {
  const meanMs = mean * SECOND_MS;
  return { text, kind: 'exponential', meanMs, draw: (random) => -Math.log(random()) * meanMs };
}

/** Given by mean and coefficient of variation, as they are measured. */
function lognormal(text: string, [mean = 0, cv = 0]: readonly number[]): Distribution {
  if (mean <= 0) throw new DistributionError(`"${text}": the mean must be above 0`);
  const meanMs = mean * SECOND_MS;
  const variance = Math.log(1 + cv * cv);
  const sigma = Math.sqrt(variance);
  const mu = Math.log(meanMs) - variance / 2;
  const draw = (random: Random): number => {
    // Box and Muller.
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(mu + sigma * normal);
  };
  return { text, kind: 'lognormal', meanMs, draw };
}

/** One of the values of a file, each as likely: a number of seconds on each line; blank lines and those with # are left out. */
function empirical(text: string, file: string, readText: ReadText): Distribution {
  if (file === '') throw new DistributionError(`"${text}": needs the name of a file`);
  const values: number[] = [];
  readText(file)
    .split(/\r?\n/)
    .forEach((line, index) => {
      const value = line.trim();
      if (value === '' || value.startsWith('#')) return;
      const seconds = Number(value);
      if (!Number.isFinite(seconds) || seconds < 0)
        throw new DistributionError(
          `${file}, line ${String(index + 1)}: "${value}" is no number of seconds`,
        );
      values.push(seconds * SECOND_MS);
    });
  if (values.length === 0) throw new DistributionError(`${file}: holds no number`);
  const meanMs = values.reduce((sum, value) => sum + value, 0) / values.length;
  const draw = (random: Random): number => values[Math.floor(random() * values.length)] ?? meanMs;
  return { text, kind: 'empirical', meanMs, draw };
}
