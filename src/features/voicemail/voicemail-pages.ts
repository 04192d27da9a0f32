import { can } from '../../kernel/actor.js';
import {
  listView,
  PageRoutes,
  parseForm,
  readList,
  type PageContext,
  type Toast,
} from '../../web/kit/index.js';
import { AppError } from '../../kernel/errors.js';
import { remarkSchema, VOICEMAIL_SORTS } from './voicemail.js';
import type { VoicemailService } from './voicemail-service.js';

const PATH = '/voicemail';
const ACCESS = 'voicemail.read';

const COLUMNS = [
  { label: 'voicemail.column.from', sort: 'from' },
  { label: 'voicemail.column.box' },
  { label: 'voicemail.column.left', sort: 'left' },
  { label: 'voicemail.column.message' },
  { label: 'voicemail.column.remark' },
  { label: '' },
] as const;

/** The list of messages and what can be done with one. */
export function voicemailPages(service: VoicemailService): PageRoutes {
  const pages = new PageRoutes();
  const action = (
    name: string,
    act: (page: PageContext, id: string) => Promise<void>,
    toast: (id: string) => Toast | undefined,
  ): void => {
    pages.post(`${PATH}/:id/${name}`, ACCESS, async (page) => {
      const id = page.param('id');
      await act(page, id);
      await page.redirect(backTo(page), toast(id));
    });
  };
  pages.get(PATH, ACCESS, (page) => showList(page, service));
  action(
    'heard',
    (page, id) => service.markHeard(page.actor, id, true),
    () => undefined,
  );
  action(
    'new',
    (page, id) => service.markHeard(page.actor, id, false),
    () => undefined,
  );
  action(
    'remark',
    (page, id) => {
      const parsed = parseForm(remarkSchema, page.body);
      if (!parsed.ok) throw new AppError('invalid-fields', 'remark', parsed.problems);
      return service.remark(page.actor, id, parsed.values.remark);
    },
    () => ({ message: 'voicemail.remark-saved' }),
  );
  action(
    'archive',
    (page, id) => service.archive(page.actor, id),
    (id) => ({ message: 'voicemail.archived', undo: `${PATH}/${id}/restore` }),
  );
  action(
    'restore',
    (page, id) => service.restore(page.actor, id),
    () => ({ message: 'voicemail.restored' }),
  );
  return pages;
}

/** The list that the form was on, with its search and page; nowhere else. */
function backTo(page: PageContext): string {
  const back = page.body['back'];
  const query = typeof back === 'string' && back.startsWith(`${PATH}?`) ? back : PATH;
  return /^[\x21-\x7e]+$/.test(query) ? query : PATH;
}

async function showList(page: PageContext, service: VoicemailService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: VOICEMAIL_SORTS,
    defaultSort: '-left',
    filters: ['state', 'archived'],
  });
  const state = (['new', 'heard'] as const).find((known) => known === request.filters['state']);
  const archived = (request.filters['archived'] ?? '') !== '';
  const found = await service.list(page.actor, { ...request, state, archived });
  page.render('voicemail/list', {
    title: page.t('voicemail.title'),
    styles: ['calls'],
    list: listView(request, found, COLUMNS),
    back: page.req.originalUrl,
    newCount: await service.countNew(page.actor),
    isScoped: !can(page.actor, 'calls.read'),
    states: (['new', 'heard'] as const).map((value) => ({
      value,
      label: page.t(`voicemail.state.${value}`),
    })),
  });
}
