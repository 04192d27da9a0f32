/** A repeatable series of numbers from above 0 to below 1. */
export type Random = () => number;

const RANGE = 4_294_967_296;
/** The generator forgets how it was started after so many steps. */
const WARM_UP_STEPS = 15;

/**
 * sfc32 (C. Doty-Humphrey, PractRand): 128 bits of state, passes its own suite and BigCrush. Series of different `stream`s of
 * one seed have nothing to do with each other, so that what one thing draws does not depend on how often another one does.
 */
export function randomSeries(seed: number, stream: number): Random {
  const next = splitMix(seed);
  let [a, b, c, counter] = [next(), next() ^ stream, next() ^ Math.imul(stream, 0x9e3779b9), 1];
  const step = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < WARM_UP_STEPS; i++) step();
  return () => (step() + 0.5) / RANGE;
}

/** splitmix32: makes states that differ in every bit of seeds that are neighbours. */
function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
}
