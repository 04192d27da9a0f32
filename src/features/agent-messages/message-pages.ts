import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import type { AgentMessageId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { MessageService } from './message-service.js';
import { messageSchema } from './message.js';

export const MESSAGES_PATH = '/live/messages';
const VIEW = 'agent-messages/list';
const FORM = { prefix: 'agent-messages.form', action: MESSAGES_PATH };

/** Sending messages, those that were sent, and having seen one. */
export function messagePages(
  service: MessageService,
  directory: Pick<Directory, 'current'>,
): PageRoutes {
  const pages = new PageRoutes();
  const data = async (page: PageContext) => {
    const { agents, queues } = directory.current;
    const options = (all: Iterable<{ readonly id: number; readonly name: string }>) =>
      [...all]
        .map(({ id, name }) => ({ value: String(id), label: name }))
        .sort((a, b) => a.label.localeCompare(b.label));
    return {
      title: page.t('agent-messages.title'),
      styles: ['setup'],
      scripts: ['check-filter'],
      agentOptions: options(agents.values()),
      queueOptions: options(queues.values()),
      messages: (await service.latest(page.actor)).map((message) => ({
        ...message,
        state: page.t('agent-messages.seen-of', {
          seen: message.seen,
          count: message.recipients,
        }),
        isSeen: message.seen === message.recipients,
        unseen: message.unseenBy.join(', '),
      })),
    };
  };
  pages.get(MESSAGES_PATH, 'messages.send', async (page) => {
    const agents = page.query['agent'] === undefined ? [] : [page.query['agent']];
    const queues = page.query['queue'] === undefined ? [] : [page.query['queue']];
    const form = formView(FORM, { text: '', agents, queues });
    page.render(VIEW, { ...(await data(page)), form });
  });
  pages.post(MESSAGES_PATH, 'messages.send', (page) =>
    submitForm(page, {
      ...FORM,
      schema: messageSchema,
      view: VIEW,
      data: () => data(page),
      save: (values) => service.send(page.actor, values),
      done: (count) =>
        page.redirect(MESSAGES_PATH, { message: 'agent-messages.sent', params: { count } }),
    }),
  );
  pages.post('/workspace/messages/:id/seen', 'workspace.use', async (page) => {
    await service.seen(page.actor, page.id<AgentMessageId>());
    await page.redirect('/workspace');
  });
  return pages;
}
