import type { CallerIdWishes, ChosenCallerId } from '../../engines/caller-id/choose.js';
import {
  newBridgeId,
  newChannelId,
  type AgentId,
  type BridgeId,
  type ChannelId,
  type ExtensionId,
  type TrunkId,
} from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { destroyQuietly } from '../calls/bridge.js';
import type { Call } from '../calls/call.js';
import { shownNumber } from '../calls/caller-id.js';
import { dial, type DialOutcome } from '../calls/leg.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type TalkPartner } from '../calls/stage.js';
import { linesOfTrunks } from '../calls/trunk-lines.js';
import type { TrunkConfig } from '../directory.js';

/** How long an outside number may ring; carriers end it themselves after about as long. */
export const OUTSIDE_RING_MS = 90_000;

/** Who dials: what the called side sees, how long it rings, and which agent talks once it is answered. */
export interface Dialler {
  readonly wishes: CallerIdWishes;
  /** Which of the agent's numbers it is the turn of. */
  readonly turn: number;
  readonly ringMs: number;
  readonly agentId: () => AgentId | undefined;
  /** The extension that answers for what it costs; absent for calls that the system makes by itself. */
  readonly payerId?: ExtensionId;
  /** Told of each trunk over which it rings, and what is shown. */
  readonly tried?: (trunk: TrunkId, shown: string) => void;
}

/** Who is called without a number (RFC 3323 §4.1.1.3), and what asks the carrier to hide ours (§4.2, RFC 3325). */
const ANONYMOUS = 'anonymous';
const WITHHELD_VARIABLES = { 'PJSIP_HEADER(add,Privacy)': 'id' } as const;

/** Rings an outside number over one trunk for whoever hears its early media in the bridge. */
export const dialTrunk = (
  scope: Scope,
  call: Call,
  trunk: TrunkConfig,
  {
    partner,
    bridge,
    hearer,
    shown,
    ringMs,
  }: {
    readonly partner: TalkPartner;
    readonly bridge: BridgeId;
    readonly hearer?: ChannelId;
    readonly shown: ChosenCallerId;
    readonly ringMs: number;
  },
): Promise<DialOutcome> =>
  dial(scope, call, {
    partner,
    endpoint: `PJSIP/${partner.number}@trunk-${String(trunk.id)}`,
    name: trunk.name,
    ...(shown.of === 'withheld'
      ? { callerNumber: ANONYMOUS, callerName: 'Anonymous', variables: WITHHELD_VARIABLES }
      : { callerNumber: shown.number, callerName: '' }),
    shown,
    timeoutMs: ringMs,
    earlyMedia: bridge,
    ...(hearer === undefined ? {} : { hearer }),
  });

/** What choosing a trunk needs. */
export type TrunkParts = Pick<CallServices, 'calls' | 'directory' | 'endpoints'> & {
  readonly campaigns: Pick<CallServices['campaigns'], 'dialling'>;
};

/** Usable trunks, best first: enabled, answering ones before silent ones, by priority, with a free channel. */
export function trunksFor(s: TrunkParts): readonly TrunkConfig[] {
  const used = linesOfTrunks(s.calls.values(), s.campaigns.dialling);
  return byOrder(
    s,
    carriers(s).filter(
      (t) => t.enabled && (t.maxChannels === 0 || (used.get(t.id) ?? 0) < t.maxChannels),
    ),
  );
}

/** All that may carry a call for help, however many calls they have. */
export const helpTrunks = (s: CallServices): readonly TrunkConfig[] =>
  byOrder(
    s,
    carriers(s).filter((one) => one.enabled),
  );

/** Not those that lead to other telephone systems. */
const carriers = (s: Pick<CallServices, 'directory'>): readonly TrunkConfig[] =>
  [...s.directory.current.trunks.values()].filter(({ pbx }) => pbx === undefined);

