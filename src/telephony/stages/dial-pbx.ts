import { MOST_HOPS } from '../../engines/reach/reach.js';
import { newBridgeId, newChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { destroyQuietly } from '../calls/bridge.js';
import type { Call } from '../calls/call.js';
import { dial, type DialOptions, type DialOutcome } from '../calls/leg.js';
import { linesOfTrunks } from '../calls/trunk-lines.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf, type TalkPartner } from '../calls/stage.js';
import { shownCaller } from '../calls/transfer.js';
import type { TrunkConfig } from '../directory.js';
import { CROSSINGS_HEADER, MOST_CROSSINGS } from '../other-pbx.js';
import { OUTSIDE_RING_MS } from './trunk-dialling.js';
import { nobodyTakes } from './reaching.js';
import { stageOfTarget } from './target.js';

type NoAnswer = Exclude<DialOutcome, { kind: 'answered' }>;

/** It answers, is switched on, and has a channel free. */
export const isPbxReachable = (s: CallServices, trunk: TrunkConfig): boolean =>
  trunk.enabled &&
  s.endpoints.isTrunkOnline(trunk.id) &&
  (trunk.maxChannels === 0 ||
    (linesOfTrunks(s.calls.values(), s.campaigns.dialling).get(trunk.id) ?? 0) < trunk.maxChannels);

/** Where a number of another telephone system is rung: it sees who calls by the number and name that colleagues see. */
export interface PbxRing {
  readonly partner: TalkPartner;
  readonly timeoutMs: number;
  /** Absent: whom the call is about. */
  readonly shown?: { readonly number: string; readonly name: string };
  readonly early?: Pick<DialOptions, 'earlyMedia' | 'hearer'>;
}

/** Rings there. Its calls and transfers come back to us: they are counted, and a REFER is asked for here. */
export function dialPbx(
  scope: Scope,
  call: Call,
  trunk: TrunkConfig,
  { partner, timeoutMs, shown = shownCaller(call), early }: PbxRing,
): Promise<DialOutcome> {
  return dial(scope, call, {
    partner,
    endpoint: `PJSIP/${partner.number}@trunk-${String(trunk.id)}`,
    name: trunk.name,
    callerNumber: shown.number,
    callerName: shown.name,
    timeoutMs,
    ...early,
    variables: {
      'PJSIP_TRANSFER_HANDLING()': 'ari-only',
      [`PJSIP_HEADER(add,${CROSSINGS_HEADER})`]: String(call.facts.crossings ?? 0),
    },
  });
}

export const pbxPartner = (trunk: TrunkConfig, number: string): TalkPartner => ({
  leg: newChannelId('outside'),
  role: 'outside',
  number,
  name: '',
  trunkId: trunk.id,
});

/** A number of another telephone system is rung there, whoever calls: nobody needs to be allowed to dial outside. */
export async function dialPbxStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'dial-pbx'>,
): Promise<Stage> {
  const { number } = stage;
  const trunk = s.directory.current.trunks.get(stage.trunk);
  call.other = number;
  call.changed();
  if (trunk?.pbx === undefined || !isPbxReachable(s, trunk)) return away(s, call, stage, trunk);
  if ((call.facts.crossings ?? 0) >= MOST_CROSSINGS) return circle(call);
  // A caller who was answered by a menu hears the tone of the country.
  await call.ari.ring(call.channel);
  // Whoever was transferred there is not at the phone any more.
  const caller = call.transfer === undefined ? call.extensionAtAnchor : undefined;
  const isDialled = stage.forwarded === undefined && stage.back === undefined;
  const own = isDialled && caller !== undefined ? caller : undefined;
  const bridge = newBridgeId();
  call.scope.defer(() => destroyQuietly(call, bridge));
  call.trunkId = trunk.id;
  const partner = pbxPartner(trunk, number);
  const timeoutMs = stage.timeoutMs ?? OUTSIDE_RING_MS;
  const outcome = await call.scope.run('other pbx', async (scope) => {
    await call.ari.createBridge(bridge, call.id);
    return dialPbx(scope, call, trunk, { partner, timeoutMs, early: { earlyMedia: bridge } });
  });
  if (outcome.kind === 'answered') {
    const agentId = own === undefined ? undefined : s.roster.agentAt(own);
    return {
      kind: 'talk',
      partner: { ...partner, ...(agentId === undefined ? {} : { agentId }) },
      bridge,
    };
  }
  await destroyQuietly(call, bridge);
  call.trunkId = call.facts.trunkId;
  return isAway(outcome) ? away(s, call, stage, trunk) : nobody(s, call, stage, outcome);
}

