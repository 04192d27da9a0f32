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
    data: (page) => pageData(page, server),
  });
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
