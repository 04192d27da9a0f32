import type { ExtensionId } from '../../kernel/ids.js';
import { helpWishes } from '../calls/caller-id.js';
import type { Call } from '../calls/call.js';
import { freeLine } from '../calls/free-line.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';
import { helpTrunks, OUTSIDE_RING_MS, refuse, tryTrunks, type Dialler } from './trunk-dialling.js';

/**
 * A call for help: whatever the extension may dial, however many calls a trunk may carry. Every trunk is tried in its order;
 * where none takes the call, another call is ended for it.
 */
export async function dialForHelp(
  s: CallServices,
  call: Call,
  stage: StageOf<'dial-outside'>,
): Promise<Stage> {
  const { number } = stage;
  const { current } = s.directory;
  const id = stage.by ?? call.facts.extensionId;
  const extension = id === undefined ? undefined : current.extensions.get(id);
  // Only phones of ours dial: nobody from outside is somebody else to whoever helps.
  if (extension === undefined) return refuse(call, 'not-permitted', 'no-extension');
  call.other = number;
  call.isForHelp = true;
  raiseAlarm(s, call, number, extension.id);
  call.changed();
  if (!call.answered || stage.by !== undefined) await call.ari.ring(call.channel);
  const dialler: Dialler = {
    wishes: helpWishes(current, extension),
    turn: 0,
    ringMs: OUTSIDE_RING_MS,
    agentId: () => (stage.by === undefined ? s.roster.agentAt(extension.id) : undefined),
  };
  const trunks = helpTrunks(s);
  const next = await tryTrunks(s, call, number, dialler, trunks);
  if (!hasFoundNoLine(next)) return next;
  for (const trunk of trunks) {
    if (!(await freeLine(s, call, trunk))) continue;
    const again = await tryTrunks(s, call, number, dialler, [trunk]);
    if (!hasFoundNoLine(again)) return again;
  }
  return next;
}

/** The ledger and people in the house are told. */
export function raiseAlarm(
  s: CallServices,
  call: Call,
  number: string,
  extensionId: ExtensionId | undefined,
): void {
  const extension =
    extensionId === undefined ? undefined : s.directory.current.extensions.get(extensionId);
  if (extension === undefined) return;
  const { id, number: from, name } = extension;
  call.record({ kind: 'help-called', number, extensionId: id, from });
  s.helpAlarm.raise({
    ...{ callId: call.id, number, extensionId: id, from, name },
    at: call.clock.now(),
  });
}

/** Nobody has heard of the number yet: it was no answer of the far end. */
const hasFoundNoLine = (stage: Stage): boolean =>
  stage.kind === 'announce' && stage.prompt === 'all-lines-busy';
