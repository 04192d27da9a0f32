import compression from 'compression';
import type { RequestHandler } from 'express';

/** What is worth it: pages, their parts, tables, values. Sounds and pictures are packed as they are; assets pack themselves. */
const PACKED = /^(text\/(html|csv|plain)|application\/json)\b/;

/**
 * Packs answers (Brotli or gzip, as the browser accepts). Tokens in pages are masked (`csrf.ts`), so that the length of a
 * packed page tells nothing about them.
 */
export const packAnswers = (): RequestHandler =>
  compression({ filter: (_req, res) => PACKED.test(String(res.getHeader('Content-Type') ?? '')) });
