import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { formView, formWithProblems, PageRoutes, type PageContext } from '../../web/kit/index.js';
import type { ImportId, LogImport } from './import.js';
import {
  canCheck,
  canStart,
  FORMER,
  isAtWork,
  type NameChoice,
  type QueueLogService,
} from './queue-log-service.js';

const PATH = '/setup/migrate';
const ACCESS = 'history.import';
/** Of all files together. */
const UPLOAD_BYTES = 4 * 1024 * 1024 * 1024;
const FORM = { prefix: 'queue-log.form', action: PATH } as const;

/** Import of an old system's log: upload, say what its names are, run, look what came out. */
export function queueLogPages(service: QueueLogService): PageRoutes {
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => showList(page, service))
    .upload(PATH, ACCESS, UPLOAD_BYTES, (page) => upload(page, service))
    .get(`${PATH}/:id`, ACCESS, async (page) => {
      await showImport(page, service, await service.get(page.actor, page.id<ImportId>()));
    })
    .get(`${PATH}/:id/problems`, ACCESS, async (page) => {
      const path = await service.problems(page.actor, page.id<ImportId>());
      page.res.set('Cache-Control', 'private, no-store');
      // The program's folder may lie below one whose name begins with a dot.
      page.res.download(path, `queue-log-${page.param('id')}-problems.csv`, { dotfiles: 'allow' });
    })
    .post(`${PATH}/:id/start`, ACCESS, (page) => start(page, service))
    .post(`${PATH}/:id/check`, ACCESS, async (page) => {
      await service.checkAgain(page.actor, page.id<ImportId>());
      await page.redirect(pathOf(page.id<ImportId>()));
    })
    .post(`${PATH}/:id/cancel`, ACCESS, async (page) => {
      await service.cancel(page.actor, page.id<ImportId>());
      await page.redirect(pathOf(page.id<ImportId>()));
    })
    .post(`${PATH}/:id/remove`, ACCESS, async (page) => {
      await service.remove(page.actor, page.id<ImportId>());
      await page.redirect(PATH, { message: 'queue-log.removed' });
    });
}

const pathOf = (id: ImportId): string => `${PATH}/${String(id)}`;

async function showList(
  page: PageContext,
  service: QueueLogService,
  problems: readonly FieldProblem[] = [],
): Promise<void> {
  const imports = await service.list(page.actor);
  page.render(
    'queue-log/list',
    {
      title: page.t('queue-log.title'),
      styles: ['setup', 'queue-log'],
      form:
        problems.length > 0
          ? formWithProblems(page, FORM, problems)
          : formView(FORM, { zone: page.zone }),
      imports: imports.map((one) => ({
        ...{ id: one.id, createdAt: one.createdAt, userName: one.userName },
        ...{ summary: one.summary, result: one.result, ...stateView(page, one) },
        files: namesOf(one),
      })),
    },
    problems.length > 0 ? 422 : 200,
  );
}

const namesOf = ({ files }: LogImport): string => files.map(({ name }) => name).join(', ');

const stateView = (page: PageContext, one: LogImport) => ({
  state: one.state,
  stateName: page.t(`queue-log.state.${one.state}`),
  isBad: one.state === 'failed' || one.state === 'broken',
  isDone: one.state === 'done',
});

async function upload(page: PageContext, service: QueueLogService): Promise<void> {
  const zone = page.body['zone'];
  const files = page.uploads.filter(({ field }) => field === 'files');
  let id: ImportId;
  try {
    id = await service.upload(page.actor, files, typeof zone === 'string' ? zone.trim() : '');
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    await showList(page, service, error.problems);
    return;
  }
  await page.redirect(pathOf(id));
}

async function start(page: PageContext, service: QueueLogService): Promise<void> {
  const id = page.id<ImportId>();
  try {
    await service.start(page.actor, id, page.body);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    await showImport(page, service, await service.get(page.actor, id), error.problems);
    return;
  }
  await page.redirect(pathOf(id));
}

async function showImport(
  page: PageContext,
  service: QueueLogService,
  found: LogImport,
  problems: readonly FieldProblem[] = [],
): Promise<void> {
  const { id, summary, result, bytesDone, bytesTotal, state } = found;
  const isWorking = isAtWork(found);
  page.render(
    'queue-log/import',
    {
      title: namesOf(found),
      crumbs: [{ label: page.t('queue-log.title'), href: PATH }],
      styles: ['setup', 'queue-log'],
      ...{ id, path: pathOf(id), summary, result, zone: found.zone, ...stateView(page, found) },
      ...{ isWorking, isRunning: state === 'running' || state === 'waits' },
      mayCheck: canCheck(found),
      problem: found.problem === '' ? '' : page.t(found.problem),
      donePercent: bytesTotal === 0 ? 0 : Math.floor((100 * bytesDone) / bytesTotal),
      days: summary && daysOf(summary),
      ...(canStart(found) ? await namesView(page, service, found, problems) : {}),
    },
    problems.length > 0 ? 422 : 200,
  );
}

const daysOf = ({ firstAt, lastAt }: NonNullable<LogImport['summary']>) =>
  firstAt === undefined || lastAt === undefined
    ? undefined
    : { first: new Date(firstAt), last: new Date(lastAt) };

/** The tables in which names get their meaning. */
async function namesView(
  page: PageContext,
  service: QueueLogService,
  found: LogImport,
  problems: readonly FieldProblem[],
) {
  const { queues, agents, ourQueues, ourAgents } = await service.choices(found);
  const form = { prefix: 'queue-log.form', action: `${pathOf(found.id)}/start` };
  const labels = Object.fromEntries([...queues, ...agents].map(({ field, name }) => [field, name]));
  const typed = (field: string): string | undefined => {
    const value = problems.length > 0 ? page.body[field] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const view = problems.length > 0 ? formWithProblems(page, form, problems, labels) : undefined;
  const rows = <Counted>(choices: readonly NameChoice[], counted: readonly Counted[]) =>
    choices.map((choice, n) => ({
      ...{ ...counted[n], ...choice, chosen: typed(choice.field) ?? choice.chosen },
      problem: view?.problems[choice.field],
    }));
  return {
    form: view ?? formView(form, {}),
    fieldLabels: labels,
    names: {
      queues: rows(queues, found.summary?.queues ?? []),
      agents: rows(agents, found.summary?.agents ?? []),
      queueOptions: [
        { value: FORMER, label: page.t('queue-log.former-queue') },
        ...ourQueues.map(({ id, name }) => ({ value: id, label: name })),
      ],
      agentOptions: [
        { value: FORMER, label: page.t('queue-log.former-agent') },
        ...ourAgents.map(({ id, name, number }) => ({ value: id, label: `${name} · ${number}` })),
      ],
    },
  };
}
