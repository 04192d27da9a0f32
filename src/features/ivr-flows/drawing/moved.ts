import { findStep } from '../../../engines/ivr/exits.js';
import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import type { Layout, PlacedLine } from './layout.js';

export interface MovedLine extends PlacedLine {
  /** One of its ends is not where the layout put it: only the first and the last point count. */
  readonly isMoved: boolean;
}

/** The layout with the steps that somebody moved where they were put; references and lines go with them. */
export function movedLayout(
  layout: Layout,
  definition: FlowDefinition,
): Omit<Layout, 'lines'> & { readonly lines: readonly MovedLine[] } {
  const shifts = new Map<string, readonly [x: number, y: number]>();
  for (const card of layout.cards) {
    const position = findStep(definition, card.id)?.position;
    if (position) shifts.set(card.id, [position.x - card.x, position.y - card.y]);
  }
  if (shifts.size === 0)
    return { ...layout, lines: layout.lines.map((line) => ({ ...line, isMoved: false })) };
  const move = <T extends { readonly x: number; readonly y: number }>(box: T, by: string): T => {
    const [x, y] = shifts.get(by) ?? [0, 0];
    return { ...box, x: box.x + x, y: box.y + y };
  };
  return {
    ...layout,
    cards: layout.cards.map((card) => move(card, card.id)),
    references: layout.references.map((box) => move(box, box.from)),
    lines: layout.lines.map((line) => movedLine(line, shifts)),
  };
}

function movedLine(
  line: PlacedLine,
  shifts: ReadonlyMap<string, readonly [x: number, y: number]>,
): MovedLine {
  const [fromX, fromY] = shifts.get(line.from) ?? [0, 0];
  const [toX, toY] = shifts.get(line.isBack ? line.from : line.to) ?? [0, 0];
  const isMoved = [fromX, fromY, toX, toY].some((shift) => shift !== 0);
  const last = line.points.length - 1;
  const points = line.points.map(([x, y], index): readonly [number, number] =>
    index === last ? [x + toX, y + toY] : [x + fromX, y + fromY],
  );
  return { ...line, points, isMoved };
}
