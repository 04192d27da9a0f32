import type { DeskPhoneId } from '../../kernel/ids.js';
import { AppError } from '../../kernel/errors.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { DeskPhoneService, PhoneState } from './desk-phone-service.js';
import type { DeskPhoneStore } from './desk-phone-store.js';
import { DESK_PHONE_SORTS, deskPhoneSchema, type StoredDeskPhone } from './desk-phone.js';
import { macText } from './mac.js';
import { fileName, modelOf, PHONE_MODELS } from './models.js';
import { plainHttpWarnings } from './settings-pages.js';

const PATH = '/setup/provisioning';
const EDIT = 'extensions.edit';

const STATE_LOOKS: Readonly<Record<PhoneState, { readonly icon: string; readonly tone: string }>> =
  {
    current: { icon: 'circle-check', tone: 'available' },
    older: { icon: 'alert-triangle', tone: 'hold' },
    never: { icon: 'circle-dashed', tone: 'notready' },
    off: { icon: 'ban', tone: 'off' },
  };

/** The set-up pages of desk phones. */
export function addDeskPhonePages(
  pages: PageRoutes,
  service: DeskPhoneService,
  store: Pick<DeskPhoneStore, 'extensions'>,
): void {
  pages
    .get(`${PATH}/:id/sheet`, EDIT, (page) => showSheet(page, service))
    .post(`${PATH}/:id/secrets`, EDIT, async (page) => {
      const id = page.id<DeskPhoneId>();
      await service.renewSecrets(page.actor, id);
      await page.redirect(`${PATH}/${String(id)}/sheet`, { message: 'provisioning.renewed' });
    });
  rowPages(
    {
      name: 'provisioning',
      permission: EDIT,
      service,
      schema: deskPhoneSchema,
      list: {
        sorts: DESK_PHONE_SORTS,
        defaultSort: 'name',
        filters: ['model'],
        columns: [
          { label: 'provisioning.form.name', sort: 'name' },
          { label: 'provisioning.form.mac', sort: 'mac' },
          { label: 'provisioning.form.model', sort: 'model' },
          { label: 'provisioning.form.lines' },
          { label: 'provisioning.column.state' },
          { label: 'provisioning.column.fetched', sort: 'fetched' },
          { label: '' },
        ],
        rows: async (page, phones) => {
          const [states, numbers] = await Promise.all([
            service.states(page.actor, phones),
            store.extensions(),
          ]);
          return phones.map((phone) => ({
            mac: macText(phone.mac),
            model: modelOf(phone.model)?.name ?? phone.model,
            lines: phone.lines
              .map((id) => numbers.find((one) => one.id === id)?.number ?? '–')
              .join(', '),
            state: stateView(page, states.get(phone.id) ?? 'never'),
            fetchedAt: phone.fetchedAt,
          }));
        },
        data: () => ({ models: modelOptions }),
      },
      title: (_page, phone) => `${macText(phone.mac)} ${phone.name}`,
      newValues: () => ({ model: PHONE_MODELS[0].id, isEnabled: true, lines: [] }),
      values: (_page, phone) => ({
        mac: macText(phone.mac),
        ...{ name: phone.name, model: phone.model, keys: phone.keys, isEnabled: phone.isEnabled },
        lines: phone.lines.map(String),
      }),
      data: (page, phone) => formData(page, service, store, phone),
      create: (page, values) => service.createPhone(page.actor, values),
      created: (page, id) =>
        page.redirect(`${PATH}/${String(id)}`, { message: 'provisioning.created' }),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
    },
    pages,
  );
}

const modelOptions = PHONE_MODELS.map(({ id, name }) => ({ value: id, label: name }));

const stateView = (page: PageContext, state: PhoneState) => ({
  ...STATE_LOOKS[state],
  label: page.t(`provisioning.state.${state}`),
  help: page.t(`provisioning.state.${state}.help`),
});

/** Places for lines that a form has: no phone of ours has more. */
const PLACES = Math.max(...PHONE_MODELS.map(({ lines }) => lines));

async function formData(
  page: PageContext,
  service: DeskPhoneService,
  store: Pick<DeskPhoneStore, 'extensions'>,
  phone: StoredDeskPhone | undefined,
) {
  const extensions = await store.extensions();
  const typed = page.body['lines'] ?? phone?.lines.map(String) ?? [];
  const chosen = [typed].flat();
  const places = Array.from({ length: PLACES }, (_, at) => ({
    id: at === 0 ? 'f-lines' : `f-lines-${String(at)}`,
    label: page.t('provisioning.line', { number: at + 1 }),
    value: chosen[at] ?? '',
  }));
  const filled = Math.max(1, ...places.flatMap(({ value }, at) => (value === '' ? [] : [at + 2])));
  const states = phone && (await service.states(page.actor, [phone]));
  const fetches = phone === undefined ? [] : await service.fetches(page.actor, phone.id);
  return {
    styles: ['setup'],
    models: modelOptions,
    limits: PHONE_MODELS.map(({ name, lines, keys }) =>
      page.t('provisioning.model-limits', { name, lines, keys }),
    ),
    extensions: extensions.map(({ id, number, name }) => ({
      value: String(id),
      label: `${number} ${name}`,
    })),
    places: places.slice(0, Math.min(PLACES, filled)),
    more: places.slice(Math.min(PLACES, filled)),
    state: phone && stateView(page, states?.get(phone.id) ?? 'never'),
    fetches: fetches.map((fetch) => ({
      ...fetch,
      outcome: page.t(`provisioning.outcome.${fetch.outcome}`),
    })),
  };
}

/** The page to be printed: the only one with passwords. */
async function showSheet(page: PageContext, service: DeskPhoneService): Promise<void> {
  const made = await service.sheet(page.actor, page.id<DeskPhoneId>());
  if (made === undefined) throw new AppError('not-found', 'the model of the phone is gone');
  const { phone, model, device } = made;
  page.res.set('Cache-Control', 'no-store');
  page.render('provisioning/sheet', {
    title: page.t('provisioning.sheet.title', { name: phone.name }),
    crumbs: [
      { label: page.t('provisioning.title'), href: PATH },
      { label: phone.name, href: `${PATH}/${String(phone.id)}` },
    ],
    styles: ['setup'],
    scripts: ['copy', 'print'],
    mac: macText(phone.mac),
    name: phone.name,
    model: model.name,
    device,
    warnings: plainHttpWarnings(page, device.address),
    shared: device.address.replace(/[^/]+\/$/, ''),
    file: fileName(model.vendor, phone.mac),
    secret: device.address.split('/').at(-2) ?? '',
    lines: device.lines,
    keys: device.keys.map((key) => ({
      ...key,
      kind: page.t(`provisioning.key.${key.kind === 'dial' ? 'dial' : 'watch'}`),
    })),
    back: `${PATH}/${String(phone.id)}`,
  });
}
