import type { Clock } from '../../kernel/clock.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveView } from '../../telephony/live.js';
import type { LiveValues, PageContext } from '../../web/kit/index.js';
import type { BoardSources } from './board.js';
import type { LiveQueueReports } from './live-queue-reports.js';
import type { LiveQueueService } from './live-queue-service.js';
import type { Place, SteeringAnswer } from './steering.js';

export { field, idsIn, wantsJson } from '../../web/kit/index.js';

/** What the pages of this feature are made of. */
export interface LivePageParts {
  readonly service: LiveQueueService;
  readonly reports: LiveQueueReports;
  readonly sources: BoardSources;
  /** Waits until what live values ask for in passing was read. */
  readonly ready: () => Promise<void>;
  readonly live: LiveView;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  readonly zone: string;
}

/** Values for a page: asked for once to start the readings, and again when they are there. */
export async function readValues(
  parts: LivePageParts,
  values: () => LiveValues,
): Promise<LiveValues> {
  values();
  await parts.ready();
  return values();
}

/** The place in line that an address names. */
export const placeOf = (page: PageContext): Place => ({
  queueId: page.id<QueueId>(),
  callId: page.param('call'),
});

/** Agents that can be chosen, by name. */
export const agentChoices = (parts: LivePageParts, ids: readonly AgentId[]) =>
  ids
    .flatMap((id) => {
      const agent = parts.directory.current.agents.get(id);
      return agent ? [{ value: String(id), label: agent.name }] : [];
    })
    .sort((a, b) => a.label.localeCompare(b.label));

/** A refusal in the reader's words, about somebody else where the words for the own desk would be wrong. */
export function refusalText(
  page: PageContext,
  answer: Extract<SteeringAnswer, { ok: false }>,
): string {
  if ('problem' in answer) return page.t(answer.problem);
  const detail = answer.detail === '' ? '–' : answer.detail;
  const own = `live-queues.refused.${answer.code}`;
  return page.t(page.hasText(own) ? own : `desk.refused.${answer.code}`, { detail });
}

/** The status of a refusal: 422 for what was typed, 503 where nobody could carry it out, else 409. */
export function refusalStatus(answer: Extract<SteeringAnswer, { ok: false }>): number {
  if ('problem' in answer) return 422;
  return answer.code === 'pbx-offline' || answer.code === 'calls-not-running' ? 503 : 409;
}
