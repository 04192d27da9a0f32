import type { AgentId, ExtensionId } from '../../kernel/ids.js';
import type { QueueOption, VersionedStore } from '../configuration/index.js';
import type { SkillOption } from '../skills/index.js';
import type { AgentDraft, AgentSort, StoredAgent } from './agent.js';

/** An extension that can be an agent's own, with the names of the agents whose own it is. */
export interface ExtensionOption {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
  readonly agents: readonly { readonly id: AgentId; readonly name: string }[];
}

/**
 * Agents with their queues, skills and accounts: one row each in `agents` and `users`, written and archived together. An
 * administrator's account is never archived with the agent. Changing queues raises their versions, because their pages
 * show the members.
 */
export interface AgentStore extends VersionedStore<AgentId, AgentDraft, StoredAgent, AgentSort> {
  extensionOptions(): Promise<readonly ExtensionOption[]>;
  queueOptions(): Promise<readonly QueueOption[]>;
  skillOptions(): Promise<readonly SkillOption[]>;
}
