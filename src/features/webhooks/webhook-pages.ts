import { can } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import { integerField, parseFields } from '../../kernel/fields.js';
import {
  listView,
  PageRoutes,
  readList,
  type PageContext,
  versionOf,
} from '../../web/kit/index.js';
import { z } from 'zod';
import { OVERLAP_HOURS, type LostWebhook } from './webhook.js';
import type { WebhookService } from './webhook-service.js';

const PATH = '/setup/webhooks';
/** A page of its own: beside the key stands nothing that callers or others chose. */
const KEY_PATH = `${PATH}/key`;
const ACCESS = 'trunks.edit';

const renewForm = z.object({
  hours: integerField(1, 168).refine(
    (hours) => OVERLAP_HOURS.some((known) => known === hours),
    'form.problem.choose',
  ),
});

/** The page of what flows send: messages that nobody took, and the key that signs. */
export function webhookPages(service: WebhookService): PageRoutes {
  const settled = async (page: PageContext, isDone: boolean, message: string): Promise<void> =>
    page.redirect(PATH, { message: isDone ? message : 'webhooks.gone' });
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => show(page, service))
    .post(`${PATH}/again`, ACCESS, async (page) => {
      const count = await service.sendAllAgain(page.actor);
      await page.redirect(PATH, { message: 'webhooks.sent-all', params: { count } });
    })
    .post(`${PATH}/message/again`, ACCESS, async (page) =>
      settled(page, await service.sendAgain(page.actor, idOf(page)), 'webhooks.sent'),
    )
    .post(`${PATH}/message/drop`, ACCESS, async (page) =>
      settled(page, await service.drop(page.actor, idOf(page)), 'webhooks.dropped'),
    )
    .get(KEY_PATH, ACCESS, (page) => showKeys(page, service))
    .post(KEY_PATH, ACCESS, (page) => renew(page, service))
    .post(`${KEY_PATH}/next`, ACCESS, async (page) => {
      await orChanged(
        page,
        () => service.useNext(page.actor, versionOf(page.body)),
        'webhooks.key.used',
      );
    });
}

/** Ids hold slashes: they are a field, not a part of the path. */
const idOf = (page: PageContext): string => String(page.body['message'] ?? '').slice(0, 200);

async function show(page: PageContext, service: WebhookService): Promise<void> {
  const request = readList(page, { path: PATH, sorts: ['at'], defaultSort: '-at', filters: [] });
  const { rows, total, waiting } = await service.lost(page.actor, request.offset, request.limit);
  const seesCalls = can(page.actor, 'calls.read');
  page.render('webhooks/list', {
    title: page.t('webhooks.title'),
    styles: ['setup'],
    waiting,
    total,
    list: listView(
      request,
      {
        rows: rows.map((webhook) => ({
          ...webhook,
          answer: answerText(page, webhook),
          // That of an alarm is of no call.
          callHref: seesCalls && webhook.callId !== '' ? `/calls/${webhook.callId}` : '',
        })),
        total,
      },
      [
        { label: 'webhooks.column.given-up' },
        { label: 'webhooks.column.asked' },
        { label: 'webhooks.column.address' },
        { label: 'webhooks.column.answer' },
        { label: '' },
      ],
    ),
  });
}

async function showKeys(page: PageContext, service: WebhookService): Promise<void> {
  page.render('webhooks/key', {
    title: page.t('webhooks.key'),
    crumbs: [{ label: page.t('webhooks.title'), href: PATH }],
    styles: ['setup'],
    scripts: ['copy'],
    keys: await service.keys(page.actor),
    overlaps: OVERLAP_HOURS.map((hours) => ({
      value: hours,
      label: page.t('webhooks.key.hours', { hours }),
      isUsual: hours === 24,
    })),
  });
}

function answerText(page: PageContext, { failure }: LostWebhook): string {
  const status = /^status-(\d{3})$/.exec(failure)?.[1];
  return status === undefined
    ? page.t(`webhooks.failure.${failure}`)
    : page.t('webhooks.failure.status', { status });
}

async function renew(page: PageContext, service: WebhookService): Promise<void> {
  const parsed = parseFields(renewForm, page.body);
  if (!parsed.ok) throw new AppError('invalid-fields', 'how long both keys count', parsed.problems);
  const { hours } = parsed.values;
  await orChanged(
    page,
    () => service.renew(page.actor, versionOf(page.body), hours),
    'webhooks.key.renewed',
  );
}

/** Two people who renew at once: the second sees what the first did. */
async function orChanged(
  page: PageContext,
  work: () => Promise<void>,
  message: string,
): Promise<void> {
  try {
    await work();
    await page.redirect(KEY_PATH, { message });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    await page.redirect(KEY_PATH, { message: 'webhooks.key.changed' });
  }
}
