import type { AgentId } from '../../../kernel/ids.js';
import type { LiveSnapshot } from '../../../telephony/live.js';
import type {
  LiveTopic,
  LiveTopicFamily,
  LiveValue,
  LiveValues,
  LiveViewer,
} from '../../../web/kit/index.js';
import { agentListValues } from '../agent-values.js';
import type { BoardSources } from '../board.js';

const PREFIX = 'agent-day:';
const ACCESS = 'live.read';
/** What is drawn from the ledger is drawn again at least so often: the day goes on. */
const DRAW_MS = 60_000;

export const dayTopicName = (id: AgentId): string => `${PREFIX}${String(id)}`;

/** An agent now, above the day, and a revision that changes when the day is to be drawn again. */
export function agentNowValues(
  id: AgentId,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
  viewer: LiveViewer,
): LiveValues {
  const agent = snapshot?.agents.find((one) => one.id === id);
  const at = snapshot?.at ?? 0;
  if (agent === undefined) return { isKnown: false, ...phoneValues('', snapshot, viewer), rev: '' };
  return {
    isKnown: true,
    ...agentListValues([agent], { snapshot, sources }, viewer),
    ...phoneValues(agent.extension, snapshot, viewer),
    rev: [
      ...[agent.state, agent.since, agent.reason, agent.forced?.why ?? ''],
      ...[agent.queues.join(','), Math.floor(at / DRAW_MS)],
    ].join(' '),
  };
}

function phoneValues(
  extension: string,
  snapshot: LiveSnapshot | undefined,
  { t }: LiveViewer,
): Record<string, LiveValue> {
  if (extension === '')
    return { phone: t('live-queues.day.no-phone'), phoneIcon: 'circle-dashed', phoneTone: 'off' };
  const isRegistered = snapshot?.extensions.some(
    ({ number, registered }) => number === extension && registered,
  );
  return isRegistered === true
    ? {
        phone: t('live-queues.day.phone-registered', { extension }),
        phoneIcon: 'circle-check',
        phoneTone: 'available',
      }
    : {
        phone: t('live-queues.day.phone-lost', { extension }),
        phoneIcon: 'plug-connected-x',
        phoneTone: 'alarm',
      };
}

/** What the pages of agents' days follow. */
export const agentDayTopics = (
  sources: BoardSources,
  onChange: (listener: () => void) => () => void,
): LiveTopicFamily => ({
  prefix: PREFIX,
  topic: (rest): LiveTopic | undefined => {
    const id = Number(rest) as AgentId;
    if (!sources.directory.current.agents.has(id)) return undefined;
    return {
      name: `${PREFIX}${rest}`,
      access: ACCESS,
      sharedBy: () => 'all',
      values: (snapshot, viewer) => agentNowValues(id, snapshot, sources, viewer),
      onChange,
    };
  },
  onChange,
});
