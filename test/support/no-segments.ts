import type { SegmentMembers } from '../../src/features/campaigns/index.js';

/** Where a test has no segments. */
export const NO_SEGMENTS: SegmentMembers = {
  query: (_db, segment) => Promise.reject(new Error(`nothing keeps segment ${String(segment)}`)),
};
