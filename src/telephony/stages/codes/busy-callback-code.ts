import type { CallServices } from '../../calls/services.js';
import { isPhoneFree } from '../../calls/phone-lines.js';
import type { Stage } from '../../calls/stage.js';
import type { ExtensionConfig } from '../../directory.js';
import { say } from './saying.js';

/** Calls back when the extension is free that this phone dialled last; takes that back where it was asked for already. */
export function callBackWhenFree(s: CallServices, extension: ExtensionConfig): Stage {
  const { extensionsByNumber } = s.directory.current;
  const callee = extensionsByNumber.get(s.dialled.last(extension.id) ?? '');
  if (callee === undefined || callee.id === extension.id)
    return say('busy-callback-none', 'busy-callback-none');
  if (s.busyCallbacks.of(extension.id)?.callee === callee.id) {
    s.busyCallbacks.cancel(extension.id);
    return say('busy-callback-off', 'busy-callback-off');
  }
  // Free by now: no need to hang up first.
  if (isPhoneFree(s, callee)) return { kind: 'ring-extension', extension: callee.id };
  s.busyCallbacks.ask(extension.id, callee.id);
  return say('busy-callback-on', 'busy-callback-on');
}
