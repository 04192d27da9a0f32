import { siteDayOf } from '../../kernel/site-day.js';
import { openingAt, type QueueChange } from '../../telephony/queue-changes.js';
import { formatWhen, type PageContext } from '../../web/kit/index.js';

type Reader = Pick<PageContext, 't' | 'language' | 'zone' | 'country'>;

/** `until 17:30`, with the date where that is not the day of `at`. */
export function endText(until: number | undefined, at: number, reader: Reader): string {
  if (until === undefined) return reader.t('configuration.by-hand.until-undone');
  const isSameDay = until <= siteDayOf(at, reader.zone).endAt;
  return reader.t('configuration.by-hand.until', {
    time: formatWhen(until, isSameDay ? 'time' : 'datetime', reader),
  });
}

/** What a supervisor said by hand of a queue's opening at an instant, in words; undefined where its calendar decides. */
export function byHandText(
  changes: readonly QueueChange[],
  at: number,
  reader: Reader,
): string | undefined {
  const byHand = openingAt(changes, at);
  if (byHand === undefined) return undefined;
  return reader.t(byHand.isOpen ? 'configuration.by-hand.open' : 'configuration.by-hand.closed', {
    end: endText(byHand.until, at, reader),
  });
}
