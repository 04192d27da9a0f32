import type { AgentId, ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { askDigits } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { DeskAnswer } from '../live.js';
import type { SystemPromptName } from '../system-prompts.js';

/** Keys on the desk phone that do what the agent's page does. */
export const DESK_CODES = {
  /** Signs the agent of this phone in, or out. */
  signInOut: '*11',
  /** Available, or not ready. With the digit of a not-ready reason behind it: not ready for this reason. */
  availability: '*12',
} as const;
const REASON_CODE = /^\*12([0-9])$/;

const LIMITS = { max: 10, timeoutMs: 8_000 } as const;

/** An agent dials a code on a desk phone: it is done, and said. */
export async function deskCodeStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'desk-code'>,
): Promise<Stage> {
  const extension = call.facts.extensionId;
  if (extension === undefined) return say('unknown-number', 'unknown-code');
  await call.answer();
  switch (stage.code) {
    case DESK_CODES.signInOut: {
      const agent = s.roster.agentAt(extension);
      if (agent !== undefined) return result(s.roster.signOut(agent), 'signed-out');
      const who = await call.scope.run('sign in', (scope) => identify(scope, s, call, extension));
      if (who === undefined) return say('sign-in-refused', 'sign-in-refused');
      return result(s.roster.signIn(who, extension), 'signed-in');
    }
    case DESK_CODES.availability: {
      const agent = s.roster.agentAt(extension);
      if (agent === undefined) return say('sign-in-refused', 'not-signed-in');
      const state = s.roster.state(agent);
      const goesReady = state?.state === 'not-ready' || state?.state === 'wrap-up';
      return goesReady
        ? result(s.roster.available(agent), 'available')
        : result(s.roster.notReady(agent, 'phone'), 'not-ready');
    }
    default:
      return notReadyFor(s, extension, REASON_CODE.exec(stage.code)?.[1]);
  }
}

/** Not ready for the reason with this digit: those that the agent's page offers, too. */
function notReadyFor(s: CallServices, extension: ExtensionId, digit: string | undefined): Stage {
  const reason = [...s.directory.current.notReadyReasons.values()].find(
    (one) => one.digit === digit && one.isActive && one.agentsMayChoose,
  );
  if (digit === undefined || reason === undefined) return say('unknown-number', 'unknown-code');
  const agent = s.roster.agentAt(extension);
  if (agent === undefined) return say('sign-in-refused', 'not-signed-in');
  return result(s.roster.notReady(agent, reason.code), 'not-ready');
}

/** The only agent whose own phone this is, else whoever gives a number and its PIN. */
async function identify(
  scope: Scope,
  s: CallServices,
  call: Call,
  extension: ExtensionId,
): Promise<AgentId | undefined> {
  const agents = [...s.directory.current.agents.values()];
  const own = agents.filter((a) => a.extensionId === extension);
  const only = own.length === 1 ? own[0] : undefined;
  if (only !== undefined && s.roster.state(only.id)?.state === 'signed-out') return only.id;
  const number = await askDigits(scope, call, s.prompts.named('enter-agent-number', call), LIMITS);
  const pin = await askDigits(scope, call, s.prompts.named('enter-pin', call), LIMITS);
  const agent = agents.find((a) => a.number === number);
  return agent !== undefined && agent.pin !== '' && agent.pin === pin ? agent.id : undefined;
}

function result(answer: DeskAnswer, done: SystemPromptName): Stage {
  if (answer.ok) return say(done, done);
  return say(
    answer.code === 'extension-taken' ? 'extension-taken' : 'sign-in-refused',
    answer.code,
  );
}

function say(prompt: SystemPromptName, reason: string): Stage {
  return { kind: 'announce', prompt, then: ended('contained', 'system', 16, reason) };
}
