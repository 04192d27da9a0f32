import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { KnexMachineFigures } from './knex-machine-figures.js';
import { machineFiguresPages } from './machine-figures-pages.js';

/** How well machines are told from people. */
export const makeMachineFiguresFeature = (parts: {
  readonly database: Database;
  readonly clock: Clock;
}): FeatureModule => ({
  name: 'machine-figures',
  pages: machineFiguresPages({
    figures: new KnexMachineFigures(parts.database),
    clock: parts.clock,
  }),
  menu: [
    {
      group: 'reports',
      label: 'machine-figures.menu',
      icon: 'microphone-off',
      href: '/reports/amd-accuracy',
      access: 'calls.read',
      order: 30,
    },
  ],
});
