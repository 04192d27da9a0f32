import { z } from 'zod';
import type { LiveValues } from '../kit/live-topics.js';

/** What a browser sends over `/live/socket`. */
export const clientMessage = z.discriminatedUnion('type', [
  /** Follow these topics from now on, and no others. */
  z.object({ type: z.literal('follow'), topics: z.array(z.string().max(500)).max(20) }),
  /** A change was missed: send everything again. */
  z.object({ type: z.literal('again'), topic: z.string().max(500) }),
]);

/** What the server sends. Instants in ms since the epoch. */
export type ServerMessage =
  /** Every value of a topic: replaces what the browser had. */
  | {
      readonly type: 'all';
      readonly topic: string;
      readonly seq: number;
      readonly values: LiveValues;
    }
  /** What changed since `seq - 1`. */
  | {
      readonly type: 'some';
      readonly topic: string;
      readonly seq: number;
      readonly set: LiveValues;
      readonly gone: readonly string[];
    }
  /** Every two seconds; `heardAt` is when the process that runs the calls was last heard, 0 for never. */
  | {
      readonly type: 'beat';
      readonly at: number;
      readonly heardAt: number;
      readonly isPbxOnline: boolean;
    }
  | { readonly type: 'refused'; readonly topic: string };

/** The difference between two sets of values; undefined where there is none. */
export function changesOf(
  before: LiveValues,
  after: LiveValues,
): { readonly set: LiveValues; readonly gone: readonly string[] } | undefined {
  const set = Object.fromEntries(
    Object.entries(after).filter(([key, value]) => before[key] !== value),
  );
  const gone = Object.keys(before).filter((key) => !(key in after));
  return Object.keys(set).length === 0 && gone.length === 0 ? undefined : { set, gone };
}