/** No word of the number itself: the system is silent, out of order, or full. */
const isAway = ({ kind, cause }: NoAnswer): boolean =>
  kind === 'unreachable' || (kind === 'failed' && cause !== 1 && cause !== 28);

/** The call has gone to and fro too often. It is not answered, so that its beginning is told. */
function circle(call: Call): Stage {
  call.record({ kind: 'refused', reason: 'pbx-circle' });
  return ended('refused', 'system', 25, 'pbx-circle');
}

/** The number was asked, and nobody there takes the call. */
function nobody(
  s: CallServices,
  call: Call,
  { forwarded, back }: StageOf<'dial-pbx'>,
  { kind, cause }: NoAnswer,
): Stage {
  const isBusy = kind === 'busy' || kind === 'declined';
  const returned = goBack(s, call, forwarded, back, isBusy ? 'busy' : 'no-answer');
  if (returned !== undefined) return returned;
  if (cause === 1 || cause === 28)
    return announce('unknown-number', 'refused', 1, 'unknown-extension');
  if (kind === 'no-answer') return announce('nobody-answers', 'no-answer', 19, 'no-answer');
  return announce('extension-busy', 'busy', 17, 'busy');
}

/** The other system cannot be reached: where its trunk says that callers go. */
function away(
  s: CallServices,
  call: Call,
  { forwarded, back }: StageOf<'dial-pbx'>,
  trunk: TrunkConfig | undefined,
): Stage {
  const returned = goBack(s, call, forwarded, back, 'failed');
  if (returned !== undefined) return returned;
  call.lastDial = 'unreachable';
  call.record({ kind: 'refused', reason: 'pbx-unreachable' });
  const elsewhere = trunk?.pbx?.elsewhere ?? { kind: 'hangup' };
  const from = `“${trunk?.name ?? ''}”`;
  // A call that was transferred comes back; one that has been elsewhere already stays.
  const isRound = call.hops.some((hop) => hop.from === from) || call.hops.length >= MOST_HOPS;
  if (elsewhere.kind === 'hangup' || call.transfer !== undefined || isRound)
    return announce('other-pbx-away', 'failed', 27, 'pbx-unreachable');
  call.hops = [...call.hops, { from, to: elsewhere.kind, reason: 'unregistered' }];
  return stageOfTarget(s, elsewhere);
}

function goBack(
  s: CallServices,
  call: Call,
  forwarded: StageOf<'dial-pbx'>['forwarded'],
  back: StageOf<'dial-pbx'>['back'],
  why: 'busy' | 'no-answer' | 'failed',
): Stage | undefined {
  const sender =
    forwarded === undefined ? undefined : s.directory.current.extensions.get(forwarded.extension);
  if (sender !== undefined) return nobodyTakes(s, call, sender, forwarded?.back, why);
  return back && { kind: 'ivr', ...back, nobodyAnswered: true };
}

const announce = (
  prompt: 'unknown-number' | 'nobody-answers' | 'extension-busy' | 'other-pbx-away',
  result: 'refused' | 'no-answer' | 'busy' | 'failed',
  cause: number,
  reason: string,
): Stage => ({
  kind: 'announce',
  prompt,
  then: ended(
    result,
    result === 'no-answer' || result === 'busy' ? 'callee' : 'system',
    cause,
    reason,
  ),
});
