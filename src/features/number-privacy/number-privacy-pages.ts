import type { NumberPrivacy } from '../../telephony/directory.js';
import { PageRoutes } from '../../web/kit/index.js';
import { addSettingPages, type SettingService } from '../configuration/index.js';
import { numberPrivacyForm } from './number-privacy.js';

/** The page that says who sees the numbers of people outside. */
export function numberPrivacyPages(service: SettingService<NumberPrivacy>): PageRoutes {
  const pages = new PageRoutes();
  addSettingPages(pages, {
    path: '/setup/number-privacy',
    permission: 'users.edit',
    view: 'number-privacy/edit',
    prefix: 'number-privacy.form',
    saved: 'number-privacy.saved',
    schema: numberPrivacyForm,
    service,
    values: (value) => ({ ...value }),
    data: ({ t }) => ({ title: t('number-privacy.title'), styles: ['setup'] }),
  });
  return pages;
}
