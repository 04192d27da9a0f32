import type { Actor } from '../kernel/actor.js';
import { visibleEntries } from './access.js';
import { MENU_GROUPS, type MenuEntry } from './kit/page-routes.js';

export interface MenuGroupView {
  /** Key of the catalog; '' for entries without a heading. */
  readonly label: string;
  readonly entries: readonly {
    readonly label: string;
    readonly icon: string;
    readonly href: string;
    readonly on: boolean;
    readonly count: number;
  }[];
}

/** The sidebar of one page. */
export interface MenuView {
  /** Key of the catalog: the name of the landmark. */
  readonly label: string;
  readonly brand: string;
  readonly isSetup: boolean;
  readonly groups: readonly MenuGroupView[];
  /** Where "Set-up" leads; absent for those who may open nothing there. */
  readonly setupHref: string | undefined;
}

const setupGroups: readonly string[] = MENU_GROUPS.setup;

const isUnder = (path: string, href: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);

/** Builds the sidebar: the set-up area has one of its own. `counts` has the numbers beside entries, by href. */
export function menuView(
  menu: readonly MenuEntry[],
  actor: Actor,
  path: string,
  counts: ReadonlyMap<string, number>,
): MenuView {
  const entries = visibleEntries(menu, actor);
  const isSetup = isUnder(path, '/setup');
  // The longest matching address is the current page: `/calls` is not current on `/calls/voicemail`.
  const current = entries
    .filter((entry) => isUnder(path, entry.href))
    .sort((a, b) => b.href.length - a.href.length)[0];
  const groups = (isSetup ? MENU_GROUPS.setup : MENU_GROUPS.main).map((group) => ({
    label: group === 'home' ? '' : `nav.group.${group}`,
    entries: entries
      .filter((entry) => entry.group === group)
      .map((entry) => ({
        label: entry.label,
        icon: entry.icon,
        href: entry.href,
        on: entry === current,
        count: counts.get(entry.href) ?? 0,
      })),
  }));
  const order = (entry: MenuEntry): number => setupGroups.indexOf(entry.group);
  const firstSetup = entries
    .filter((entry) => order(entry) >= 0)
    .sort((a, b) => order(a) - order(b))[0];
  return {
    label: isSetup ? 'shell.setup-menu' : 'shell.main-menu',
    brand: isSetup ? 'nav.setup' : 'nav.brand',
    isSetup,
    groups: groups.filter((group) => group.entries.length > 0),
    setupHref: isSetup ? undefined : firstSetup?.href,
  };
}

/** The page that somebody lands on: agents their workspace, others the first entry of the main menu. */
export function landingPath(menu: readonly MenuEntry[], actor: Actor): string {
  const entries = visibleEntries(menu, actor).filter((entry) => entry.href !== '/');
  const workspace = entries.find((entry) => entry.href === '/workspace');
  if (actor.role === 'agent' && workspace) return workspace.href;
  const groups: readonly string[] = [...MENU_GROUPS.main.slice(2), 'work', ...MENU_GROUPS.setup];
  const [first] = [...entries].sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
  return first?.href ?? '/me';
}
