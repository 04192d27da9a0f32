import { explainAgent, explainCall, previewOffer, type Why } from '../../engines/acd/explain.js';
import type { QueueId } from '../../kernel/ids.js';
import type { DeskAnswer, DeskCommand, DeskRefusal, Explanation } from '../live.js';
import type { LineNews } from './acd-runner.js';
import type { CallServices } from './services.js';

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };
/** Priorities go from 0 to this. */
const MAX_PRIORITY = 100;
/** A caller waits at most so long for one agent. */
export const MAX_STICKY_MS = 30 * 60_000;

/** What a supervisor does in a line, and what pages ask of the distribution. */
export type SteeringCommand = Extract<
  DeskCommand,
  {
    kind:
      | 'steer-priority'
      | 'steer-to-agent'
      | 'steer-to-queue'
      | 'queue-change'
      | 'queue-undo'
      | 'queue-announce'
      | 'queue-send-on'
      | 'agent-force'
      | 'preview-offer'
      | 'explain-agent'
      | 'explain-call';
  }
>;

type SteeringParts = Pick<CallServices, 'clock' | 'roster' | 'queueChanges'> & {
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
      acd.tell(command.callId, { kind: 'changed', priority });
      return DONE;
    }
    case 'steer-to-agent': {
      if (acd.engine.waiter(command.callId) === undefined) return refuse('not-in-line');
      if (acd.agent(command.agentId) === undefined) return refuse('unknown-agent');
      const until = at + Math.min(MAX_STICKY_MS, Math.max(0, command.forMs));
      const sticky = { agent: command.agentId, until };
      acd.handle({ kind: 'call-changed', call: command.callId, sticky, at });
      acd.tell(command.callId, { kind: 'changed', sticky });
      return DONE;
    }
    case 'steer-to-queue':
      if (!s.directory.current.queues.has(command.queueId)) return refuse('unknown-queue');
      return acd.tell(command.callId, { kind: 'steered', queue: command.queueId })
        ? DONE
        : refuse('not-in-line');
    case 'queue-change':
      return changeQueue(s, command);
    case 'queue-undo':
      s.queueChanges.undo(command.key);
      return DONE;
    case 'queue-announce': {
      const { promptId: prompt } = command;
      if (!s.directory.current.prompts.has(prompt)) return refuse('unknown-prompt');
      return tellLine(s, command.queueId, { kind: 'announce', prompt });
    }
    case 'queue-send-on':
      return tellLine(s, command.queueId, { kind: 'send-on', reason: SENT_ON });
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

/** Why a call left a queue that a supervisor emptied. */
const SENT_ON = 'sent-on-by-supervisor';

function changeQueue(
  s: SteeringParts,
  { queueId, change, until, by, why }: Extract<DeskCommand, { kind: 'queue-change' }>,
): DeskAnswer {
  const { queues, agents } = s.directory.current;
  const queue = queues.get(queueId);
  const at = s.clock.now();
  if (queue === undefined) return refuse('unknown-queue');
  if (until !== undefined && until <= at) return refuse('time-has-passed');
  if (change.kind === 'helper') {
    if (!agents.has(change.agentId)) return refuse('unknown-agent');
    const isHelper = s.queueChanges
      .of(queueId)
      .some((one) => one.kind === 'helper' && one.agentId === change.agentId);
    if (queue.members.includes(change.agentId) && !isHelper) return refuse('already-member');
  }
  s.queueChanges.make({
    ...change,
    ...{ queueId, at, by, why },
    ...(until === undefined ? {} : { until }),
  });
  return DONE;
}

/** Tells everybody who is on the line in a queue; those who hung up and keep their place hear nothing. */
function tellLine(s: SteeringParts, queueId: QueueId, news: LineNews): DeskAnswer {
  const { acd } = s.roster;
  if (!s.directory.current.queues.has(queueId)) return refuse('unknown-queue');
  const line = [...(acd.engine.line(queueId)?.everybody ?? [])].filter(
    (waiter) => !waiter.isCallback,
  );
  const callers = line.filter(({ call }) => acd.tell(call, news)).length;
  return callers === 0 ? refuse('nobody-on-the-line') : { ok: true, callers };
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
