import type { ExtensionId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../directory.js';
import { dialledCode, type FeatureName } from '../feature-codes.js';
import type { DeskAnswer, DeskRefusal } from '../live.js';
import type { PhoneKeyCommand } from '../phone-keys.js';
import type { PageDialling } from './page-dialling.js';
import { isPhoneFree, linesOf } from './phone-lines.js';
import { callsToTake } from './pickup.js';
import type { CallServices } from './services.js';
import { shownCaller } from './transfer.js';

const DONE: DeskAnswer = { ok: true };
const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });

/** The code that does the same at the phone; paging groups have numbers of their own. */
const CODES: Readonly<Record<Exclude<PhoneKeyCommand['kind'], 'phone-page'>, FeatureName>> = {
  'phone-pick-up': 'pickup',
  'phone-intercom': 'intercom',
  'phone-redial': 'redial',
  'busy-callback': 'busy-callback',
};

/** Does from a page what a phone does by a code: by the same rules, with the own phone as if it had dialled. */
export function pressPhoneKey(
  s: CallServices,
  dialling: PageDialling,
  command: PhoneKeyCommand,
): DeskAnswer {
  const { extensions, featureCodes } = s.directory.current;
  const own = extensions.get(command.extensionId);
  if (own === undefined) return refuse('unknown-extension');
  const code = command.kind === 'phone-page' ? '' : dialledCode(featureCodes, CODES[command.kind]);
  if (command.kind !== 'phone-page' && code === '') return refuse('code-off');
  if (command.kind === 'busy-callback') return callBack(s, dialling, own, command.number);
  const { count, isTalking } = linesOf(s.calls.values(), own.id);
  // A phone that only rings may still take the call of another one.
  if (isTalking || (count > 0 && command.kind !== 'phone-pick-up'))
    return refuse('phone-has-a-call', own.number);
  switch (command.kind) {
    case 'phone-pick-up':
      return pickUpFrom(s, dialling, own, { code, at: command.at });
    case 'phone-intercom':
      return speakTo(s, dialling, own, { code, number: command.number });
    case 'phone-page': {
      const { number } = command;
      const group = s.directory.current.pagingGroupsByNumber.get(number);
      if (group === undefined) return refuse('bad-number', number.slice(0, 40));
      const shown = { number, name: group.name };
      return dialling.fromOwn(own, { digits: number, shown, answersItself: true });
    }
    case 'phone-redial': {
      const last = s.dialled.last(own.id);
      return last === undefined ? refuse('nothing-dialled') : dialling.fromPhone(own.id, last);
    }
  }
}

/** Stops where somebody else was quicker, or the caller has gone. */
function pickUpFrom(
  s: CallServices,
  dialling: PageDialling,
  own: ExtensionConfig,
  { code, at }: { readonly code: string; readonly at: string },
): DeskAnswer {
  const [first] = at === '' ? [] : callsToTake(s, own, at);
  const ringing = first?.call.ringing;
  if (first === undefined || ringing === undefined) return refuse('nothing-rings', at.slice(0, 40));
  return dialling.fromOwn(own, {
    ...{ digits: code + at, shown: shownCaller(first.call) },
    ...{ answersItself: true, until: ringing.ended },
  });
}

function speakTo(
  s: CallServices,
  dialling: PageDialling,
  own: ExtensionConfig,
  { code, number }: { readonly code: string; readonly number: string },
): DeskAnswer {
  const callee = s.directory.current.extensionsByNumber.get(number);
  if (callee === undefined) return refuse('unknown-extension', number.slice(0, 40));
  if (callee.id === own.id) return refuse('transfer-to-self', number);
  const shown = { number, name: callee.name };
  return dialling.fromOwn(own, { digits: code + number, shown, answersItself: true });
}

/** Asked for already is done. */
function callBack(
  s: CallServices,
  dialling: PageDialling,
  own: ExtensionConfig,
  wanted: string,
): DeskAnswer {
  const number = wanted === '' ? (s.dialled.last(own.id) ?? '') : wanted;
  const callee = s.directory.current.extensionsByNumber.get(number);
  if (callee === undefined)
    return wanted === ''
      ? refuse('no-extension-dialled')
      : refuse('unknown-extension', number.slice(0, 40));
  if (callee.id === own.id) return refuse('transfer-to-self', number);
  if (isPhoneFree(s, callee)) {
    const answer = dialling.fromPhone(own.id, callee.number);
    return answer.ok ? { ok: true, isDialled: true } : answer;
  }
  if (!asksFor(s, own.id, callee.id)) s.busyCallbacks.ask(own.id, callee.id);
  return DONE;
}

const asksFor = (s: CallServices, caller: ExtensionId, callee: ExtensionId): boolean =>
  s.busyCallbacks.of(caller)?.callee === callee;
