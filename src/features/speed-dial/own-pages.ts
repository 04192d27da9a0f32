import { formatNumber } from '../../kernel/numbers.js';
import type { Directory } from '../../telephony/directory.js';
import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import type { OwnSpeedDialService } from './speed-dial-service.js';
import { speedDialSchema, type SpeedDialDraft } from './speed-dial.js';

const PATH = '/my-phone/speed-dial';
const ACCESS = 'workspace.use';
const FORM = { prefix: 'speed-dials.form', action: PATH } as const;

export interface OwnSpeedDialParts {
  readonly service: OwnSpeedDialService;
  readonly directory: Pick<Directory, 'current'>;
  readonly country: string;
}

/** The page of one's own speed dials, beside those of the company; each can be called from there. */
export const ownSpeedDialPages = (parts: OwnSpeedDialParts): PageRoutes =>
  new PageRoutes()
    .get(PATH, ACCESS, (page) => show(page, parts))
    .post(PATH, ACCESS, (page) =>
      submitForm(page, {
        ...FORM,
        schema: speedDialSchema(parts.country),
        view: 'speed-dials/own',
        data: () => pageData(page, parts),
        save: (dial) => parts.service.set(page.actor, dial),
        done: { path: PATH, toast: { message: 'speed-dials.own.saved' } },
      }),
    )
    .post(`${PATH}/:code/remove`, ACCESS, async (page) => {
      await parts.service.remove(page.actor, page.param('code'));
      await page.redirect(PATH, { message: 'speed-dials.own.removed' });
    })
    .post(`${PATH}/call`, ACCESS, (page) => call(page, parts));

async function show(page: PageContext, parts: OwnSpeedDialParts, problem?: string): Promise<void> {
  if (parts.service.phoneOf(page.actor) === undefined) {
    page.render('call-handling/no-phone', { title: page.t('speed-dials.own.title') });
    return;
  }
  const data = { ...(await pageData(page, parts)), form: formView(FORM, {}), problem };
  page.render('speed-dials/own', data, problem === undefined ? 200 : 409);
}

async function pageData(page: PageContext, { service, directory }: OwnSpeedDialParts) {
  const { speedDials, featureCodes } = directory.current;
  const { code: prefix, isEnabled } = featureCodes['speed-dial'];
  const view = ({ code, name, number }: SpeedDialDraft) => ({
    ...{ code, name, number },
    shown: formatNumber(number, page.country, page.language),
    dialled: isEnabled ? prefix + code : '',
  });
  return {
    title: page.t('speed-dials.own.title'),
    crumbs: [{ label: page.t('my-phone.title'), href: '/my-phone' }],
    styles: ['setup'],
    own: (await service.of(page.actor)).map(view),
    company: [...speedDials.values()].map(view),
    prefix,
  };
}

/** The own phone rings; when it is lifted, the number is dialled. */
async function call(page: PageContext, parts: OwnSpeedDialParts): Promise<void> {
  const { number } = page.body;
  const answer = await parts.service.call(page.actor, typeof number === 'string' ? number : '');
  if (answer.ok) return page.redirect(PATH, { message: 'speed-dials.calling' });
  const detail = answer.detail === '' ? '–' : answer.detail;
  return show(page, parts, page.t(`desk.refused.${answer.code}`, { detail }));
}
