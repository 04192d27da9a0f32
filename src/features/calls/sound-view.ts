import type { CallEvent } from '../../kernel/call-event.js';
import { formatPercent, type PageContext } from '../../web/kit/index.js';
import type { LegLine } from './call.js';

/** Packets that were lost are heard from so many of hundred on. */
const HEARD_LOSS = 0.02;
const HEARD_JITTER_MS = 50;

/** How a leg sounded, in words; '' where nobody has measured it: whoever hangs up first is gone before. */
export function soundView(
  { id, answeredAt }: LegLine,
  { t, language }: PageContext,
  events: readonly CallEvent[],
) {
  const ended = events.find(
    (event) => event.kind === 'leg-ended' && event.leg === id && event.sound !== undefined,
  );
  const sound = ended?.kind === 'leg-ended' ? ended.sound : undefined;
  if (sound === undefined || answeredAt === undefined) return { soundText: '', isBadSound: false };
  const { received, lost, jitterMs, sent, farLost, farJitterMs, roundTripMs } = sound;
  const share = (part: number, whole: number): number =>
    part + whole === 0 ? 0 : part / (part + whole);
  const loss = share(lost, received);
  const farLoss = sent === 0 ? 0 : Math.min(1, farLost / sent);
  const isBadSound =
    received === 0 ||
    Math.max(loss, farLoss) >= HEARD_LOSS ||
    Math.max(jitterMs, farJitterMs) >= HEARD_JITTER_MS;
  return {
    isBadSound,
    soundText:
      received === 0
        ? t('calls.sound.none')
        : t('calls.sound', {
            ...{ loss: formatPercent(loss, language), jitter: jitterMs.toFixed(1) },
            ...{ farLoss: formatPercent(farLoss, language), farJitter: farJitterMs.toFixed(1) },
            roundTrip: roundTripMs.toFixed(0),
          }),
  };
}
