import type { CallEvent } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { LegRow } from './call-rows.js';

/** The legs of a call, in the order in which they started. A leg is known from its `leg-started` on. */
export function foldLegs(ordered: readonly CallEvent[]): readonly LegRow[] {
  const legs = new Map<ChannelId, LegRow>();
  const change = (id: ChannelId, fields: (leg: LegRow) => Partial<LegRow>): void => {
    const leg = legs.get(id);
    if (leg !== undefined) legs.set(id, { ...leg, ...fields(leg) });
  };
  for (const event of ordered) {
    if (event.kind === 'leg-started' && !legs.has(event.leg))
      legs.set(event.leg, {
        id: event.leg,
        callId: event.callId,
        role: event.role,
        number: event.number,
        name: event.name ?? '',
        agentId: event.agentId,
        extensionId: event.extensionId,
        trunkId: event.trunkId,
        startedAt: event.at,
        answeredAt: undefined,
        endedAt: undefined,
        cause: undefined,
        techCause: undefined,
      });
    else if (event.kind === 'leg-answered')
      change(event.leg, (leg) => ({ answeredAt: leg.answeredAt ?? event.at }));
    else if (event.kind === 'leg-ended')
      change(event.leg, (leg) =>
        leg.endedAt === undefined
          ? { endedAt: event.at, cause: event.cause, techCause: event.techCause }
          : {},
      );
  }
  return [...legs.values()];
}
