import { csvLine, csvTime, exportPhone, type Reader, type Translate } from '../../web/kit/index.js';
import type { CallbackLine } from './callback.js';
import { outcomeText, waitedMs } from './callback-view.js';

/** Columns of the export; their names are `callbacks.csv.<column>`. */
const COLUMNS = [
  'id',
  'asked',
  'number',
  'name',
  'queue',
  'state',
  'waited',
  'attempts',
  'outcome',
  'agent',
  'closed',
  'note',
] as const;

export const csvHeader = (t: Translate): string =>
  csvLine(COLUMNS.map((column) => t(`callbacks.csv.${column}`)));

/** A callback as a line; times in the site's zone, the wait in whole seconds. */
export const csvCallback = (
  line: CallbackLine,
  reader: Reader & { readonly t: Translate; readonly now: number },
): string =>
  csvLine([
    line.id,
    csvTime(line.askedAt, reader),
    exportPhone(line.number, reader),
    line.name,
    line.queueName,
    reader.t(`callbacks.state.${line.state}`),
    Math.round(waitedMs(line, reader.now) / 1_000),
    line.attempts,
    outcomeText(reader.t, line.lastOutcome),
    line.agentName,
    line.closedAt === undefined ? '' : csvTime(line.closedAt, reader),
    line.note,
  ]);
