import { requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId } from '../../kernel/ids.js';

/** The agent that the user works as. Throws `not-allowed` for everybody else. */
export function ownAgent(actor: Actor): AgentId {
  requirePermission(actor, 'workspace.use');
  if (actor.agentId === undefined)
    throw new AppError('not-allowed', 'the user does not work as an agent');
  return actor.agentId;
}
