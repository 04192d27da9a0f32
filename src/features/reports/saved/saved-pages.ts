import type { Clock } from '../../../kernel/clock.js';
import { AppError } from '../../../kernel/errors.js';
import type { UserId } from '../../../kernel/ids.js';
import {
  field,
  formView,
  submitForm,
  type PageContext,
  type PageRoutes,
} from '../../../web/kit/index.js';
import { reportOf } from '../own-report.js';
import {
  FORMATS,
  MAIL_TIMES,
  nextMailAt,
  savedReportSchema,
  type SavedReport,
  type SavedReportId,
  type SavedReportStore,
} from './saved-report.js';

const PATH = '/reports/saved';
const ACCESS = 'calls.read';
const FORM = { prefix: 'reports.saved', action: PATH } as const;

interface SavedPageParts {
  readonly store: SavedReportStore;
  readonly clock: Clock;
}

/** Reports as people keep them: the list, a new one of what is shown, when it is mailed. */
export function addSavedReportPages(pages: PageRoutes, parts: SavedPageParts): void {
  pages
    .get(PATH, ACCESS, (page) => showList(page, parts))
    .get(`${PATH}/new`, ACCESS, (page) => {
      const source = sourceOf(page.query['report'], page.query['asked']);
      page.render('reports/saved', {
        ...formData(page, source),
        form: formView(FORM, {
          name: page.t(`reports.${source.slug}.title`),
          ...{ shared: false, mailWhen: 'never', mailHour: 7, mailTo: '', format: 'xlsx' },
        }),
      });
    })
    .post(PATH, ACCESS, (page) => {
      const source = sourceOf(field(page, 'report'), field(page, 'asked'));
      return submitForm(page, {
        ...{ ...FORM, schema: savedReportSchema, view: 'reports/saved' },
        data: () => Promise.resolve(formData(page, source)),
        save: (values) =>
          parts.store.add({
            ...{ ...values, ...source, language: page.language, userId: userOf(page) },
            nextMailAt: nextMailAt(values, parts.clock.now(), page.zone),
          }),
        done: () => page.redirect(PATH, { message: 'reports.saved.added' }),
      });
    })
    .get(`${PATH}/:id`, ACCESS, async (page) => {
      const saved = await own(page, parts);
      page.render('reports/saved', {
        ...formData(page, saved),
        removeHref: `${PATH}/${String(saved.id)}/remove`,
        form: formView({ ...FORM, action: `${PATH}/${String(saved.id)}` }, { ...saved }),
      });
    })
    .post(`${PATH}/:id`, ACCESS, async (page) => {
      const saved = await own(page, parts);
      const form = { ...FORM, action: `${PATH}/${String(saved.id)}` };
      await submitForm(page, {
        ...{ ...form, schema: savedReportSchema, view: 'reports/saved' },
        data: () => Promise.resolve(formData(page, saved)),
        save: (values) =>
          parts.store.change(saved.id, {
            ...{ ...values, language: page.language },
            nextMailAt: nextMailAt(values, parts.clock.now(), page.zone),
          }),
        done: () => page.redirect(PATH, { message: 'reports.saved.changed' }),
      });
    })
    .post(`${PATH}/:id/remove`, ACCESS, async (page) => {
      const saved = await own(page, parts);
      await parts.store.remove(saved.id);
      await page.redirect(PATH, { message: 'reports.saved.removed' });
    });
}

function userOf({ actor }: PageContext): UserId {
  if (actor.userId === undefined) throw new AppError('not-allowed', 'only people keep reports');
  return actor.userId;
}

/** Which report with which question; throws `not-found` where there is no such report. */
function sourceOf(slug = '', query = ''): Pick<SavedReport, 'slug' | 'query'> {
  if (reportOf(slug, Object.fromEntries(new URLSearchParams(query))) === undefined)
    throw new AppError('not-found', 'no such report');
  return { slug, query: new URLSearchParams(query).toString().slice(0, 1_000) };
}

/** Only who keeps it changes it. */
async function own(page: PageContext, { store }: SavedPageParts): Promise<SavedReport> {
  const saved = await store.find(page.id<SavedReportId>());
  if (saved?.userId !== userOf(page)) throw new AppError('not-found', 'no such report of yours');
  return saved;
}

const formData = (page: PageContext, { slug, query }: Pick<SavedReport, 'slug' | 'query'>) => ({
  title: page.t('reports.saved.one'),
  crumbs: [
    { label: page.t('reports.title'), href: '/reports' },
    { label: page.t('reports.saved.title'), href: PATH },
  ],
  styles: ['setup', 'reports'],
  report: slug,
  asked: query,
  about: page.t(`reports.${slug}.title`),
  openHref: `/reports/${slug}?${query}`,
  times: MAIL_TIMES.map((value) => ({ value, label: page.t(`reports.saved.when.${value}`) })),
  formats: FORMATS.map((value) => ({ value, label: value.toUpperCase() })),
});

async function showList(page: PageContext, { store }: SavedPageParts): Promise<void> {
  const user = userOf(page);
  const saved = await store.list(user);
  page.render('reports/saved-list', {
    title: page.t('reports.saved.title'),
    crumbs: [{ label: page.t('reports.title'), href: '/reports' }],
    styles: ['reports'],
    rows: saved.map((one) => ({
      name: one.name,
      href: `/reports/${one.slug}?${one.query}`,
      report: page.t(`reports.${one.slug}.title`),
      owner: one.userName,
      isShared: one.shared,
      times: page.t(`reports.saved.when.${one.mailWhen}`),
      to: one.mailTo,
      nextMailAt: one.nextMailAt,
      lastMailedAt: one.lastMailedAt,
      editHref: one.userId === user ? `${PATH}/${String(one.id)}` : undefined,
    })),
  });
}