/** Answering ones before silent ones, then by priority. */
const byOrder = (
  s: Pick<CallServices, 'endpoints'>,
  trunks: readonly TrunkConfig[],
): readonly TrunkConfig[] =>
  [...trunks].sort(
    (a, b) =>
      Number(s.endpoints.isTrunkOnline(b.id)) - Number(s.endpoints.isTrunkOnline(a.id)) ||
      a.priority - b.priority ||
      a.id - b.id,
  );

/** The far end has spoken: another trunk would say the same. */
export const isFinal = (kind: DialOutcome['kind'], cause: number): boolean =>
  kind === 'busy' || kind === 'no-answer' || kind === 'declined' || cause === 1 || cause === 28;

/** Rings over one trunk after the other until the far end has spoken. */
export async function tryTrunks(
  s: CallServices,
  call: Call,
  number: string,
  dialler: Dialler,
  usable: readonly TrunkConfig[] = trunksFor(s),
): Promise<Stage> {
  const { wishes, turn, payerId } = dialler;
  const cap = payerId === undefined ? undefined : s.outsideUse.problem(payerId);
  if (cap !== undefined) return refuse(call, 'not-permitted', cap);
  const trunks = usable.flatMap((trunk) => {
    const shown = shownNumber(wishes, trunk, number, turn);
    return shown === undefined ? [] : [{ trunk, shown }];
  });
  // Rather no call than one that shows a number which was to be hidden.
  if (trunks.length === 0 && usable.length > 0)
    return refuse(call, 'not-permitted', 'withholding-not-permitted', 21);
  let last: Exclude<DialOutcome, { kind: 'answered' }> = {
    kind: 'failed',
    cause: 34,
    techCause: 0,
  };
  for (const { trunk, shown } of trunks) {
    const bridge = newBridgeId();
    // Also where the caller leaves while it rings.
    call.scope.defer(() => destroyQuietly(call, bridge));
    const partner: TalkPartner = {
      leg: newChannelId('outside'),
      role: 'outside',
      number,
      trunkId: trunk.id,
      ...(payerId === undefined ? {} : { payerId }),
    };
    call.trunkId = trunk.id;
    dialler.tried?.(trunk.id, shown.number);
    const outcome = await call.scope.run('trunk', async (scope) => {
      await call.ari.createBridge(bridge, call.id);
      return dialTrunk(scope, call, trunk, { partner, bridge, shown, ringMs: dialler.ringMs });
    });
    if (outcome.kind === 'answered') {
      const agentId = dialler.agentId();
      return {
        kind: 'talk',
        partner: { ...partner, ...(agentId === undefined ? {} : { agentId }) },
        bridge,
      };
    }
    await destroyQuietly(call, bridge);
    last = outcome;
    if (isFinal(outcome.kind, outcome.cause)) break;
  }
  call.trunkId = call.facts.trunkId;
  return outsideFailed(last, trunks.length === 0);
}

function outsideFailed(last: Exclude<DialOutcome, { kind: 'answered' }>, noTrunk: boolean): Stage {
  if (noTrunk)
    return {
      kind: 'announce',
      prompt: 'all-lines-busy',
      then: ended('failed', 'system', 34, 'no-trunk'),
    };
  switch (last.kind) {
    case 'busy':
      return ended('busy', 'callee', 17, 'busy');
    case 'no-answer':
      return ended('no-answer', 'callee', 19, 'no-answer');
    case 'declined':
      return ended('failed', 'callee', 21, 'declined');
    default: {
      const unknown = last.cause === 1 || last.cause === 28;
      return {
        kind: 'announce',
        prompt: unknown ? 'bad-number' : 'all-lines-busy',
        then: ended('failed', 'callee', last.cause === 0 ? 34 : last.cause, last.kind),
      };
    }
  }
}

/** Says why a number is not dialled. */
export function refuse(
  call: Call,
  prompt: 'not-permitted' | 'bad-number',
  reason: string,
  cause = 21,
): Stage {
  call.record({ kind: 'refused', reason });
  return { kind: 'announce', prompt, then: ended('refused', 'system', cause, reason) };
}
