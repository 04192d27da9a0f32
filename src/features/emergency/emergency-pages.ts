import { emergencyNumbersOf, formatNumber } from '../../kernel/numbers.js';
import { isAllowedCallerId } from '../../engines/caller-id/choose.js';
import { limitsOf } from '../../telephony/calls/caller-id.js';
import type { Directory } from '../../telephony/directory.js';
import type { EmergencySettings } from '../../telephony/emergency.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import { addSettingPages, type SettingService } from '../configuration/index.js';
import { emergencyForm } from './emergency.js';

export interface EmergencyPageParts {
  readonly service: SettingService<EmergencySettings>;
  readonly directory: Pick<Directory, 'current'>;
  readonly country: string;
}

/** The page of the numbers that reach help. */
export function emergencyPages(parts: EmergencyPageParts): PageRoutes {
  const pages = new PageRoutes();
  addSettingPages(pages, {
    path: '/setup/emergency',
    permission: 'trunks.edit',
    view: 'emergency/edit',
    prefix: 'emergency.form',
    saved: 'emergency.saved',
    schema: emergencyForm(parts.country),
    service: parts.service,
    values: ({ numbers, callerId }, page) => ({
      numbers: numbers.join('\n'),
      callerId: formatNumber(callerId, page.country, page.language),
    }),
    data: (page, stored) => pageData(page, parts, stored?.callerId ?? ''),
  });
  return pages;
}

function pageData(page: PageContext, { directory, country }: EmergencyPageParts, callerId: string) {
  const trunks = [...directory.current.trunks.values()].filter((trunk) => trunk.enabled);
  const deaf =
    callerId === '' ? [] : trunks.filter((trunk) => !isAllowedCallerId(limitsOf(trunk), callerId));
  return {
    title: page.t('emergency.title'),
    styles: ['setup'],
    countryNumbers: emergencyNumbersOf(country).join(', '),
    trunks: trunks
      .sort((a, b) => a.priority - b.priority || a.id - b.id)
      .map(({ name }) => name)
      .join(' → '),
    warnings: [
      ...(trunks.length === 0 ? [{ text: page.t('emergency.warning.no-trunk') }] : []),
      ...deaf.map(({ name }) => ({
        text: page.t('emergency.warning.not-allowed', { trunk: name }),
      })),
    ],
  };
}
