import { z } from 'zod';
import { PLAIN_QUEUE, type ScoreWeights } from './acd-events.js';
import { MAX_LEVEL, type RelaxStep } from './requirement.js';

const weight = z.number().min(0);
const weightsSchema = z.object({ level: weight, idle: weight, load: weight, result: weight });
const relaxSchema = z.array(
  z.object({
    afterMs: z.int().positive(),
    minLevel: z.int().min(0).max(MAX_LEVEL),
  }),
);

/** MariaDB gives a JSON column as text, MySQL as a value. */
const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

/** Weights as tables keep them; the usual ones where none were set. Throws on what is none. */
export const readWeights = (column: unknown): ScoreWeights =>
  column === null ? PLAIN_QUEUE.weights : weightsSchema.parse(parsed(column));

/** Steps of relaxing as tables keep them. Throws on what is none. */
export const readRelax = (column: unknown): readonly RelaxStep[] =>
  relaxSchema.parse(parsed(column));
