import { z } from 'zod';
import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import { textField } from '../../kernel/fields.js';
import {
  formView,
  PageRoutes,
  submitForm,
  type FeatureModule,
  type PageContext,
} from '../../web/kit/index.js';
import { ApiKeys } from './knex-api-keys.js';

const PATH = '/setup/api-keys';
const ACCESS = 'api-keys.edit';
const TARGET = { prefix: 'api-keys.form', action: PATH };
const keyForm = z.object({ name: textField({ max: 80 }) });

/** Keys of other systems, and who comes with one. */
export interface ApiKeysFeature extends FeatureModule {
  readonly keys: ApiKeys;
}

/** Wires them on MariaDB. */
export function makeApiKeysFeature(parts: {
  readonly database: Database;
  readonly clock: Clock;
}): ApiKeysFeature {
  const keys = new ApiKeys(parts.database, parts.clock);
  const dataOf = async (page: PageContext) => ({
    title: page.t('api-keys.title'),
    styles: ['setup'],
    keys: await keys.list(page.actor),
  });
  const pages = new PageRoutes()
    .get(PATH, ACCESS, async (page) => {
      page.render('api-keys/list', { ...(await dataOf(page)), form: formView(TARGET, {}) });
    })
    .post(PATH, ACCESS, (page) =>
      submitForm(page, {
        ...TARGET,
        schema: keyForm,
        view: 'api-keys/list',
        data: () => dataOf(page),
        save: ({ name }) => keys.create(page.actor, name),
        // Shown once, on a page where nothing stands that others chose.
        done: (made) => {
          page.render('api-keys/made', { title: page.t('api-keys.made'), styles: ['setup'], made });
        },
      }),
    )
    .post(`${PATH}/:id/end`, ACCESS, async (page) => {
      await keys.end(page.actor, page.id());
      await page.redirect(PATH, { message: 'api-keys.ended' });
    });
  return {
    name: 'api-keys',
    keys,
    pages,
    menu: [
      {
        group: 'system',
        label: 'api-keys.title',
        icon: 'key',
        href: PATH,
        access: ACCESS,
        order: 60,
      },
    ],
  };
}
