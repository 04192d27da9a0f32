import { queueSchema, type QueueDraft } from '../../src/features/queues/index.js';
import { parseFields } from '../../src/kernel/fields.js';

/** Reads a queue's form with some fields set; what is not given is as usual. */
export function readQueueForm(fields: Readonly<Record<string, string | readonly string[]>>): {
  readonly values: QueueDraft | undefined;
  readonly problems: readonly string[];
} {
  const parsed = parseFields(queueSchema('GB'), { name: 'Repairs', overflow: 'hangup', ...fields });
  return parsed.ok
    ? { values: parsed.values, problems: [] }
    : {
        values: undefined,
        problems: parsed.problems.map((one) => `${one.field}: ${one.message}`),
      };
}
