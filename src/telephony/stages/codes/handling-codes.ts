import type { ForwardReason } from '../../../engines/reach/reach.js';
import { digitsPhrase } from '../../../engines/speech/digits.js';
import type { Call } from '../../calls/call.js';
import { askDigits, playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage } from '../../calls/stage.js';
import type { ExtensionConfig } from '../../directory.js';
import { readForwardTarget } from '../../forward-target.js';
import { say } from './saying.js';

const NUMBER_LIMITS = { max: 20, timeoutMs: 8_000 } as const;

/** Switches do not disturb, or call waiting: on where it was off, off where it was on. */
export async function toggle(
  s: CallServices,
  extension: ExtensionConfig,
  what: 'doNotDisturb' | 'callWaiting',
): Promise<Stage> {
  const isOn = !extension.handling[what];
  if (!(await s.phoneSettings.change(extension.id, { [what]: isOn }))) return notKept();
  const name = what === 'doNotDisturb' ? 'do-not-disturb' : 'call-waiting';
  return say(`${name}-${isOn ? 'on' : 'off'}`, `${name}-${isOn ? 'on' : 'off'}`);
}

/** Switches follow-me on or off; where nobody has said which phones ring, there is nothing to switch on. */
export async function toggleFollowMe(s: CallServices, extension: ExtensionConfig): Promise<Stage> {
  const { isOn, entries } = extension.handling.followMe;
  if (!isOn && entries.length === 0) return say('follow-me-empty', 'follow-me-empty');
  if (!(await s.phoneSettings.change(extension.id, { followMe: { isOn: !isOn } })))
    return notKept();
  return isOn ? say('follow-me-off', 'follow-me-off') : say('follow-me-on', 'follow-me-on');
}

/** Sends calls on to `typed`. Without a number: takes the forward away, or asks for a number where there is none. */
export async function forwardCalls(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  reason: ForwardReason,
  typed: string,
): Promise<Stage> {
  if (typed === '' && extension.handling.forwards[reason] !== '') {
    const isKept = await s.phoneSettings.change(extension.id, { forwards: { [reason]: '' } });
    return isKept ? say('forward-off', 'forward-off') : notKept();
  }
  const digits = typed === '' ? await askNumber(s, call) : typed;
  if (digits === '') return say('forward-off', 'forward-off');
  const target = readForwardTarget(s.directory.current, s.country, extension, digits);
  if (!target.ok)
    return target.why === 'not-permitted'
      ? say('not-permitted', 'forward-not-permitted')
      : say('bad-number', 'forward-bad-number');
  const { number } = target;
  const isKept = await s.phoneSettings.change(extension.id, { forwards: { [reason]: number } });
  if (!isKept) return notKept();
  await call.scope.run('confirm', (scope) =>
    playPrompt(scope, call, [
      ...s.prompts.named(`forward-${reason}`, call),
      ...s.prompts.spoken((language) => digitsPhrase(language, number) ?? [], call),
    ]),
  );
  return ended('contained', 'system', 16, 'forward-on');
}

const askNumber = (s: CallServices, call: Call): Promise<string> =>
  call.scope.run('ask number', (scope) =>
    askDigits(scope, call, s.prompts.named('enter-number', call), NUMBER_LIMITS),
  );

/** The database is away: nothing has changed, and the caller is told. */
const notKept = (): Stage => say('service-problem', 'not-kept');
