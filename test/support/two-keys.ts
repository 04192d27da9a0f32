/** Keys that seal recordings of tests. */
export const TWO_KEYS = [
  { id: '1111111111111111', key: Buffer.alloc(32, 1), madeAt: new Date(0) },
  { id: '2222222222222222', key: Buffer.alloc(32, 2), madeAt: new Date(1) },
] as const;

/** Where recordings of one day lie. */
export const SEAL_DAY = '2026/11/27';
