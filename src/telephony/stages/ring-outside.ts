import { NO_POOL } from '../../engines/caller-id/choose.js';
import { newChannelId, type ExtensionId } from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { CAUSE_ELSEWHERE, dial, ELSEWHERE, type DialOutcome, type Leg } from '../calls/leg.js';
import { shownNumber } from '../calls/caller-id.js';
import { playOn } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import type { TrunkConfig } from '../directory.js';
import { MOST_CROSSINGS, pbxOf } from '../other-pbx.js';
import { dialPbx, isPbxReachable, pbxPartner } from './dial-pbx.js';
import { isFinal, trunksFor } from './trunk-dialling.js';

/** The key by which somebody outside takes a call, as the prompt says. */
const TAKE_KEY = '1';
/** How long after the prompt the key may come; then it is played once more, and then the call goes to somebody else. */
const KEY_LIMIT_MS = 5_000;
const TIMES_ASKED = 2;

export interface OutsideRing {
  /** E.164. */
  readonly number: string;
  readonly timeoutMs: number;
  /** Shown to the called side; that of the trunk where absent. */
  readonly callerId?: string;
  /** Whoever answers must press a key: a mailbox does not. */
  readonly confirms: boolean;
  /** The extension that answers for what it costs. */
  readonly payerId?: ExtensionId;
}

/** Rings an outside number beside other phones, over the first trunk that takes the call. */
export async function ringOutside(
  scope: Scope,
  s: CallServices,
  call: Call,
  ring: OutsideRing,
): Promise<DialOutcome> {
  const pbx = pbxOf(s.directory.current, ring.number);
  if (pbx !== undefined) return ringAtPbx(scope, s, call, pbx, ring);
  const isCapped = ring.payerId !== undefined && s.outsideUse.problem(ring.payerId) !== undefined;
  if (isCapped) return { kind: 'failed', cause: 21, techCause: 0 };
  let last: DialOutcome = { kind: 'unreachable', cause: 34, techCause: 0 };
  for (const trunk of trunksFor(s)) {
    last = await dialOver(scope, call, trunk, ring);
    if (last.kind === 'answered') break;
    if (isFinal(last.kind, last.cause)) return last;
  }
  if (last.kind !== 'answered' || !ring.confirms) return last;
  return confirmed(scope, s, call, last.leg);
}

/** A phone of another telephone system; its mailbox may answer there, as anywhere outside. */
async function ringAtPbx(
  scope: Scope,
  s: CallServices,
  call: Call,
  trunk: TrunkConfig,
  { number, timeoutMs, confirms }: OutsideRing,
): Promise<DialOutcome> {
  if (!isPbxReachable(s, trunk)) return { kind: 'unreachable', cause: 27, techCause: 0 };
  if ((call.facts.crossings ?? 0) >= MOST_CROSSINGS)
    return { kind: 'failed', cause: 25, techCause: 0 };
  const partner = pbxPartner(trunk, number);
  const outcome = await dialPbx(scope, call, trunk, { partner, timeoutMs });
  if (outcome.kind !== 'answered' || !confirms) return outcome;
  return confirmed(scope, s, call, outcome.leg);
}

function dialOver(
  scope: Scope,
  call: Call,
  trunk: TrunkConfig,
  { number, timeoutMs, callerId = '', payerId }: OutsideRing,
): Promise<DialOutcome> {
  const owners = [{ of: 'extension', number: callerId }] as const;
  const shown = shownNumber({ isWithheld: false, pool: NO_POOL, owners }, trunk, number, 0) ?? {
    ...{ number: trunk.callerId, of: 'trunk' as const, passedOver: [] },
  };
  return dial(scope, call, {
    partner: {
      ...{ leg: newChannelId('outside'), role: 'outside', number, trunkId: trunk.id },
      ...(payerId === undefined ? {} : { payerId }),
    },
    endpoint: `PJSIP/${number}@trunk-${String(trunk.id)}`,
    name: trunk.name,
    callerNumber: shown.number,
    callerName: '',
    shown,
    timeoutMs,
  });
}

/** Says what the call is and waits for the key. Cancelled, somebody else has taken the call. */
async function confirmed(
  parent: Scope,
  s: CallServices,
  call: Call,
  leg: Leg,
): Promise<DialOutcome> {
  try {
    const isTaken = await parent.run('confirm', async (scope) => {
      const keys = call.ari.events.inbox(scope, leg.channel, ['ChannelDtmfReceived']);
      const gone = leg.ended(scope).then(() => false);
      const pressed = (async () => {
        for (;;) if ((await keys.next(scope)).digit === TAKE_KEY) return true;
      })();
      const silence = new Promise<boolean>((resolve) => {
        scope.fork('ask', async (within) => {
          for (let times = 0; times < TIMES_ASKED; times++) {
            await playOn(within, call, leg.channel, s.prompts.named('press-to-take', call));
            await call.clock.sleep(KEY_LIMIT_MS, within.signal);
          }
          resolve(false);
        });
      });
      return Promise.race([gone, pressed, silence]);
    });
    if (isTaken) return { kind: 'answered', leg };
  } catch (error) {
    const isElsewhere = error instanceof Cancelled && error.reason === ELSEWHERE;
    await leg.release(isElsewhere ? CAUSE_ELSEWHERE : 16);
    throw error;
  }
  await leg.release();
  return { kind: 'no-answer', cause: 19, techCause: 0 };
}
