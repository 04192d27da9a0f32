import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { addSettingPages, type SettingService } from '../configuration/index.js';
import { CODEC_ORDERS } from './files/device.js';
import { VENDORS } from './models.js';
import {
  extraField,
  REFRESH_MINUTES,
  settingsForm,
  settingsValues,
  type ProvisioningSettings,
} from './site-settings.js';

/** The page of what all phones are told. `server`: where phones ask when none is named. */
export function addSettingsPages(
  pages: PageRoutes,
  service: SettingService<ProvisioningSettings>,
  server: string,
): void {
  addSettingPages(pages, {
    path: '/setup/provisioning/settings',
    permission: 'extensions.edit',
    view: 'provisioning/settings',
    prefix: 'provisioning.settings.form',
    saved: 'provisioning.settings.saved',
    schema: settingsForm,
    service,
    values: settingsValues,
    data: (page, value) => {
      const named = value === undefined ? typedServer(page) : value.server;
      const warnings = plainHttpWarnings(page, named === '' ? server : named);
      return { ...pageData(page, server), warnings };
    },
  });
}

/** What is said where phones get their files, with passwords in them, so that others on the way can read them. */
export const plainHttpWarnings = (
  page: Pick<PageContext, 't'>,
  address: string,
): readonly { readonly text: string }[] =>
  address.startsWith('https:') ? [] : [{ text: page.t('provisioning.warning.plain-http') }];

/** What a form that was refused says of the server. */
function typedServer(page: PageContext): string {
  const typed = page.body['server'];
  return typeof typed === 'string' ? typed.trim() : '';
}

const pageData = (page: PageContext, server: string) => ({
  title: page.t('provisioning.settings.title'),
  crumbs: [{ label: page.t('provisioning.title'), href: '/setup/provisioning' }],
  styles: ['setup'],
  codecs: CODEC_ORDERS.map((value) => ({
    value,
    label: page.t(`provisioning.codecs.${value}`),
  })),
  vendors: VENDORS.map((vendor) => ({ name: extraField(vendor) })),
  fieldLabels: Object.fromEntries(
    VENDORS.map((vendor) => [
      extraField(vendor),
      page.t(`provisioning.settings.form.${extraField(vendor)}`),
    ]),
  ),
  ...{ server, zone: page.zone, limits: REFRESH_MINUTES },
});
