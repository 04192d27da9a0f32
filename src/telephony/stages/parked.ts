import type { Call } from '../calls/call.js';
import type { RingPhone } from '../calls/ringing.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import { Music } from './queue/music.js';
import { firstOf } from './ring-many.js';

/** A call waits at its slot, with music, until some phone takes it; after the time-out it is on its way back to whoever parked it. */
export async function parkedStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'parked'>,
): Promise<Stage> {
  const { clock } = call;
  const { since = clock.now() } = stage;
  if (stage.since === undefined) call.enter({ ...stage, since });
  // A former process may have left its music playing.
  else await Music.stopFormer(call, call.channel);
  const { extensions, queues, parking } = s.directory.current;
  const until = since + parking.timeoutMs;
  call.agentId = undefined;
  call.other = extensions.get(stage.by)?.number;
  call.parkedUntil = until;
  call.changed();
  const queue = call.queueId === undefined ? undefined : queues.get(call.queueId);
  const music = new Music(s, call, call.channel, queue?.musicId);
  const slot: RingPhone = {
    ring: async (scope) => {
      await music.playUntil(scope, until);
      return { kind: 'no-answer', cause: 19, techCause: 0 };
    },
  };
  // Whoever wanted to take it may have hung up in the same moment.
  while (clock.now() < until) {
    const next = await firstOf(s, call, [[slot]]);
    if (next.kind === 'talk') return next;
  }
  return ended('no-answer', 'system', 19, 'park-timeout');
}
