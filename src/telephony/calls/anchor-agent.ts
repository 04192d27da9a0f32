import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import type { Stage } from './stage.js';

/** Stages in which whoever is at the phone has nobody and nothing to talk with, or changes the own state. */
const WITHOUT_TALK: ReadonlySet<Stage['kind']> = new Set([
  ...(['desk-code', 'announce', 'goodbye', 'record-prompt', 'ended'] as const),
]);

/** The agent calls somebody of a campaign: that is the preview until somebody answers. */
const isPreview = (stage: Stage): boolean =>
  stage.kind === 'dial-outside' && stage.lead !== undefined;

/** The agent at whose desk phone this call is, and who is busy with it: a call that the phone made, or was given. */
export const agentAtAnchor = (
  roster: Pick<AgentRoster, 'agentAt'>,
  { extensionAtAnchor }: Pick<Call, 'extensionAtAnchor'>,
  stage: Stage,
): AgentId | undefined =>
  extensionAtAnchor === undefined || WITHOUT_TALK.has(stage.kind) || isPreview(stage)
    ? undefined
    : roster.agentAt(extensionAtAnchor);

/** Whose wrap-up follows: of a customer whom the agent called for a queue. */
const queueOf = (agent: AgentId, stage: Stage): QueueId | undefined =>
  stage.kind === 'talk' && stage.partner.agentId === agent ? stage.partner.queueId : undefined;

/** Keeps queue calls away from an agent whose own phone is in a call, whatever the call is: to a colleague, a room, a mailbox. */
export class AnchorAgent {
  #agent: AgentId | undefined;

  constructor(
    private readonly roster: Pick<AgentRoster, 'agentAt' | 'engageAgent' | 'talkEnded'>,
    private readonly call: Call,
  ) {}

  /** The call comes into a stage. */
  enter(stage: Stage): void {
    const agent = agentAtAnchor(this.roster, this.call, stage);
    if (this.#agent !== agent) this.#end(this.#agent);
    this.#agent = agent;
    if (agent !== undefined) this.roster.engageAgent(agent, this.call.id, queueOf(agent, stage));
  }

  /** The call is over; it may have come to another phone since its last stage began. */
  leave(): void {
    this.#end(this.#agent);
    const { extensionAtAnchor: phone } = this.call;
    if (phone !== undefined) this.#end(this.roster.agentAt(phone));
  }

  #end(agent: AgentId | undefined): void {
    if (agent !== undefined) this.roster.talkEnded(agent, this.call.id);
  }
}
