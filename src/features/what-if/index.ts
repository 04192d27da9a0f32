import { askWhatIf } from '../../adapters/simulation/what-if-thread.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { WhatIfAnswers, type AskWhatIf } from './what-if-answers.js';
import { ACCESS, PATH, whatIfPages } from './what-if-pages.js';

/** What a campaign would do, before it runs. */
export const makeWhatIfFeature = (ask: AskWhatIf = askWhatIf): FeatureModule => ({
  name: 'what-if',
  pages: whatIfPages(new PageRoutes(), new WhatIfAnswers(ask)),
  menu: [
    {
      group: 'reports',
      label: 'what-if.menu',
      icon: 'adjustments',
      href: PATH,
      access: [...ACCESS],
      order: 90,
    },
  ],
});
