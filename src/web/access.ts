import { can, type Actor } from '../kernel/actor.js';
import type { Access, MenuEntry } from './kit/page-routes.js';

/** Whether somebody may open what is so marked. */
export function mayOpen(actor: Actor | undefined, access: Access): boolean {
  if (access === 'public') return true;
  if (!actor) return false;
  if (access === 'signed-in') return true;
  const permissions = typeof access === 'string' ? [access] : access;
  return permissions.some((permission) => can(actor, permission));
}

/** The entries that somebody sees, in their order within each group. */
export const visibleEntries = (menu: readonly MenuEntry[], actor: Actor): readonly MenuEntry[] =>
  menu
    .filter((entry) => mayOpen(actor, entry.access) && (entry.isFor?.(actor) ?? true))
    .sort((a, b) => a.order - b.order);
