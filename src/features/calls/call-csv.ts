import { csvLine, csvTime, exportPhone, type Reader, type Translate } from '../../web/kit/index.js';
import type { CallLine } from './call.js';

/** Columns of the export; their names are `calls.csv.<column>`. */
const COLUMNS = [
  'id',
  'started',
  'direction',
  'from',
  'name',
  'to',
  'queue',
  'agent',
  'result',
  'waited',
  'talked',
] as const;

export const csvHeader = (t: Translate): string =>
  csvLine(COLUMNS.map((column) => t(`calls.csv.${column}`)));

/** A call as a line; times in the site's zone, durations in whole seconds. */
export const csvCall = (call: CallLine, t: Translate, reader: Reader): string =>
  csvLine([
    call.id,
    csvTime(call.startedAt, reader),
    t(`direction.${call.direction}`),
    exportPhone(call.fromNumber, reader),
    call.fromName,
    exportPhone(call.toNumber, reader),
    call.queueName,
    call.agentName,
    call.result === undefined ? t('stage.other') : t(`result.${call.result}`),
    Math.round(call.waitMs / 1_000),
    Math.round(call.talkMs / 1_000),
  ]);
