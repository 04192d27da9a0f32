/** Blocks of the measurement: 400 ms, beginning every 100 ms. */
const STEP_S = 0.1;
const STEPS_PER_BLOCK = 4;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const OFFSET_LU = -0.691;

/** Coefficients of a filter of second order, a0 being 1. */
interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

const loudnessOf = (power: number): number => OFFSET_LU + 10 * Math.log10(power);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Measures programme loudness by ITU-R BS.1770-4 (as EBU R 128 uses it) of one channel: K-weighting, blocks of 400 ms, and
 * both gates, so that pauses do not count. Samples are from -1 to 1; feed them in any portions.
 */
export class LoudnessMeter {
  readonly #filters: readonly Filter[];
  readonly #samplesPerStep: number;
  readonly #steps: number[] = [];
  #sum = 0;
  #inStep = 0;
  #peak = 0;
  #total = 0;

  constructor(rate: number) {
    this.#filters = [new Filter(shelf(rate)), new Filter(highPass(rate))];
    this.#samplesPerStep = Math.round(rate * STEP_S);
  }

  push(samples: Float32Array): void {
    const [first, second] = this.#filters;
    if (first === undefined || second === undefined) return;
    for (const sample of samples) {
      const level = Math.abs(sample);
      if (level > this.#peak) this.#peak = level;
      const weighted = second.next(first.next(sample));
      this.#sum += weighted * weighted;
      this.#total += 1;
      if (++this.#inStep === this.#samplesPerStep) this.#endStep();
    }
  }

  /** Integrated loudness in LUFS; -Infinity of silence. Less than a block counts as one block. */
  get loudness(): number {
    const blocks = this.#blocks().filter((power) => loudnessOf(power) > ABSOLUTE_GATE_LUFS);
    if (blocks.length === 0) return Number.NEGATIVE_INFINITY;
    const gate = loudnessOf(mean(blocks)) + RELATIVE_GATE_LU;
    return loudnessOf(mean(blocks.filter((power) => loudnessOf(power) > gate)));
  }

  /** The loudest sample in dB of full scale. */
  get peakDb(): number {
    return 20 * Math.log10(this.#peak);
  }

  #blocks(): readonly number[] {
    const steps = this.#steps;
    const count = steps.length - STEPS_PER_BLOCK + 1;
    if (count <= 0) {
      const power = steps.reduce((sum, step) => sum + step, 0) * this.#samplesPerStep + this.#sum;
      return this.#total === 0 ? [] : [power / this.#total];
    }
    return Array.from({ length: count }, (_, at) => mean(steps.slice(at, at + STEPS_PER_BLOCK)));
  }

  #endStep(): void {
    this.#steps.push(this.#sum / this.#samplesPerStep);
    this.#sum = 0;
    this.#inStep = 0;
  }
}

class Filter {
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(private readonly biquad: Biquad) {}

  next(x: number): number {
    const { b, a } = this.biquad;
    const y = b[0] * x + b[1] * this.#x1 + b[2] * this.#x2 - a[0] * this.#y1 - a[1] * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/** The first stage, the head's effect, for any sample rate: the standard gives it for 48 kHz only. */
function shelf(rate: number): Biquad {
  const k = Math.tan((Math.PI * 1_681.974450955533) / rate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b: [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  };
}

/** The second stage: low frequencies count little. */
function highPass(rate: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / rate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] };
}
