import type { HookAnswer } from '../../engines/routing/hook-answer.js';
import type { DidId, HookId, QueueId } from '../../kernel/ids.js';
import { formatNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { HookOutcome, HookTry } from '../../telephony/routing-hook.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { RoutingOptions, RoutingOptionsStore } from '../routing/index.js';
import { certificatesIn } from './certificates.js';
import type { HookService, NewSecret } from './hook-service.js';
import { HOOK_SORTS, HOOK_TIMEOUT, hookSchema, type StoredHook } from './hook.js';

export interface HookPagesParts {
  readonly service: HookService;
  readonly options: RoutingOptionsStore;
  readonly log: CallLog;
}

const PATH = '/setup/hooks';

/** The set-up pages of hooks. */
export const hookPages = (parts: HookPagesParts): PageRoutes =>
  rowPages(
    {
      name: 'hooks',
      permission: 'routing.edit',
      service: parts.service,
      schema: hookSchema,
      list: {
        sorts: HOOK_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'hooks.form.name', sort: 'name' },
          { label: 'hooks.form.url' },
          { label: 'hooks.column.asked' },
          { label: 'hooks.form.timeout-ms', numeric: true },
          { label: 'hooks.column.state' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        data: () => ({ styles: ['routing'] }),
        rows: async (page, hooks) => {
          const options = await parts.options.read();
          return hooks.map((hook) => ({
            url: hook.url,
            asked: askedText(page, hook, options),
            timeoutMs: hook.timeoutMs,
            enabled: hook.enabled,
            updatedAt: hook.updatedAt,
          }));
        },
      },
      title: (_page, hook) => hook.name,
      newValues: () => ({ enabled: true, timeoutMs: HOOK_TIMEOUT.default }),
      values: (_page, { allowedAddresses, ...hook }) => ({
        ...hook,
        allowedAddresses: allowedAddresses.join('\n'),
      }),
      data: (page, hook) => editData(page, parts, hook),
      create: (page, values) => parts.service.createHook(page.actor, values),
      created: (page, made) => {
        showSecret(page, made);
      },
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
    },
    new PageRoutes()
      .post(`${PATH}/:id/secret`, 'routing.edit', async (page) => {
        showSecret(page, await parts.service.renewSecret(page.actor, page.id<HookId>()));
      })
      .post(`${PATH}/:id/try`, 'routing.edit', (page) => tryNow(page, parts)),
  );

const list = (page: PageContext, names: readonly string[]): string =>
  new Intl.ListFormat(page.language, { type: 'disjunction' }).format([...names]);

/** Which calls a hook is asked about, in words. */
function askedText(page: PageContext, hook: StoredHook, options: RoutingOptions): string {
  const dids = options.dids.filter((did) => hook.dids.includes(did.id));
  const queues = options.queues.filter((queue) => hook.queues.includes(queue.id));
  const numbers = dids.map((did) => formatNumber(did.number, page.country, page.language));
  const names = queues.map((queue) => queue.name);
  if (hook.dids.length === 0 && hook.queues.length === 0) return page.t('hooks.asked.all');
  if (hook.dids.length === 0) return page.t('hooks.asked.queues', { queues: list(page, names) });
  if (hook.queues.length === 0) return page.t('hooks.asked.dids', { dids: list(page, numbers) });
  return page.t('hooks.asked.both', { dids: list(page, numbers), queues: list(page, names) });
}

async function editData(page: PageContext, parts: HookPagesParts, hook: StoredHook | undefined) {
  const options = await parts.options.read();
  return {
    styles: ['setup', 'routing'],
    scripts: ['check-filter'],
    limits: HOOK_TIMEOUT,
    didOptions: options.dids.map((did) => ({
      value: did.id,
      label: formatNumber(did.number, page.country, page.language),
      note: did.name,
    })),
    queueOptions: options.queues.map((queue) => ({ value: queue.id, label: queue.name })),
    ...(hook && {
      asked: askedText(page, hook, options),
      certificates: certificatesIn(hook.caCertificate),
      ...(await triesOf(page, parts, hook.id)),
    }),
  };
}

/** The last requests; calls do not need them, so a page without them is better than none. */
async function triesOf(page: PageContext, parts: HookPagesParts, id: HookId) {
  try {
    const tries = await parts.service.latest(page.actor, id);
    return { tries: tries.map((done) => tryView(page, done)) };
  } catch (error) {
    parts.log.warn({ err: error }, 'the last answers of a hook cannot be read');
    return { triesUnknown: true };
  }
}

const tryView = (page: PageContext, done: HookTry) => ({
  at: new Date(done.at),
  from: done.from,
  callId: done.callId === 'test' ? undefined : done.callId,
  ms: done.outcome.ms,
  isGood: done.outcome.kind === 'answered',
  outcome: outcomeText(page, done.outcome),
  decided: done.outcome.kind === 'answered' ? answerText(page, done.outcome.answer) : '',
});

/** What became of asking, in words. */
function outcomeText(page: PageContext, outcome: HookOutcome): string {
  if (outcome.kind === 'refused' && outcome.reason === 'tls') {
    const [problem = '', ...detail] = outcome.detail.split(':');
    return page.t(`hooks.tls.${problem}`, { detail: detail.join(':') });
  }
  if (outcome.kind === 'refused')
    return page.t(`hooks.refused.${outcome.reason}`, { detail: outcome.detail });
  if (outcome.kind === 'invalid')
    return page.t('hooks.outcome.invalid', { detail: outcome.detail });
  return page.t(`hooks.outcome.${outcome.kind}`);
}

/** What an answer decides, in words; '' never: an empty answer has no opinion. */
function answerText(page: PageContext, answer: HookAnswer): string {
  const { t } = page;
  const parts = [
    ...(answer.flow === undefined ? [] : [t('hooks.decided.flow', { name: answer.flow })]),
    ...(answer.queue === undefined ? [] : [t('hooks.decided.queue', { name: answer.queue })]),
    ...(answer.priority === undefined
      ? []
      : [t('hooks.decided.priority', { value: answer.priority })]),
    ...(answer.vip === true ? [t('hooks.decided.vip')] : []),
    ...(answer.agent === undefined ? [] : [t('hooks.decided.agent', { name: answer.agent })]),
    ...Object.entries(answer.attributes ?? {}).map(([name, value]) => `${name} = ${value}`),
    ...(answer.skills ?? []).map((one) => `${one.skill} ${String(one.level)}`),
  ];
  return parts.length === 0 ? t('hooks.decided.nothing') : parts.join(' · ');
}

/** The only page that ever shows the secret. */
function showSecret(page: PageContext, made: NewSecret): void {
  page.render('hooks/secret', {
    title: page.t('hooks.secret.title', { name: made.name }),
    crumbs: [{ label: page.t('hooks.title'), href: PATH }],
    styles: ['setup'],
    scripts: ['copy'],
    made,
  });
}

async function tryNow(page: PageContext, parts: HookPagesParts): Promise<void> {
  const id = page.id<HookId>();
  const typed = page.body['from'];
  const options = await parts.options.read();
  const hook = await parts.service.get(page.actor, id);
  const first = <Id extends DidId | QueueId, Option extends { readonly id: Id }>(
    all: readonly Option[],
    chosen: readonly Id[],
  ) => all.find((one) => chosen.length === 0 || chosen.includes(one.id));
  const outcome = await parts.service.try(page.actor, id, {
    from: normaliseNumber(typeof typed === 'string' ? typed : '', page.country),
    to: first(options.dids, hook.dids)?.number ?? '',
    queue: first(options.queues, hook.queues)?.name ?? '',
  });
  return page.redirect(`${PATH}/${String(id)}`, {
    message: outcome.kind === 'answered' ? 'hooks.tried' : 'hooks.tried.failed',
    params: { ms: outcome.ms },
  });
}
