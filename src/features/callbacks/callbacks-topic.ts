import { can, type Actor } from '../../kernel/actor.js';
import type { LiveQueue, LiveSnapshot } from '../../telephony/live.js';
import type { LiveTopic, LiveValue, Translate } from '../../web/kit/index.js';

interface Viewer {
  readonly actor: Actor;
  readonly t: Translate;
}

function mayFollow(snapshot: LiveSnapshot, queue: LiveQueue, actor: Actor): boolean {
  if (can(actor, 'calls.read')) return true;
  const own = snapshot.agents.find(({ id }) => id === actor.agentId);
  return own?.queues.includes(queue.id) === true;
}

/** Places of callbacks in line, by id: `callback:<id>.place`; they vanish with the place. */
export const callbacksTopic: LiveTopic = {
  name: 'callbacks',
  access: 'callbacks.read',
  values: (snapshot, viewer: Viewer) => {
    const values: Record<string, LiveValue> = {};
    for (const queue of snapshot?.queues ?? []) {
      if (snapshot === undefined || !mayFollow(snapshot, queue, viewer.actor)) continue;
      for (const { callbackId, place, offeredTo } of queue.waiting) {
        if (callbackId === undefined) continue;
        const [first] = offeredTo;
        const name = snapshot.agents.find(({ id }) => id === first)?.name ?? '';
        values[`callback:${callbackId}.place`] =
          first === undefined
            ? viewer.t('callbacks.place', { place })
            : viewer.t('callbacks.place-offered', { place, name });
      }
    }
    return values;
  },
  sharedBy: ({ actor, language }) =>
    can(actor, 'calls.read') ? `all ${language}` : `${String(actor.agentId ?? 0)} ${language}`,
};
