/** Asks again after this long: often enough that no test waits for the clock. */
const EVERY_MS = 50;

/**
 * Waits until `look` gives a value other than undefined or false, and gives it. After `limitMs` it fails with what was
 * waited for and, where given, what was seen last. What `look` throws counts as "not yet", and is told in the failure too.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  seen: () => unknown = () => undefined,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  let trouble: unknown;
  for (;;) {
    try {
      trouble = undefined;
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      trouble = error;
    }
    if (Date.now() > deadline) {
      const last = [trouble, await seen()].filter((one) => one !== undefined).map(describe);
      const detail = last.length === 0 ? '' : `; last: ${last.join('; ')}`;
      throw new Error(`${what} did not come within ${String(limitMs)} ms${detail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

const describe = (value: unknown): string =>
  value instanceof Error ? value.message : JSON.stringify(value);
