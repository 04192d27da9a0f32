import { explainAgent, explainCall, previewOffer, type Why } from '../../engines/acd/explain.js';
import type { DeskAnswer, DeskCommand, DeskRefusal, Explanation } from '../live.js';
import type { CallServices } from './services.js';

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };
/** Priorities go from 0 to this. */
const MAX_PRIORITY = 100;
/** A caller waits at most so long for one agent. */
const MAX_STICKY_MS = 30 * 60_000;

/** What a supervisor does in a line, and what pages ask of the distribution. */
export type SteeringCommand = Extract<
  DeskCommand,
  {
    kind:
      | 'steer-priority'
      | 'steer-to-agent'
      | 'steer-to-queue'
      | 'agent-force'
      | 'preview-offer'
      | 'explain-agent'
      | 'explain-call';
  }
>;

type SteeringParts = Pick<CallServices, 'clock' | 'roster'> & {
  readonly directory: Pick<CallServices['directory'], 'current'>;
};

/** Carries out what supervisors ask of lines and agents; nothing of it waits. */
export function steer(s: SteeringParts, command: SteeringCommand): DeskAnswer {
  const { acd } = s.roster;
  const at = s.clock.now();
  switch (command.kind) {
    case 'steer-priority': {
      if (acd.engine.waiter(command.callId) === undefined) return refuse('not-in-line');
      const priority = Math.min(MAX_PRIORITY, Math.max(0, Math.round(command.priority)));
      acd.handle({ kind: 'call-changed', call: command.callId, priority, at });
      return DONE;
    }
    case 'steer-to-agent': {
      if (acd.engine.waiter(command.callId) === undefined) return refuse('not-in-line');
      if (acd.agent(command.agentId) === undefined) return refuse('unknown-agent');
      const until = at + Math.min(MAX_STICKY_MS, Math.max(0, command.forMs));
      const sticky = { agent: command.agentId, until };
      acd.handle({ kind: 'call-changed', call: command.callId, sticky, at });
      return DONE;
    }
    case 'steer-to-queue':
      if (!s.directory.current.queues.has(command.queueId)) return refuse('unknown-queue');
      return acd.tell(command.callId, { kind: 'steered', queue: command.queueId })
        ? DONE
        : refuse('not-in-line');
    case 'agent-force':
      return s.roster.force(command.agentId, command);
    case 'preview-offer':
      if (!s.directory.current.queues.has(command.queueId)) return refuse('unknown-queue');
      return answer(
        previewOffer(
          acd.engine,
          {
            queue: command.queueId,
            requirements: command.requirements,
            waitedMs: command.waitedMs ?? 0,
            rule: command.rule,
          },
          at,
        ),
      );
    case 'explain-agent':
      if (acd.agent(command.agentId) === undefined) return refuse('unknown-agent');
      return answer(explainAgent(acd.engine, command.agentId, at));
    case 'explain-call':
      if (acd.engine.waiter(command.callId) === undefined) return refuse('not-in-line');
      return answer(explainCall(acd.engine, command.callId, at));
  }
}

const answer = (lines: readonly Why[]): DeskAnswer => ({
  ok: true,
  explanations: lines.map(({ agent, queue, isOffered, reasons }): Explanation => ({
    ...(agent === undefined ? {} : { agentId: agent }),
    ...(queue === undefined ? {} : { queueId: queue }),
    ...(isOffered === undefined ? {} : { isOffered }),
    reasons,
  })),
});
