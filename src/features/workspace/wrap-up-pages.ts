import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { AppError } from '../../kernel/errors.js';
import { NOTE_MAX } from './wrap-up.js';
import type { WrapUpForm, WrapUpService } from './wrap-up-service.js';

const PATH = '/workspace/wrap-up';
const ACCESS = 'workspace.use';

/** What the template of the wrap-up form shows. */
export const wrapUpView = (form: WrapUpForm | undefined) =>
  form && {
    call: form.call.callId,
    note: form.note,
    noteMax: NOTE_MAX,
    chosen: form.codes.find((code) => code.id === form.chosen)?.path,
    lastUsed: form.lastUsed.map((code, at) => optionView(form, code, at)),
    codes: form.codes
      .filter((code) => !form.lastUsed.includes(code))
      .map((code, at) => optionView(form, code, at + form.lastUsed.length)),
    hasCodes: form.codes.length > 0,
  };

const optionView = (form: WrapUpForm, code: WrapUpForm['codes'][number], at: number) => ({
  ...code,
  isChosen: code.id === form.chosen,
  digit: at < 9 ? at + 1 : undefined,
});

/** The wrap-up form of an agent's call as a part of the page, and taking it. */
export function addWrapUpPages(pages: PageRoutes, service: WrapUpService): void {
  pages.get(PATH, ACCESS, async (page) => {
    page.renderPartial('workspace/wrap-up', { wrapUp: wrapUpView(await service.form(page.actor)) });
  });
  pages.post(PATH, ACCESS, (page) => save(page, service));
}

async function save(page: PageContext, service: WrapUpService): Promise<void> {
  const field = (name: string): string => {
    const value = page.body[name];
    return typeof value === 'string' ? value : '';
  };
  const wantsJson = page.req.accepts(['html', 'json']) === 'json';
  try {
    await service.save(page.actor, {
      call: field('call'),
      disposition: field('disposition'),
      note: field('note'),
    });
  } catch (error) {
    if (!wantsJson || !(error instanceof AppError) || error.code !== 'conflict') throw error;
    page.res.status(409).json({ ok: false, text: page.t('workspace.wrap-up.over') });
    return;
  }
  if (wantsJson) page.res.json({ ok: true, text: '' });
  else await page.redirect('/workspace');
}
