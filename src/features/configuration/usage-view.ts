import type { PageContext } from '../../web/kit/index.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { Usage } from './usage.js';

/** A use as a link. */
export interface UsageView {
  readonly href: string;
  readonly icon: string;
  readonly kind: string;
  readonly label: string;
}

const PLACES: Readonly<Record<Usage['kind'], { readonly icon: string; readonly path: string }>> = {
  did: { icon: 'hash', path: '/setup/dids/' },
  queue: { icon: 'users-group', path: '/setup/queues/' },
  flow: { icon: 'sitemap', path: '/setup/ivr/' },
  agent: { icon: 'headset', path: '/setup/agents/' },
  'ring-group': { icon: 'bell-ringing', path: '/setup/ring-groups/' },
  'paging-group': { icon: 'speakerphone', path: '/setup/paging-groups/' },
  'ring-group-member': { icon: 'bell-ringing', path: '/setup/ring-groups/' },
  trunk: { icon: 'plug-connected', path: '/setup/trunks/' },
  'queue-skill': { icon: 'users-group', path: '/setup/queues/' },
  'queue-music': { icon: 'users-group', path: '/setup/queues/' },
  'queue-survey': { icon: 'users-group', path: '/setup/queues/' },
  'queue-script': { icon: 'users-group', path: '/setup/queues/' },
  survey: { icon: 'clipboard-list', path: '/setup/surveys/' },
  'not-ready-reason': { icon: 'coffee', path: '/setup/not-ready-reasons/' },
  music: { icon: 'music', path: '/setup/music/' },
  'routing-rule': { icon: 'route', path: '/setup/routing/' },
  hook: { icon: 'plug-connected', path: '/setup/hooks/' },
  campaign: { icon: 'phone-outgoing', path: '/campaigns/' },
  disposition: { icon: 'list-check', path: '/setup/dispositions/' },
  // There is one only.
  limits: { icon: 'gauge', path: '/setup/limits?of=' },
  callbacks: { icon: 'phone-calling', path: '/callbacks?queue=' },
  operator: { icon: 'headset', path: '/setup/operator?of=' },
};

/** What uses a row, as links for the partial `configuration/uses`. */
export const usageViews = (
  page: Pick<PageContext, 't' | 'country' | 'language'>,
  uses: readonly Usage[],
): readonly UsageView[] =>
  uses.map((use) => ({
    href: `${PLACES[use.kind].path}${String(use.id)}`,
    icon: PLACES[use.kind].icon,
    kind: page.t(`configuration.use.${use.kind}`),
    label: labelOf(page, use),
  }));

function labelOf(
  page: Pick<PageContext, 't' | 'country' | 'language'>,
  { kind, name, count }: Usage,
): string {
  if (kind === 'callbacks') return page.t('configuration.open-callbacks', { count: count ?? 0 });
  return kind === 'did' ? formatNumber(name, page.country, page.language) : name;
}

/** Why a row was not archived, for the partial `configuration/not-archived`. */
export function notArchivedView(uses: readonly Usage[]) {
  const callbacks = uses.find(({ kind }) => kind === 'callbacks');
  const notArchived = uses.filter((use) => use !== callbacks).length;
  if (callbacks === undefined) return { notArchived };
  const openCallbacksHref = `${PLACES.callbacks.path}${String(callbacks.id)}`;
  return { notArchived, openCallbacks: callbacks.count, openCallbacksHref };
}
