import type { RoleName } from '../../kernel/actor.js';
import { POOL_ORDERS } from '../../engines/caller-id/choose.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { AgentId } from '../../kernel/ids.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { LiveView } from '../../telephony/live.js';
import { PageRoutes, someNames, type PageContext } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import { agentTopic } from './agent-live.js';
import type { AgentService } from './agent-service.js';
import type { AgentStore, ExtensionOption } from './agent-store.js';
import {
  AGENT_SORTS,
  agentSchema,
  levelName,
  type AccountCredentials,
  type StoredAgent,
} from './agent.js';

export interface AgentPagesParts {
  readonly service: AgentService;
  readonly store: AgentStore;
  readonly live: LiveView;
  readonly usage: UsageReports;
  readonly country: string;
}

/** The set-up pages of agents: list, form, and the page that shows an account's first password once. */
export function agentPages(parts: AgentPagesParts): PageRoutes {
  const { service } = parts;
  const pages = new PageRoutes();
  pages.post('/setup/agents/:id/password', 'agents.edit', async (page) => {
    const account = await service.renewPassword(page.actor, page.id<AgentId>());
    showAccount(page, account);
  });
  return rowPages(
    {
      name: 'agents',
      permission: 'agents.edit',
      service,
      schema: agentSchema(parts.country),
      list: {
        sorts: AGENT_SORTS,
        defaultSort: 'name',
        filters: ['queue'],
        columns: [
          { label: 'agents.form.name', sort: 'name' },
          { label: 'agents.form.number', sort: 'number' },
          { label: 'agents.column.state' },
          { label: 'agents.form.extension-id' },
          { label: 'agents.form.queues' },
          { label: 'agents.form.login' },
          { label: 'agents.form.role' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, agents) => listRows(page, parts, agents),
        data: async (page) => ({
          styles: ['setup'],
          values: agentTopic.values(parts.live.current, page),
          queues: (await parts.store.queueOptions()).map(({ id, name }) => ({
            value: id,
            label: name,
          })),
        }),
      },
      title: (_page, agent) => agent.name,
      newValues: (page) => ({ role: 'agent', language: page.language, queues: [] }),
      values: (page, agent) => ({
        name: agent.name,
        number: agent.number,
        extensionId: agent.extensionId ?? '',
        callerIds: agent.callerIds.join('\n'),
        callerIdOrder: agent.callerIdOrder,
        outsidePhone: formatNumber(agent.outsidePhone, page.country, page.language),
        queues: agent.queues,
        ...Object.fromEntries(
          [...agent.levels].map(([skill, level]) => [levelName(skill), String(level)]),
        ),
        login: agent.login,
        role: agent.role,
        language: agent.language,
      }),
      data: (page, agent) => editData(page, parts, agent),
      create: (page, values) => service.createAgent(page.actor, values),
      created: (page, account) => {
        showAccount(page, account);
      },
      save: (page, id, version, values) => service.saveAgent(page.actor, id, version, values),
      saved: (page, id, account) =>
        account === undefined
          ? page.redirect(`/setup/agents/${String(id)}`, { message: 'agents.saved' })
          : showAccount(page, account),
      uses: (agent) => parts.usage.ofAgent(agent.id),
    },
    pages,
  );
}

async function listRows(page: PageContext, parts: AgentPagesParts, agents: readonly StoredAgent[]) {
  const [extensions, queues] = await Promise.all([
    parts.store.extensionOptions(),
    parts.store.queueOptions(),
  ]);
  return agents.map((agent) => {
    const extension = extensions.find((option) => option.id === agent.extensionId);
    const others = othersOn(extension, agent.id);
    return {
      number: agent.number,
      extension,
      shared: others === '' ? undefined : page.t('agents.shared', { names: others }),
      queues: someNames(
        queues.filter((queue) => agent.queues.includes(queue.id)).map((queue) => queue.name),
        page.t,
      ),
      login: agent.login,
      role: agent.role,
      updatedAt: agent.updatedAt,
    };
  });
}

/** Names of the other agents whose own phone this is. */
const othersOn = (extension: ExtensionOption | undefined, id: AgentId | undefined): string =>
  (extension?.agents ?? [])
    .filter((agent) => agent.id !== id)
    .map((agent) => agent.name)
    .join(', ');

async function editData(page: PageContext, parts: AgentPagesParts, agent: StoredAgent | undefined) {
  const [extensions, queues, skills] = await Promise.all([
    parts.store.extensionOptions(),
    parts.store.queueOptions(),
    parts.store.skillOptions(),
  ]);
  const roles: readonly RoleName[] =
    agent?.role === 'administrator' ? ['administrator'] : ['agent', 'supervisor'];
  return {
    styles: ['setup'],
    scripts: ['check-filter'],
    values: agentTopic.values(parts.live.current, page),
    extensions: extensions.map((extension) => {
      const names = othersOn(extension, agent?.id);
      const label = `${extension.number} ${extension.name}`;
      return {
        value: extension.id,
        label: names === '' ? label : page.t('agents.extension-of', { extension: label, names }),
      };
    }),
    queues: queues.map((queue) => ({ value: queue.id, label: queue.name })),
    callerIdOrders: POOL_ORDERS.map((value) => ({
      value,
      label: page.t(`agents.caller-id-order.${value}`),
    })),
    skills: skills.map(({ id, name }) => ({ field: levelName(id), name })),
    fieldLabels: Object.fromEntries(skills.map(({ id, name }) => [levelName(id), name])),
    roles: roles.map((role) => ({ value: role, label: page.t(`role.${role}`) })),
    languages: LANGUAGES.map((value) => ({ value, label: page.t(`language.${value}`) })),
    warnings: agent && warnings(page, agent, extensions),
  };
}

function warnings(
  page: PageContext,
  agent: StoredAgent,
  extensions: readonly ExtensionOption[],
): readonly { readonly text: string }[] {
  const extension = extensions.find((option) => option.id === agent.extensionId);
  const names = othersOn(extension, agent.id);
  const found: string[] = [];
  if (names !== '')
    found.push(page.t('agents.warning.shared', { number: extension?.number ?? '', names }));
  if (agent.extensionId === undefined && !agent.hasPin)
    found.push(page.t('agents.warning.no-phone'));
  if (agent.queues.length === 0) found.push(page.t('agents.warning.no-queues'));
  if (agent.userId === undefined) found.push(page.t('agents.warning.no-account'));
  return found.map((text) => ({ text }));
}

/** The only page that ever shows the password. */
function showAccount(page: PageContext, account: AccountCredentials): void {
  page.render('agents/account', {
    title: page.t('agents.account.title', { login: account.login }),
    crumbs: [{ label: page.t('agents.title'), href: '/setup/agents' }],
    styles: ['setup'],
    scripts: ['copy'],
    account,
  });
}
