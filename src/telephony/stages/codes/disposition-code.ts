import type { ExtensionId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage } from '../../calls/stage.js';
import type { DispositionConfig } from '../../directory.js';
import { done, keyMedia, say, sayMedia } from './saying.js';

/** What the agent's call came to, by the key of a disposition: its name is said, else the keys that there are. */
export async function chooseDisposition(
  s: CallServices,
  call: Call,
  extension: ExtensionId,
  key: string,
): Promise<Stage> {
  const agent = s.roster.agentAt(extension);
  if (agent === undefined) return say('nobody-signed-in', 'not-signed-in');
  const choice = await s.phoneDispositions.choose(agent, key);
  switch (choice.kind) {
    case 'no-call':
      return say('no-call-to-wrap-up', 'no-call-to-wrap-up');
    case 'failed':
      return say('not-possible-now', 'not-kept');
    case 'unknown-key':
      await sayMedia(call, await listMedia(s, call, choice.offered));
      return done('unknown-code');
    case 'chosen':
      await sayMedia(call, [
        ...(await nameMedia(s, call, choice.disposition)),
        ...s.prompts.named('disposition-chosen', call),
      ]);
      return done('disposition-chosen');
  }
}

/** A name, spoken in the language of the phone; nothing where there is no voice. */
const nameMedia = (
  s: CallServices,
  call: Call,
  { names }: DispositionConfig,
): Promise<readonly string[]> => s.prompts.text(names[call.language], call);

/** The keys and what they choose. */
async function listMedia(
  s: CallServices,
  call: Call,
  offered: readonly DispositionConfig[],
): Promise<readonly string[]> {
  if (offered.length === 0) return s.prompts.named('no-disposition-keys', call);
  const items = await Promise.all(
    offered.map(async (one) => [
      ...keyMedia(s, call, one.phoneKey ?? ''),
      ...(await nameMedia(s, call, one)),
    ]),
  );
  return [...s.prompts.named('unknown-disposition', call), ...items.flat()];
}
