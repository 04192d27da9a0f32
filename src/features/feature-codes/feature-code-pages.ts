import type { InCallCodes } from '../../engines/recording/control.js';
import { can } from '../../kernel/actor.js';
import {
  DEFAULT_CODES,
  FEATURE_NAMES,
  FEATURE_CODES,
  type FeatureCodes,
  type FeatureName,
} from '../../telephony/feature-codes.js';
import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import type { FeatureCodeService } from './feature-code-service.js';
import { codeField, enabledField, featureCodesForm } from './feature-codes.js';

const PATH = '/setup/feature-codes';
const FORM = { prefix: 'feature-codes.form', action: PATH } as const;
const ACCESS = 'extensions.edit';

export interface FeatureCodePagesParts {
  readonly service: FeatureCodeService;
  /** Numbers at which calls can be parked. */
  readonly slots: () => readonly string[];
  /** What phones press during a talk; set with the rules of recording. */
  readonly recording: () => InCallCodes;
}

/** The page of the site's feature codes. */
export const featureCodePages = ({
  service,
  slots,
  recording,
}: FeatureCodePagesParts): PageRoutes =>
  new PageRoutes()
    .get(PATH, ACCESS, async (page) => {
      const { value, version } = await service.read(page.actor);
      const form = formView(FORM, valuesOf(value), version + 1);
      page.render('feature-codes/edit', {
        ...pageData(page, recording()),
        lamps: lampsOf(page, value, slots()),
        form,
      });
    })
    .post(PATH, ACCESS, (page) =>
      submitForm(page, {
        ...FORM,
        schema: featureCodesForm,
        view: 'feature-codes/edit',
        data: async () => ({
          ...pageData(page, recording()),
          lamps: lampsOf(page, (await service.read(page.actor)).value, slots()),
        }),
        save: (codes, version) => service.save(page.actor, version - 1, codes, nameIn(page)),
        current: async () => {
          const { value, version } = await service.read(page.actor);
          return { values: valuesOf(value), version: version + 1 };
        },
        done: { path: PATH, toast: { message: 'feature-codes.saved' } },
      }),
    )
    .post(`${PATH}/reset`, ACCESS, async (page) => {
      await service.reset(page.actor);
      await page.redirect(PATH, { message: 'feature-codes.reset-done' });
    });

const nameIn =
  (page: Pick<PageContext, 't'>) =>
  (name: FeatureName): string =>
    page.t(`feature-codes.${name}`);

const valuesOf = (codes: FeatureCodes): Readonly<Record<string, unknown>> =>
  Object.fromEntries<unknown>(
    FEATURE_NAMES.flatMap((name): [string, unknown][] => [
      [codeField(name), codes[name].code],
      [enabledField(name), codes[name].isEnabled],
    ]),
  );

const pageData = (page: PageContext, recording: InCallCodes) => ({
  recording: can(page.actor, 'queues.edit') ? recording : undefined,
  title: page.t('feature-codes.title'),
  styles: ['setup'],
  fieldLabels: Object.fromEntries(
    FEATURE_NAMES.flatMap((name) => [
      [codeField(name), nameIn(page)(name)],
      [enabledField(name), page.t('feature-codes.on', { name: nameIn(page)(name) })],
    ]),
  ),
  rows: FEATURE_NAMES.map((name) => ({
    name: nameIn(page)(name),
    help: page.t(`feature-codes.${name}.help`),
    tail: page.t(`feature-codes.tail.${FEATURE_CODES[name].tail}`),
    code: codeField(name),
    on: enabledField(name),
    onLabel: page.t('feature-codes.on', { name: nameIn(page)(name) }),
    first: DEFAULT_CODES[name].code,
  })),
});

/** What lamp keys can watch, with numbers as examples. */
function lampsOf(page: PageContext, codes: FeatureCodes, [slot]: readonly string[]) {
  const examples = [
    { code: '2001', name: 'phone' },
    ...(slot === undefined ? [] : [{ code: slot, name: 'slot' }]),
    { code: `${codes['do-not-disturb'].code}2001`, name: 'quiet' },
    { code: `${codes.availability.code}601`, name: 'agent' },
  ];
  return examples.map(({ code, name }) => ({ code, text: page.t(`feature-codes.lamps.${name}`) }));
}
