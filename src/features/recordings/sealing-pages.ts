import { addSettingPages, type SettingService } from '../configuration/index.js';
import type { PageRoutes } from '../../web/kit/index.js';
import { SEALING_MODES, sealingSchema, type SealingRule } from './sealing.js';
import { SEALING_ACCESS, type SealingService } from './sealing-service.js';

export const SEALING_PATH = '/setup/recording-sealing';
const MEGABYTE = 1_000_000;

export interface SealingPageParts {
  readonly settings: SettingService<SealingRule>;
  readonly service: SealingService;
}

/** What of the recordings is sealed, with which keys, and a new key. */
export function addSealingPages(pages: PageRoutes, { settings, service }: SealingPageParts): void {
  addSettingPages(pages, {
    ...{ path: SEALING_PATH, permission: SEALING_ACCESS },
    ...{ view: 'recordings/sealing', prefix: 'recordings.sealing' },
    ...{ saved: 'recordings.sealing.saved', schema: sealingSchema, service: settings },
    values: ({ mode }) => ({ mode }),
    data: async ({ actor, t }) => {
      const { place, unsealed, keys, problem } = await service.overview(actor);
      const megabytes = (bytes: number): number => Math.ceil(bytes / MEGABYTE);
      return {
        title: t('recordings.sealing.title'),
        styles: ['setup', 'prompts'],
        modes: SEALING_MODES.map((value) => ({
          value,
          label: t(`recordings.sealing.mode.${value}`),
        })),
        ...{ place, problem },
        unsealed: { ...unsealed, megabytes: megabytes(unsealed.bytes) },
        keys: keys.map((key) => ({
          ...{ ...key, megabytes: megabytes(key.bytes), isThere: key.madeAt !== undefined },
        })),
        lost: keys
          .filter(({ madeAt }) => madeAt === undefined)
          .reduce((sum, { recordings }) => sum + recordings, 0),
      };
    },
  });
  pages.post(`${SEALING_PATH}/key`, SEALING_ACCESS, async (page) => {
    await service.renewKey(page.actor);
    await page.redirect(SEALING_PATH, { message: 'recordings.sealing.renewed' });
  });
}
