import type { MonitorMode } from '../../kernel/call-event.js';
import type { AgentId } from '../../kernel/ids.js';
import type { LiveMonitor } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { agentPath } from './board.js';
import { field, refusalStatus, refusalText, type LivePageParts } from './page-parts.js';
import { MONITOR_MODES, type SteeringAnswer } from './steering.js';

const PATH = '/live/agents/:id/monitor';

/** Hearing an agent's talk from one's own phone: a page, and the content of a dialog. */
export function addMonitorPages(pages: PageRoutes, parts: LivePageParts): void {
  pages.get(PATH, 'calls.monitor', (page) => {
    showForm(page, parts);
  });
  pages.post(PATH, 'calls.monitor', async (page) => {
    const id = page.id<AgentId>();
    const mode = MONITOR_MODES.find((one) => one === field(page, 'mode')) ?? 'listen';
    const extension = field(page, 'extension').trim();
    const result = await parts.service.monitor(page.actor, id, { extension, mode });
    await answer(page, parts, result, `live-queues.monitor.asked.${mode}`, extension);
  });
  pages.post(`${PATH}/stop`, 'calls.monitor', async (page) => {
    const extension = field(page, 'extension').trim();
    const result = await parts.service.stopMonitor(page.actor, page.id<AgentId>(), extension);
    await answer(page, parts, result, 'live-queues.monitor.asked.stop', extension);
  });
}

async function answer(
  page: PageContext,
  parts: LivePageParts,
  result: SteeringAnswer,
  message: string,
  phone: string,
): Promise<void> {
  if (result.ok)
    await page.redirect('/live/agents', { message, params: { who: result.who, phone } });
  else {
    const name = 'field' in result ? result.field : 'extension';
    showForm(page, parts, { [name]: refusalText(page, result) }, refusalStatus(result));
  }
}

/** The phone that hears this agent for this user, or rings to. */
const monitorOf = (page: PageContext, parts: LivePageParts): LiveMonitor | undefined =>
  parts.live.current?.calls
    .flatMap(({ monitors = [] }) => monitors)
    .find((one) => one.agentId === page.id<AgentId>() && one.by === page.actor.name);

/** Where the user sits: signed in, or by configuration; '' where neither is known. */
function ownPhone({ actor }: PageContext, parts: LivePageParts): string {
  const { agentId } = actor;
  if (agentId === undefined) return '';
  const { agents, extensions } = parts.directory.current;
  const now = parts.live.current?.agents.find(({ id }) => id === agentId);
  const own = agents.get(agentId)?.extensionId;
  return now?.extension || (own === undefined ? '' : (extensions.get(own)?.number ?? ''));
}

function showForm(
  page: PageContext,
  parts: LivePageParts,
  problem: Readonly<Record<string, string>> = {},
  status = 200,
): void {
  const { name, now } = parts.service.agent(page.actor, page.id<AgentId>());
  const running = monitorOf(page, parts);
  const chosen = field(page, 'mode') || (running?.mode ?? 'listen');
  const data = {
    title: page.t('live-queues.monitor.title', { name }),
    crumbs: [{ label: page.t('live-queues.agents.title'), href: '/live/agents' }],
    styles: ['live', 'live-queue'],
    name,
    path: `${agentPath(page.id<AgentId>())}/monitor`,
    address: page.req.originalUrl,
    isPartial: page.isPartial,
    isTalking: now?.state === 'talking',
    running: running && { ...running, says: monitorText(page, running) },
    extension: field(page, 'extension') || running?.extension || ownPhone(page, parts),
    modes: MONITOR_MODES.map((value) => ({
      value,
      label: page.t(`live-queues.monitor.${value}`),
      help: page.t(`live-queues.monitor.${value}.help`, { name }),
      isChosen: value === chosen,
    })),
    problem,
  };
  if (page.isPartial) page.renderPartial('live-queues/monitor', data, status);
  else page.render('live-queues/monitor', data, status);
}

/** What a monitor does, in words: `Ines Holm listens, 2009`. */
export const monitorText = (
  { t }: Pick<PageContext, 't'>,
  { by, extension, mode, isRinging }: LiveMonitor,
): string => {
  const what: MonitorMode | 'rings' = isRinging ? 'rings' : mode;
  return t(`live-queues.monitor.now.${what}`, { by, phone: extension });
};
