import { can } from '../../kernel/actor.js';
import {
  listHref,
  listView,
  parseForm,
  readList,
  sendCsv,
  type ListRequest,
  type PageContext,
  type PageRoutes,
  type Toast,
} from '../../web/kit/index.js';
import { AppError } from '../../kernel/errors.js';
import type { Clock } from '../../kernel/clock.js';
import type { ExtensionId, QueueId } from '../../kernel/ids.js';
import type { BoxOwner } from '../../telephony/mailboxes.js';
import {
  remarkSchema,
  VOICEMAIL_SORTS,
  VOICEMAIL_STATES,
  type VoicemailQuery,
  type VoicemailSort,
} from './voicemail.js';
import { csvHeader, csvMessage } from './voicemail-csv.js';
import type { VoicemailService } from './voicemail-service.js';

const PATH = '/voicemail';
const ACCESS = 'voicemail.read';
const EXPORT_PATH = `${PATH}/export.csv`;

const COLUMNS = [
  { label: 'voicemail.column.from', sort: 'from' },
  { label: 'voicemail.column.box' },
  { label: 'voicemail.column.left', sort: 'left' },
  { label: 'voicemail.column.message' },
  { label: 'voicemail.column.remark' },
  { label: '' },
] as const;

/** The list of messages and what can be done with one. */
export function addVoicemailPages(
  pages: PageRoutes,
  { service, clock }: { readonly service: VoicemailService; readonly clock: Clock },
): void {
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
  for (const [name, isSo, message] of [
    ['handle', true, 'voicemail.handled'],
    ['reopen', false, 'voicemail.reopened'],
  ] as const)
    action(
      name,
      (page, id) => service.handle(page.actor, id, isSo),
      () => ({ message }),
    );
  for (const [name, isSo, message] of [
    ['keep', true, 'voicemail.kept'],
    ['release', false, 'voicemail.released'],
  ] as const)
    action(
      name,
      (page, id) => service.keep(page.actor, id, isSo),
      () => ({ message }),
    );
  pages.post(`${PATH}/:id/call-back`, ACCESS, async (page) => {
    const answer = await service.callBack(page.actor, page.param('id'));
    await page.redirect(
      backTo(page),
      answer.ok
        ? { message: 'voicemail.calling-back' }
        : {
            message: 'voicemail.call-back-refused',
            params: { reason: page.t(`desk.refused.${answer.code}`, { detail: answer.detail }) },
          },
    );
  });
  pages.get(EXPORT_PATH, ACCESS, async (page) => {
    const head = csvHeader(page.t);
    await sendCsv(page, { name: 'voicemail', head, at: clock.now() }, async (write) => {
      await service.each(page.actor, queryOf(readMessages(page)), (messages) =>
        write(messages.map((message) => csvMessage(message, page)).join('')),
      );
    });
  });
}

/** The list that the form was on, with its search and page; nowhere else. */
function backTo(page: PageContext): string {
  const back = page.body['back'];
  const query = typeof back === 'string' && back.startsWith(`${PATH}?`) ? back : PATH;
  return /^[\x21-\x7e]+$/.test(query) ? query : PATH;
}

const readMessages = (page: PageContext): ListRequest<VoicemailSort> =>
  readList(page, {
    path: PATH,
    sorts: VOICEMAIL_SORTS,
    defaultSort: '-left',
    filters: ['state', 'box', 'archived'],
  });

/** What the query string asks for; what makes no sense narrows nothing. */
function queryOf(request: ListRequest<VoicemailSort>): VoicemailQuery {
  const { state, box = '', archived = '' } = request.filters;
  return {
    ...request,
    state: VOICEMAIL_STATES.find((known) => known === state),
    box: boxNamed(box),
    archived: archived !== '',
  };
}

/** `queue:3` */
function boxNamed(text: string): BoxOwner | undefined {
  const [, kind, id] = /^(extension|queue):([1-9]\d{0,8})$/.exec(text) ?? [];
  if (kind === 'extension') return { kind, id: Number(id) as ExtensionId };
  return kind === 'queue' ? { kind, id: Number(id) as QueueId } : undefined;
}

async function showList(page: PageContext, service: VoicemailService): Promise<void> {
  const request = readMessages(page);
  const [found, newCount, boxes] = await Promise.all([
    service.list(page.actor, queryOf(request)),
    service.countNew(page.actor),
    service.boxes(page.actor),
  ]);
  const hasPhone = service.canCallBack(page.actor);
  const rows = found.rows.map((message) => ({
    ...message,
    canCallBack: hasPhone && message.fromNumber !== '',
  }));
  page.render('voicemail/list', {
    title: page.t('voicemail.title'),
    styles: ['calls'],
    list: listView(request, { ...found, rows }, COLUMNS),
    back: page.req.originalUrl,
    newCount,
    isScoped: !can(page.actor, 'calls.read'),
    exportHref: listHref({ ...request, options: { ...request.options, path: EXPORT_PATH } }, {}),
    states: VOICEMAIL_STATES.map((value) => ({
      value,
      label: page.t(`voicemail.state.${value}`),
    })),
    boxes: boxes.map(({ owner, name }) => ({
      value: `${owner.kind}:${String(owner.id)}`,
      label: page.t(`voicemail.box.${owner.kind}`, { name }),
    })),
  });
}
