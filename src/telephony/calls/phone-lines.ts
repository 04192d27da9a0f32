import type { ChannelId, ExtensionId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

/** What a phone does with its calls. */
export interface PhoneLines {
  /** Calls that it has, ringing ones too. */
  readonly count: number;
  readonly isTalking: boolean;
}

const IDLE: PhoneLines = { count: 0, isTalking: false };

/** The calls of each phone that has any: those that it placed, and those that ring or talk at it. */
export function linesOfPhones(calls: Iterable<Call>): ReadonlyMap<ExtensionId, PhoneLines> {
  const phones = new Map<ExtensionId, PhoneLines>();
  const note = (id: ExtensionId | undefined, isTalking: boolean): void => {
    if (id === undefined) return;
    const { count, isTalking: before } = phones.get(id) ?? IDLE;
    phones.set(id, { count: count + 1, isTalking: before || isTalking });
  };
  for (const call of calls) {
    // Whoever calls holds the handset, whether anybody has answered or not.
    if (!call.gone) note(call.extensionAtAnchor, true);
    for (const { partner } of call.legs.values())
      note(partner.extensionId, talks(call, partner.leg));
  }
  return phones;
}

/** Whoever at this leg has answered, and hears others, waits on hold or is asked. */
function talks({ stage }: Call, leg: ChannelId): boolean {
  if (stage.kind !== 'talk') return false;
  const { partner, others = [], consult } = stage;
  const isAsked = consult?.party.leg === leg && consult.answeredAt !== undefined;
  return isAsked || [partner, ...others].some((party) => party.leg === leg);
}

/** The calls of one phone. */
export const linesOf = (calls: Iterable<Call>, extension: ExtensionId): PhoneLines =>
  linesOfPhones(calls).get(extension) ?? IDLE;

/** A phone that could take a call now: there, without a call, and not on do not disturb. */
export function isPhoneFree(
  {
    roster,
    endpoints,
    calls,
  }: Pick<CallServices, 'endpoints'> & {
    readonly roster: Pick<AgentRoster, 'agentAt' | 'state'>;
    readonly calls: ReadonlyMap<Call['id'], Call>;
  },
  { id, number, handling }: ExtensionConfig,
): boolean {
  const agent = roster.agentAt(id);
  const state = agent === undefined ? undefined : roster.state(agent)?.state;
  return (
    endpoints.isRegistered(number) &&
    !handling.doNotDisturb &&
    linesOf(calls.values(), id).count === 0 &&
    state !== 'ringing' &&
    state !== 'talking'
  );
}
