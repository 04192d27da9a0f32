import type { ExtensionId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage } from '../../calls/stage.js';
import type { NotReadyReasonConfig } from '../../directory.js';
import { done, keyMedia, result, say, sayMedia } from './saying.js';

/** Not ready for the reason with this digit, of those that the agent's page offers, too: its name is said, else what there is. */
export async function notReadyFor(
  s: CallServices,
  call: Call,
  extension: ExtensionId,
  digit: string,
): Promise<Stage> {
  const reasons = reasonsWithKeys(s);
  const reason = reasons.find((one) => one.digit === digit);
  if (reason === undefined) {
    await sayMedia(call, await listMedia(s, call, reasons));
    return done('unknown-code');
  }
  const agent = s.roster.agentAt(extension);
  if (agent === undefined) return say('nobody-signed-in', 'not-signed-in');
  const answer = s.roster.notReady(agent, reason.code);
  if (!answer.ok) return result(answer, 'not-ready');
  await sayMedia(call, [
    ...(await nameMedia(s, call, reason)),
    ...s.prompts.named('not-ready', call),
  ]);
  return done('not-ready');
}

/** Reasons that can be chosen on a phone, in their order. */
const reasonsWithKeys = (s: CallServices): readonly NotReadyReasonConfig[] =>
  [...s.directory.current.notReadyReasons.values()].filter(
    (one) => one.digit !== '' && one.isActive && one.agentsMayChoose,
  );

/** A reason's name: its prompt, else spoken in the language of the phone; nothing where there is no voice. */
async function nameMedia(
  s: CallServices,
  call: Call,
  { prompt, names }: NotReadyReasonConfig,
): Promise<readonly string[]> {
  const recorded = prompt === undefined ? [] : s.prompts.of(prompt, call);
  return recorded.length > 0 ? recorded : s.prompts.text(names[call.language], call);
}

/** The keys and what they choose. */
async function listMedia(
  s: CallServices,
  call: Call,
  reasons: readonly NotReadyReasonConfig[],
): Promise<readonly string[]> {
  if (reasons.length === 0) return s.prompts.named('no-reason-keys', call);
  const items = await Promise.all(
    reasons.map(async (reason) => [
      ...keyMedia(s, call, reason.digit),
      ...(await nameMedia(s, call, reason)),
    ]),
  );
  return [...s.prompts.named('unknown-reason', call), ...items.flat()];
}
