import { requirePermission } from '../../kernel/actor.js';
import type { LiveView } from '../../telephony/live.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import {
  callsHealth,
  lineHealth,
  readParts,
  standbyHealth,
  type PartHealth,
  type PartState,
  type Probe,
} from './health.js';

const LOOKS: Readonly<Record<PartState, { readonly icon: string; readonly tone: string }>> = {
  good: { icon: 'circle-check', tone: 'available' },
  watch: { icon: 'alert-triangle', tone: 'wrapup' },
  down: { icon: 'alert-octagon', tone: 'alarm' },
};

/** What each role says of itself; rejects while Redis is away. */
export type ReadRoles = () => Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;

/** How all parts are now, in words; `/setup/health.json` has the same for monitoring by people who are signed in. */
export function healthPages(
  probes: readonly Probe[],
  readRoles: ReadRoles,
  view: LiveView,
): PageRoutes {
  const parts = async (): Promise<readonly PartHealth[]> => {
    const [looked, roles] = await Promise.all([readParts(probes), rolesOrNone(readRoles)]);
    return [
      ...looked,
      ...callsHealth(roles.get('calls')),
      ...standbyHealth(roles.get('standby')),
      ...lineHealth(view.current),
    ];
  };
  const pages = new PageRoutes();
  pages.get('/setup/health', 'health.read', async (page) => {
    requirePermission(page.actor, 'health.read');
    show(page, await parts());
  });
  pages.get('/setup/health.json', 'health.read', async (page) => {
    requirePermission(page.actor, 'health.read');
    const found = await parts();
    page.res.set('Cache-Control', 'no-store').json({
      isGood: found.every((part) => part.state !== 'down'),
      parts: Object.fromEntries(found.map((part) => [part.name, part.state])),
    });
  });
  return pages;
}

/** Without Redis nobody can say how they are; its own line says that it is away. */
async function rolesOrNone(
  readRoles: ReadRoles,
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  try {
    return await readRoles();
  } catch {
    return new Map();
  }
}

function show(page: PageContext, found: readonly PartHealth[]): void {
  page.render('setup/health', {
    title: page.t('health.title'),
    isGood: found.every((part) => part.state === 'good'),
    parts: found.map((part) => ({
      ...LOOKS[part.state],
      name: page.t(`health.part.${part.name}`),
      state: page.t(`health.state.${part.state}`),
      text: page.t(part.text, part.params),
      reason: part.text === 'health.no-answer' ? part.params?.['reason'] : undefined,
      advice: part.advice === undefined ? '' : page.t(part.advice),
    })),
  });
}
