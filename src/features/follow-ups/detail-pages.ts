import { can } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import { wallText } from '../../engines/routing/wall-clock.js';
import type { FollowUpId } from '../../kernel/ids.js';
import {
  formView,
  formWithProblems,
  parseForm,
  type FormView,
  type PageContext,
  type PageRoutes,
  type Toast,
} from '../../web/kit/index.js';
import type { z } from 'zod';
import { assigneeSchema, cancelSchema, momentSchema, outcomeSchema, zonesOf } from './booking.js';
import { bookingOptions } from './booking-pages.js';
import type { FollowUpPageParts } from './follow-up-pages.js';
import { lineView } from './follow-up-view.js';
import type { FollowUpLine } from './follow-up.js';

const PATH = '/appointments';
const ACCESS = 'follow-ups.use';
type FormName = 'move' | 'assign' | 'done' | 'cancel';
type Forms = Readonly<Partial<Record<FormName, FormView>>>;

/** One follow-up: what it is, and what can be done with it. */
export function addDetailPages(pages: PageRoutes, parts: FollowUpPageParts): void {
  const { service } = parts;
  pages
    .get(`${PATH}/:id`, ACCESS, async (page) => {
      await showDetail(page, parts, await service.get(page.actor, page.id<FollowUpId>()));
    })
    .post(`${PATH}/:id/move`, ACCESS, (page) =>
      carryOut(page, parts, 'move', momentSchema, 'follow-ups.moved', (id, values) =>
        service.move(page.actor, id, values),
      ),
    )
    .post(`${PATH}/:id/assign`, ACCESS, (page) =>
      carryOut(page, parts, 'assign', assigneeSchema, 'follow-ups.assigned', (id, values) =>
        service.assign(page.actor, id, values),
      ),
    )
    .post(`${PATH}/:id/done`, ACCESS, (page) =>
      carryOut(page, parts, 'done', outcomeSchema, 'follow-ups.is-done', (id, { outcome }) =>
        service.close(page.actor, id, 'done', outcome),
      ),
    )
    .post(`${PATH}/:id/cancel`, ACCESS, (page) =>
      carryOut(page, parts, 'cancel', cancelSchema, 'follow-ups.is-cancelled', (id, { reason }) =>
        service.close(page.actor, id, 'cancelled', reason),
      ),
    )
    .post(`${PATH}/:id/reopen`, ACCESS, async (page) => {
      const id = page.id<FollowUpId>();
      await service.reopen(page.actor, id);
      await page.redirect(`${PATH}/${String(id)}`, { message: 'follow-ups.is-open' });
    });
}

/** The page again where something is wrong or somebody else was quicker; else a notice. */
async function carryOut<S extends z.ZodType>(
  page: PageContext,
  parts: FollowUpPageParts,
  name: FormName,
  schema: S,
  message: string,
  act: (id: FollowUpId, values: z.output<S>) => Promise<void>,
): Promise<void> {
  const id = page.id<FollowUpId>();
  const path = `${PATH}/${String(id)}`;
  const target = { prefix: 'follow-ups.form', action: `${path}/${name}` };
  const line = await parts.service.get(page.actor, id);
  const parsed = parseForm(schema, page.body);
  const again = (problems: Parameters<typeof formWithProblems>[2]) =>
    showDetail(page, parts, line, { [name]: formWithProblems(page, target, problems) }, 422);
  if (!parsed.ok) return again(parsed.problems);
  try {
    await act(id, parsed.values);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'invalid-fields') return again(error.problems);
    if (error.code !== 'conflict') throw error;
    return showDetail(page, parts, await parts.service.get(page.actor, id), {}, 409);
  }
  const toast: Toast = { message, ...(name === 'cancel' ? { undo: `${path}/reopen` } : {}) };
  // What was handed to somebody else may be out of the reader's sight.
  await page.redirect(name === 'assign' ? PATH : path, toast);
}

const whomOf = ({ actor }: PageContext, { agentId }: FollowUpLine): string =>
  agentId === undefined ? 'team' : agentId === actor.agentId ? 'me' : String(agentId);

async function showDetail(
  page: PageContext,
  { service, clock }: FollowUpPageParts,
  line: FollowUpLine,
  forms: Forms = {},
  status = 200,
): Promise<void> {
  const [options, contact] = await Promise.all([
    service.options(page.actor),
    service.contact(page.actor, line.contactId),
  ]);
  const path = `${PATH}/${String(line.id)}`;
  const [zone] = zonesOf(line, line.number, page.zone);
  const wall = wallText(line.dueAt.getTime(), zone);
  const form = (name: FormName, values: Readonly<Record<string, unknown>>): FormView =>
    forms[name] ?? formView({ prefix: 'follow-ups.form', action: `${path}/${name}` }, values);
  const view = lineView(page, line, clock.now());
  page.render(
    'follow-ups/detail',
    {
      title: view.who,
      crumbs: [{ label: page.t('follow-ups.title'), href: PATH }],
      styles: ['setup', 'follow-ups'],
      line: view,
      isTaken: status === 409,
      mayAudit: can(page.actor, 'audit.read'),
      forms: {
        move: form('move', { day: wall.slice(0, 10), time: wall.slice(11, 16) }),
        assign: form('assign', {
          whom: whomOf(page, line),
          queue: line.queueId ?? '',
        }),
        done: form('done', { outcome: '' }),
        cancel: form('cancel', { reason: '' }),
      },
      ...bookingOptions(page, options, contact),
    },
    status,
  );
}
