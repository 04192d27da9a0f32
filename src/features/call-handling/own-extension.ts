import type { Actor } from '../../kernel/actor.js';
import type { Directory, ExtensionConfig } from '../../telephony/directory.js';
import type { LiveView } from '../../telephony/live.js';

/** The phone at which the user works now, else the user's own; undefined for users who have none. */
export function ownExtension(
  { agentId }: Pick<Actor, 'agentId'>,
  directory: Pick<Directory, 'current'>,
  live: Pick<LiveView, 'current'>,
): ExtensionConfig | undefined {
  if (agentId === undefined) return undefined;
  const { agents, extensions, extensionsByNumber } = directory.current;
  const now = live.current?.agents.find((agent) => agent.id === agentId);
  const seat = extensionsByNumber.get(now?.extension ?? '');
  if (seat !== undefined) return seat;
  const own = agents.get(agentId)?.extensionId;
  return own === undefined ? undefined : extensions.get(own);
}
