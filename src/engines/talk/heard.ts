import type { ChannelId } from '../../kernel/ids.js';
import type { Seat } from './talk.js';

/**
 * Whom a channel hears alone, by everybody's seat; undefined where it hears nobody, or several: of those what is heard is
 * mixed.
 */
export function heardAt(
  seats: ReadonlyMap<ChannelId, Seat>,
  channel: ChannelId,
): ChannelId | undefined {
  const own = seats.get(channel);
  if (typeof own !== 'object') return undefined;
  const beside = [...seats].flatMap(([other, seat]) =>
    other !== channel && typeof seat === 'object' && seat.bridge === own.bridge ? [other] : [],
  );
  return beside.length === 1 ? beside[0] : undefined;
}
