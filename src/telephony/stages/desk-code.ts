import type { Call } from '../calls/call.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';
import { readCode } from '../feature-codes.js';
import { changeAvailability, extendWrapUp, signInOrOut } from './codes/agent-codes.js';
import { callBackWhenFree } from './codes/busy-callback-code.js';
import { chooseDisposition } from './codes/disposition-code.js';
import { forwardCalls, toggle, toggleFollowMe } from './codes/handling-codes.js';
import { parkCode } from './codes/park-code.js';
import { recordName } from './codes/name-code.js';
import { say } from './codes/saying.js';
import { listenToMailbox } from './mailbox.js';

/** Somebody dials a code on a desk phone: it is done, and said. */
export async function deskCodeStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'desk-code'>,
): Promise<Stage> {
  const id = call.facts.extensionId;
  const extension = id === undefined ? undefined : s.directory.current.extensions.get(id);
  const dialled = readCode(s.directory.current.featureCodes, stage.code);
  if (dialled?.name === 'any-mailbox') {
    // Also from the phones of another telephone system.
    await call.answer();
    return listenToMailbox(s, call, false);
  }
  if (extension === undefined || dialled === undefined)
    return say('unknown-number', 'unknown-code');
  await call.answer();
  switch (dialled.name) {
    case 'sign-in-out':
      return signInOrOut(s, call, extension.id);
    case 'availability':
      return changeAvailability(s, call, extension.id, dialled.rest);
    case 'wrap-up-longer':
      return extendWrapUp(s, extension.id);
    case 'disposition':
      return chooseDisposition(s, call, extension.id, dialled.rest);
    case 'preview-call':
      // What there is to call was taken when it was dialled.
      return say('no-preview', 'no-preview');
    case 'preview-skip':
      return s.previews.skipAt(extension.id)
        ? say('preview-skipped', 'preview-skipped')
        : say('no-preview', 'no-preview');
    case 'do-not-disturb':
      if (dialled.rest !== '' && dialled.rest !== extension.number)
        return say('not-permitted', 'not-your-number');
      return toggle(s, extension, 'doNotDisturb');
    case 'call-waiting':
      return toggle(s, extension, 'callWaiting');
    case 'follow-me':
      return toggleFollowMe(s, extension);
    case 'forward-always':
      return forwardCalls(s, call, extension, 'always', dialled.rest);
    case 'forward-busy':
      return forwardCalls(s, call, extension, 'busy', dialled.rest);
    case 'forward-no-answer':
      return forwardCalls(s, call, extension, 'no-answer', dialled.rest);
    case 'forward-unregistered':
      return forwardCalls(s, call, extension, 'unregistered', dialled.rest);
    case 'intercom':
      return intercomTo(s, dialled.rest);
    case 'busy-callback':
      return callBackWhenFree(s, extension);
    case 'speed-dial':
      return say('no-speed-dial', 'no-speed-dial');
    case 'withhold-number':
      return say('bad-number', 'bad-number');
    case 'redial':
      return say('nothing-dialled', 'nothing-dialled');
    case 'record-name':
      return recordName(s, call, extension);
    case 'own-mailbox':
      return listenToMailbox(s, call, true);
    case 'park':
      return parkCode(s, call, extension);
    case 'pickup':
      return say('nothing-rings', 'nothing-rings');
  }
}

function intercomTo(s: CallServices, number: string): Stage {
  const callee = s.directory.current.extensionsByNumber.get(number);
  return callee === undefined
    ? say('unknown-number', 'unknown-extension')
    : { kind: 'intercom', extension: callee.id };
}
