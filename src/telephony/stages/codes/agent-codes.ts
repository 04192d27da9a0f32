import type { AgentId, ExtensionId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askDigits } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage } from '../../calls/stage.js';
import { notReadyFor } from './not-ready-code.js';
import { result, say } from './saying.js';

const LIMITS = { max: 10, timeoutMs: 8_000 } as const;
/** Wrong PINs for an agent in a row, over all calls and phones, before nobody signs in with that number for so long. */
export const AGENT_PIN_TRIES = 5;
export const AGENT_PIN_LOCK_MS = 15 * 60_000;

/** Signs the agent of this phone in, or out. */
export async function signInOrOut(
  s: CallServices,
  call: Call,
  extension: ExtensionId,
): Promise<Stage> {
  const agent = s.roster.agentAt(extension);
  if (agent !== undefined) return result(s.roster.signOut(agent), 'signed-out');
  const who = await call.scope.run('sign in', (scope) => identify(scope, s, call, extension));
  if (who === 'locked') return say('conference-pin-locked', 'sign-in-locked');
  if (who === undefined) return say('sign-in-refused', 'sign-in-refused');
  return result(s.roster.signIn(who, extension), 'signed-in');
}

/** Available, or not ready; with one digit: not ready for the reason that has it. More digits are the number of the phone's agent. */
export async function changeAvailability(
  s: CallServices,
  call: Call,
  extension: ExtensionId,
  rest: string,
): Promise<Stage> {
  if (rest.length === 1) return notReadyFor(s, call, extension, rest);
  const agent = s.roster.agentAt(extension);
  if (agent === undefined) return say('nobody-signed-in', 'not-signed-in');
  if (rest !== '' && s.directory.current.agents.get(agent)?.number !== rest)
    return say('not-permitted', 'not-your-number');
  const { state, next } = s.roster.state(agent) ?? {};
  // In a call: what comes after it.
  const goesReady = state === 'not-ready' || state === 'wrap-up' || next === 'not-ready';
  return goesReady
    ? result(s.roster.available(agent), 'available')
    : result(s.roster.notReady(agent, 'phone'), 'not-ready');
}

/** More time for what is done after the last call. */
export function extendWrapUp(s: CallServices, extension: ExtensionId): Stage {
  const agent = s.roster.agentAt(extension);
  return agent === undefined
    ? say('nobody-signed-in', 'not-signed-in')
    : result(s.roster.extendWrapUp(agent), 'wrap-up-longer');
}

/** The only agent whose own phone this is, else whoever gives a number and its PIN. Unknown numbers are locked like others. */
async function identify(
  scope: Scope,
  s: CallServices,
  call: Call,
  extension: ExtensionId,
): Promise<AgentId | 'locked' | undefined> {
  const agents = [...s.directory.current.agents.values()];
  const own = agents.filter((a) => a.extensionId === extension);
  const only = own.length === 1 ? own[0] : undefined;
  if (only !== undefined && s.roster.state(only.id)?.state === 'signed-out') return only.id;
  const number = await askDigits(scope, call, s.prompts.named('enter-agent-number', call), LIMITS);
  const pin = await askDigits(scope, call, s.prompts.named('enter-pin', call), LIMITS);
  const agent = agents.find((a) => a.number === number);
  const verdict = await s.selfService.checkPin({
    kind: 'check-pin',
    entered: pin,
    expected: agent?.pin ?? '',
    subject: `agent ${number}`,
    lockAfter: AGENT_PIN_TRIES,
    lockMs: AGENT_PIN_LOCK_MS,
  });
  if (verdict.kind === 'pin-locked') return 'locked';
  return verdict.kind === 'pin-ok' ? agent?.id : undefined;
}
