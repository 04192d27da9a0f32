import type { LiveView } from '../../telephony/live.js';
import type { Directory } from '../../telephony/directory.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import { addSettingPages } from '../configuration/index.js';
import { parkedValues } from './parked-live.js';
import type { ParkingService } from './parking-service.js';
import { formValues, MAX_SLOTS, parkingForm, TIMEOUT_S } from './parking.js';

const PARKED = '/parked';
const USE = 'workspace.use';

export interface ParkingPageParts {
  readonly service: ParkingService;
  readonly directory: Pick<Directory, 'current'>;
  readonly live: Pick<LiveView, 'current'>;
  readonly country: string;
}

/** The page of the slots, and the one of the calls that wait there. */
export function parkingPages(parts: ParkingPageParts): PageRoutes {
  const { service, country } = parts;
  const pages = new PageRoutes();
  addSettingPages(pages, {
    path: '/setup/parking',
    permission: 'extensions.edit',
    view: 'parking/edit',
    prefix: 'parking.form',
    saved: 'parking.saved',
    schema: parkingForm(country),
    service,
    values: formValues,
    data: (page) => setupData(page, parts),
  });
  return pages
    .get(PARKED, USE, (page) => {
      showParked(page, parts);
    })
    .post(`${PARKED}/:slot/retrieve`, USE, async (page) => {
      const answer = await service.retrieve(page.actor, page.param('slot'));
      if (answer.ok) return page.redirect(PARKED, { message: 'parking.retrieving' });
      const detail = answer.detail === '' ? '–' : answer.detail;
      showParked(page, parts, page.t(`desk.refused.${answer.code}`, { detail }));
      return undefined;
    });
}

function setupData(page: PageContext, { directory }: ParkingPageParts) {
  const { code, isEnabled } = directory.current.featureCodes.park;
  return {
    title: page.t('parking.title'),
    styles: ['setup'],
    code: isEnabled ? code : '',
    limits: { ...TIMEOUT_S, slots: MAX_SLOTS },
  };
}

function showParked(page: PageContext, parts: ParkingPageParts, problem?: string): void {
  const values = parkedValues(parts.live.current, page);
  const { code, isEnabled } = parts.directory.current.featureCodes.park;
  page.render(
    'parking/parked',
    {
      title: page.t('parking.parked.title'),
      styles: ['live', 'setup'],
      values,
      slots: String(values['parked'])
        .split(' ')
        .filter((slot) => slot !== ''),
      hasPhone: parts.service.phoneOf(page.actor) !== undefined,
      code: isEnabled ? code : '',
      problem,
    },
    problem === undefined ? 200 : 409,
  );
}
