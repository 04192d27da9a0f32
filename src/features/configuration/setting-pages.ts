import type { z } from 'zod';
import type { Permission } from '../../kernel/actor.js';
import {
  formView,
  submitForm,
  type PageContext,
  type PageData,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { SettingService } from './setting-service.js';

/** What the page of one setting is made of. */
export interface SettingPage<Value> {
  readonly path: string;
  readonly permission: Permission;
  readonly view: string;
  /** Of the form's texts: `parking.form`. */
  readonly prefix: string;
  /** Said when it was saved. */
  readonly saved: string;
  readonly schema: z.ZodType<Value>;
  readonly service: Pick<SettingService<Value>, 'read' | 'save'>;
  /** A setting as its form has it. */
  readonly values: (value: Value, page: PageContext) => Readonly<Record<string, unknown>>;
  /** What the view shows beside the form. `value`: what is stored, where the form shows that and not what was typed. */
  readonly data: (page: PageContext, value?: Value) => PageData | Promise<PageData>;
}

/** The page of one setting: its form, and saving it. */
export function addSettingPages<Value>(
  pages: PageRoutes,
  { path, permission, view, prefix, saved, schema, service, values, data }: SettingPage<Value>,
): void {
  const form = { prefix, action: path };
  // A form counts from 1: no version in it is 0.
  const shown = (value: Value, version: number, page: PageContext) => ({
    values: values(value, page),
    version: version + 1,
  });
  pages
    .get(path, permission, async (page) => {
      const { value, version } = await service.read(page.actor);
      const now = shown(value, version, page);
      page.render(view, {
        ...(await data(page, value)),
        form: formView(form, now.values, now.version),
      });
    })
    .post(path, permission, (page) =>
      submitForm(page, {
        ...form,
        ...{ schema, view },
        data: () => data(page),
        save: (value, version) => service.save(page.actor, version - 1, value),
        current: async () => {
          const { value, version } = await service.read(page.actor);
          return shown(value, version, page);
        },
        done: { path, toast: { message: saved } },
      }),
    );
}
