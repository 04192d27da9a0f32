import type { Target } from '../../telephony/directory.js';
import type { PageContext } from '../../web/kit/index.js';
import { targetText, type TargetOption, type TargetOptions, type TargetStore } from './target.js';

/** One group of a select. */
export interface OptionGroup {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

const ICONS: Readonly<Record<Target['kind'], string>> = {
  flow: 'sitemap',
  queue: 'users-group',
  extension: 'device-landline-phone',
  'ring-group': 'bell-ringing',
  conference: 'users-group',
  pbx: 'plug-connected',
  voicemail: 'microphone',
  hangup: 'phone-off',
};
const PATHS: Readonly<Partial<Record<Target['kind'], string>>> = {
  flow: '/setup/ivr/',
  queue: '/setup/queues/',
  extension: '/setup/extensions/',
  'ring-group': '/setup/ring-groups/',
  conference: '/setup/conferences/',
};

/** The groups of a select that offers every target; kinds of which there is none are left out. */
export function targetGroups(
  page: Pick<PageContext, 't'>,
  options: TargetOptions,
): readonly OptionGroup[] {
  const group = (kind: string, offered: readonly TargetOption[]): OptionGroup => ({
    label: page.t(`configuration.target.${kind}`),
    options: offered.map(({ value, name }) => ({
      value,
      label: page.t(`configuration.target.text.${value.split(':')[0] ?? ''}`, { name }),
    })),
  });
  return [
    group('flows', options.flows),
    group('queues', options.queues),
    group('extensions', options.extensions),
    group('ring-groups', options.ringGroups),
    group('conferences', options.conferences),
    group('pbx-numbers', options.pbxNumbers),
    group('queue-voicemails', options.queueVoicemails),
    group('extension-voicemails', options.extensionVoicemails),
    {
      label: page.t('configuration.target.other'),
      options: [{ value: 'hangup', label: page.t('configuration.target.hangup') }],
    },
  ].filter((offered) => offered.options.length > 0);
}

/** A target as lists show it: icon, words, link. */
export interface TargetView {
  readonly icon: string;
  readonly text: string;
  readonly href: string | undefined;
}

/** Targets as lists show them, in one look at the database. */
export async function targetViews(
  page: Pick<PageContext, 't'>,
  store: TargetStore,
  targets: readonly Target[],
): Promise<readonly TargetView[]> {
  const names = await store.names(targets);
  return targets.map((target, at) => {
    const kind = targetText(target).split(':')[0] ?? '';
    const path = PATHS[target.kind];
    return {
      icon: ICONS[target.kind],
      text: page.t(`configuration.target.text.${kind}`, { name: names[at] ?? '' }),
      href: path === undefined || !('id' in target) ? undefined : `${path}${String(target.id)}`,
    };
  });
}
