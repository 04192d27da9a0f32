import { can, type Actor } from '../../kernel/actor.js';
import type { LiveCall, LiveSnapshot } from '../../telephony/live.js';
import {
  stageLook,
  type LiveTopic,
  type LiveValue,
  type Look,
  type Reader,
  type Translate,
} from '../../web/kit/index.js';

interface Viewer extends Reader {
  readonly actor: Actor;
  readonly t: Translate;
}

/** What a call that goes on shows beside what the ledger has of it. */
export interface LiveState {
  readonly look: Look;
  readonly since: number;
}

const mayFollow = (call: LiveCall, actor: Actor): boolean =>
  can(actor, 'calls.read') ||
  (call.agentId !== undefined && actor.agentId !== undefined && call.agentId === actor.agentId);

/** The live state of one call; undefined where it is not in progress or the viewer may not follow it. */
export function liveState(
  snapshot: LiveSnapshot | undefined,
  id: string,
  viewer: Viewer,
): LiveState | undefined {
  const call = snapshot?.calls.find((candidate) => candidate.id === id);
  if (call === undefined || !mayFollow(call, viewer.actor)) return undefined;
  return { look: stageLook(call.stage), since: call.connectedAt ?? call.stageSince };
}

/** Calls in progress, by id: `call:<id>.stage`, `.icon`, `.tone`, `.since`. They vanish when the call ends. */
export const callsTopic: LiveTopic = {
  name: 'calls',
  access: ['calls.read', 'calls.read-own'],
  values: (snapshot, viewer) => {
    const values: Record<string, LiveValue> = {};
    for (const call of snapshot?.calls ?? []) {
      if (!mayFollow(call, viewer.actor)) continue;
      const look = stageLook(call.stage);
      values[`call:${call.id}.stage`] = viewer.t(look.label);
      values[`call:${call.id}.icon`] = look.icon;
      values[`call:${call.id}.tone`] = look.tone;
      values[`call:${call.id}.since`] = call.connectedAt ?? call.stageSince;
    }
    return values;
  },
  sharedBy: ({ actor, language }) =>
    can(actor, 'calls.read') ? `all ${language}` : `${String(actor.agentId ?? 0)} ${language}`,
};
