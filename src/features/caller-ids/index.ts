import type { Directory } from '../../telephony/directory.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { callerIdPages } from './caller-id-pages.js';

/** Wires the page that says which number is shown on calls that go out. */
export const makeCallerIdsFeature = (parts: {
  readonly directory: Pick<Directory, 'current'>;
  readonly country: string;
}): FeatureModule => ({
  name: 'caller-ids',
  pages: callerIdPages(parts),
  menu: [
    {
      group: 'lines',
      label: 'caller-ids.title',
      icon: 'id-badge',
      href: '/setup/caller-ids',
      access: 'trunks.edit',
      order: 60,
    },
  ],
});
