import type { Language } from '../../kernel/call-event.js';
import type { DispositionId, QueueId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';

/** One line of the tree. */
export interface OutlineLine {
  readonly disposition: DispositionConfig;
  /** 1 at the top. */
  readonly level: number;
  /** From the top down, in the reader's language. */
  readonly path: readonly string[];
  /** Others stand below it: it is a group. */
  readonly isGroup: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The tree line by line, each followed by what stands below it. Archived dispositions are left out with all below them. */
export function outlineOf(
  dispositions: Iterable<DispositionConfig>,
  language: Language,
): readonly OutlineLine[] {
  const below = new Map<DispositionId | undefined, DispositionConfig[]>();
  for (const one of dispositions) {
    if (one.isArchived) continue;
    below.set(one.parentId, [...(below.get(one.parentId) ?? []), one]);
  }
  const lines: OutlineLine[] = [];
  const visit = (parent: DispositionId | undefined, path: readonly string[]): void => {
    const siblings = (below.get(parent) ?? []).toSorted(byPlace);
    siblings.forEach((disposition, at) => {
      const ownPath = [...path, disposition.names[language]];
      lines.push({
        disposition,
        level: ownPath.length,
        path: ownPath,
        isGroup: below.has(disposition.id),
        isFirst: at === 0,
        isLast: at === siblings.length - 1,
      });
      visit(disposition.id, ownPath);
    });
  };
  visit(undefined, []);
  return lines;
}

const byPlace = (a: DispositionConfig, b: DispositionConfig): number =>
  a.position - b.position || a.id - b.id;

const PATH_MARK = ' › ';
/** `Delivery › Late`. */
export const pathText = (path: readonly string[]): string => path.join(PATH_MARK);

/** The path of any disposition, archived ones too; '' where there is none with this id. */
export function pathOf(
  dispositions: ReadonlyMap<DispositionId, DispositionConfig>,
  id: DispositionId,
  language: Language,
): string {
  const names: string[] = [];
  for (let one = dispositions.get(id); one; one = parentOf(dispositions, one))
    names.unshift(one.names[language]);
  return pathText(names);
}

const parentOf = (
  dispositions: ReadonlyMap<DispositionId, DispositionConfig>,
  { parentId }: DispositionConfig,
): DispositionConfig | undefined =>
  parentId === undefined ? undefined : dispositions.get(parentId);

/** A disposition and everything below it, archived ones too. */
export function withBelow(
  dispositions: Iterable<DispositionConfig>,
  id: DispositionId,
): ReadonlySet<DispositionId> {
  const all = [...dispositions];
  const found = new Set([id]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { id: one, parentId } of all)
      if (parentId !== undefined && found.has(parentId)) found.add(one);
  }
  return found;
}

/**
 * Codes that an agent can choose for a call of a queue, in the order of the tree. Calls that came through no queue are
 * offered what all queues are offered.
 */
export function offeredCodes(
  dispositions: ReadonlyMap<DispositionId, DispositionConfig>,
  queue: QueueId | undefined,
  language: Language,
): readonly OutlineLine[] {
  const fits = ({ isActive, queues }: DispositionConfig): boolean =>
    isActive && (queues === 'all' || (queue !== undefined && queues.includes(queue)));
  const isOffered = (one: DispositionConfig): boolean => {
    const parent = parentOf(dispositions, one);
    return fits(one) && (parent === undefined || isOffered(parent));
  };
  return outlineOf(dispositions.values(), language).filter(
    ({ disposition, isGroup }) => !isGroup && isOffered(disposition),
  );
}
