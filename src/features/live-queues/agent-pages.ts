import { can } from '../../kernel/actor.js';
import type { AgentId } from '../../kernel/ids.js';
import { AGENT_LOOKS, formatWhen, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { reasonName } from '../not-ready-reasons/index.js';
import { AGENT_GROUPINGS, agentGroups } from './agent-groups.js';
import { agentQuery, isNarrowed, readAgentFilter, withAgents } from './agent-filter.js';
import { AGENT_ORDER } from './agent-values.js';
import { agentPath } from './board.js';
import { rightsOf } from './live-queue-service.js';
import {
  field,
  idsIn,
  readValues,
  refusalStatus,
  refusalText,
  wantsJson,
  type LivePageParts,
} from './page-parts.js';
import { agentBoardValues, agentsTopicName } from './topics.js';

const PATH = '/live/agents';
const STYLES = ['live', 'live-queue'];
/** Pages from which an agent's state is forced; anything else leads back to the list of agents. */
const BACK = /^\/live\/(agents(\/\d{1,9})?|queues\/\d{1,9})$/;

/** What was refused, with what was typed. */
interface Problem {
  readonly field: string;
  readonly text: string;
}

/** The list of agents, and forcing their states. */
export function addAgentPages(pages: PageRoutes, parts: LivePageParts): void {
  pages.get(PATH, 'live.read', (page) => showAgents(page, parts));
  pages.get(`${PATH}/:id/state`, 'agents.force-state', (page) => {
    showForm(page, parts);
  });
  pages.post(`${PATH}/:id/state`, 'agents.force-state', (page) => force(page, parts));
}

async function showAgents(page: PageContext, parts: LivePageParts): Promise<void> {
  const filter = readAgentFilter(page.query);
  const { grouping } = filter;
  const values = await readValues(parts, () =>
    agentBoardValues(grouping, withAgents(parts.live.current, filter), parts.sources, page),
  );
  const { queues } = parts.directory.current;
  page.render('live-queues/agents', {
    title: page.t('live-queues.agents.title'),
    styles: STYLES,
    scripts: ['live-queue'],
    topic: agentsTopicName(filter),
    filter,
    isNarrowed: isNarrowed(filter),
    states: AGENT_ORDER.map((state) => ({ value: state, label: page.t(AGENT_LOOKS[state].label) })),
    queues: [...queues.values()]
      .map(({ id, name }) => ({ value: String(id), label: name }))
      .sort((a, b) => a.label.localeCompare(b.label)),
    mayWrite: can(page.actor, 'messages.send'),
    values,
    back: PATH,
    madeAt: formatWhen(parts.clock.now(), 'seconds', page),
    ...rightsOf(page.actor),
    agentIds: idsIn(values['agents']),
    groupings: AGENT_GROUPINGS.map((name) => ({
      label: page.t(`live-queues.group.by-${name}`),
      href: pathWith(agentQuery({ ...filter, grouping: name })),
      on: name === grouping,
    })),
    groups: agentGroups(grouping, parts.sources, page).map(({ key }) => ({
      key,
      agentIds: idsIn(values[`group:${key}`]),
    })),
  });
}

const pathWith = (query: string): string => (query === '' ? PATH : `${PATH}?${query}`);

async function force(page: PageContext, parts: LivePageParts): Promise<void> {
  const id = page.id<AgentId>();
  const result = await parts.service.force(page.actor, id, {
    state: field(page, 'state'),
    why: field(page, 'why'),
  });
  const text = result.ok ? '' : refusalText(page, result);
  const status = result.ok ? 200 : refusalStatus(result);
  if (wantsJson(page)) page.res.status(status).json({ ok: result.ok, text });
  else if (result.ok)
    await page.redirect(backFrom(page), {
      message: 'live-queues.asked.state',
      params: { who: result.who },
    });
  else showForm(page, parts, { field: 'field' in result ? result.field : '', text }, status);
}

const backFrom = (page: PageContext): string => {
  const back = field(page, 'back') || (page.query['back'] ?? '');
  return BACK.test(back) ? back : PATH;
};

function showForm(page: PageContext, parts: LivePageParts, problem?: Problem, status = 200): void {
  const id = page.id<AgentId>();
  const { name, now } = parts.service.agent(page.actor, id);
  const { notReadyReasons } = parts.directory.current;
  const reasonOptions = parts.service.forcedReasons().map((code) => ({
    value: `not-ready:${code}`,
    label: page.t('live-queues.force.not-ready', {
      reason: reasonName(page, notReadyReasons, code),
    }),
  }));
  const data = {
    title: page.t('live-queues.force.title', { name }),
    crumbs: [{ label: page.t('live-queues.agents.title'), href: PATH }],
    styles: STYLES,
    name,
    agentId: id,
    state: now ? page.t(AGENT_LOOKS[now.state].label) : '',
    isTalking: now?.state === 'talking',
    path: agentPath(id),
    address: page.req.originalUrl,
    isPartial: page.isPartial,
    back: backFrom(page),
    options: [
      { value: 'available', label: page.t('state.available') },
      ...reasonOptions,
      { value: 'signed-out', label: page.t('state.signed-out') },
    ],
    chosen:
      field(page, 'state') ||
      page.query['to'] ||
      `not-ready:${parts.service.forcedReasons()[0] ?? ''}`,
    why: field(page, 'why'),
    problem: problem && { [problem.field === '' ? 'form' : problem.field]: problem.text },
  };
  if (page.isPartial) page.renderPartial('live-queues/force', data, status);
  else page.render('live-queues/force', data, status);
}
