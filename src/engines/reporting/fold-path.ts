import type { CallEvent } from '../../kernel/call-event.js';

/** What stands between two keys of a path. */
export const PATH_SEPARATOR = ' · ';

/**
 * The keys that a caller pressed and that were accepted, each with the label of the step that it led to. A key that led
 * out of the menu without another step stands alone; `*` and the like are given as pressed.
 */
export function foldPath(ordered: readonly CallEvent[]): string {
  const parts: string[] = [];
  let awaitsLabel = false;
  for (const event of ordered) {
    if (event.kind === 'key-pressed' && event.accepted) {
      parts.push(event.digits);
      awaitsLabel = true;
    } else if (event.kind === 'step-entered' && awaitsLabel) {
      const last = parts.length - 1;
      if (event.label !== '') parts[last] = `${parts[last] ?? ''} ${event.label}`;
      awaitsLabel = false;
    }
  }
  return parts.join(PATH_SEPARATOR);
}
