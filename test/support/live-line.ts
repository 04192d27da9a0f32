import type { QueueId } from '../../src/kernel/ids.js';
import type { LiveQueue, LiveWaiting } from '../../src/telephony/live.js';

/** A queue of the live picture in which nothing happens but what the test says. */
export const liveQueue = (
  id: QueueId,
  name: string,
  waiting: readonly LiveWaiting[] = [],
): LiveQueue => ({
  id,
  name,
  waiting,
  waitingCount: waiting.length,
  callbackCount: waiting.filter(({ callbackId }) => callbackId !== undefined).length,
  ...(waiting.length === 0 ? {} : { longestSince: Math.min(...waiting.map(({ since }) => since)) }),
  inService: 0,
  maxTalking: 0,
  isOpen: true,
  changes: [],
  stalledMs: 0,
  decisions: 0,
});

/** What nobody in line is without, for tests that look at something else. */
export const NOTHING_SPECIAL = { priority: 0, offeredTo: [], skills: [] } as const;
