import type { Operator } from '../../telephony/operator.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  addSettingPages,
  targetGroups,
  type SettingService,
  type TargetStore,
} from '../configuration/index.js';
import { operatorForm, operatorValues } from './operator.js';

export interface OperatorPageParts {
  readonly service: SettingService<Operator>;
  readonly targets: TargetStore;
  readonly country: string;
  /** The code by which owners of phones record their names; '' where it is switched off. */
  readonly nameCode: () => string;
}

/** The page that says who the operator is. */
export const addOperatorPages = (pages: PageRoutes, parts: OperatorPageParts): void => {
  addSettingPages(pages, {
    path: '/setup/operator',
    permission: 'extensions.edit',
    view: 'company-directory/operator',
    prefix: 'operator.form',
    saved: 'operator.saved',
    schema: operatorForm(parts.country),
    service: parts.service,
    values: operatorValues,
    data: (page) => pageData(page, parts),
  });
};

async function pageData(page: PageContext, { targets, nameCode }: OperatorPageParts) {
  const options = await targets.options();
  const groups = targetGroups(page, {
    ...options,
    ...{ flows: [], extensionVoicemails: [], queueVoicemails: [] },
  }).map((group) => ({
    ...group,
    options: group.options.filter(({ value }) => value !== 'hangup'),
  }));
  return {
    title: page.t('operator.title'),
    styles: ['setup'],
    targetGroups: groups.filter((group) => group.options.length > 0),
    nameCode: nameCode(),
  };
}
