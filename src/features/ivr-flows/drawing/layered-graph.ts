import type { LayoutNode } from './layout.js';

/** What stands on a rank: a card, a reference to a card further up, or the bend of a line that passes by. */
export interface Vertex {
  readonly kind: 'card' | 'reference' | 'bend';
  /** Of the card; for a reference, of the card that it names. */
  readonly id: string;
  readonly rank: number;
  readonly width: number;
  readonly height: number;
}

/** A line from one rank to the next. `exit` counts the exits of the card where the whole line begins. */
export interface Link {
  readonly from: Vertex;
  readonly to: Vertex;
  readonly exit: number;
}

/** A whole line: card, bends, card or reference. */
export interface Line {
  readonly from: string;
  readonly exit: number;
  readonly path: readonly Vertex[];
}

export interface LayeredGraph {
  readonly ranks: readonly (readonly Vertex[])[];
  readonly lines: readonly Line[];
}

const BEND_WIDTH = 10;
export const REFERENCE_HEIGHT = 24;

/** Ranks that a line passes at most: nobody follows a longer one, and drawing many of them takes long. */
const MAX_SPAN = 8;

type Forward = ReadonlyMap<string, readonly boolean[]>;

/**
 * Puts every card one rank below the lowest card that leads to it. An exit that leads back up, or far down, does not draw
 * a line across the picture: it ends in a small reference on the next rank.
 */
export function layerNodes(nodes: readonly LayoutNode[]): LayeredGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const { forward, order } = findForward(nodes, byId);
  const rankOf = longestPaths(order, byId, forward);
  const ranks: Vertex[][] = [];
  const put = (vertex: Vertex): Vertex => {
    (ranks[vertex.rank] ??= []).push(vertex);
    return vertex;
  };
  const cards = new Map(
    order.map((id) => {
      const { width, height } = byId.get(id) ?? { width: 0, height: 0 };
      return [id, put({ kind: 'card', id, rank: rankOf.get(id) ?? 0, width, height })];
    }),
  );
  const lines: Line[] = [];
  for (const id of order)
    byId.get(id)?.exits.forEach((exit, index) => {
      const from = cards.get(id);
      const to = cards.get(exit.to);
      if (!from || !to) return;
      const rank = from.rank + 1;
      const path = [from];
      if (forward.get(id)?.[index] === true && to.rank - from.rank <= MAX_SPAN) {
        for (let at = rank; at < to.rank; at += 1)
          path.push(put({ kind: 'bend', id: exit.to, rank: at, width: BEND_WIDTH, height: 0 }));
        path.push(to);
      } else {
        const width = byId.get(exit.to)?.referenceWidth ?? 0;
        path.push(put({ kind: 'reference', id: exit.to, rank, width, height: REFERENCE_HEIGHT }));
      }
      lines.push({ from: id, exit: index, path });
    });
  return { ranks, lines };
}

/** The pieces of all lines between neighbouring ranks. */
export const linksOf = (lines: readonly Line[]): readonly Link[] =>
  lines.flatMap(({ path, exit }) =>
    path.slice(1).flatMap((to, index) => {
      const from = path[index];
      return from === undefined ? [] : [{ from, to, exit }];
    }),
  );

/** Walks depth first: which exits lead forward (not to a card that the walk is still inside of), and cards in walking order. */
function findForward(nodes: readonly LayoutNode[], byId: ReadonlyMap<string, LayoutNode>) {
  const forward = new Map<string, boolean[]>();
  const order: string[] = [];
  const inside = new Set<string>();
  const visit = (node: LayoutNode): void => {
    const exits: boolean[] = [];
    forward.set(node.id, exits);
    order.push(node.id);
    inside.add(node.id);
    for (const exit of node.exits) {
      exits.push(!inside.has(exit.to));
      const next = byId.get(exit.to);
      if (next && !forward.has(exit.to)) visit(next);
    }
    inside.delete(node.id);
  };
  for (const node of nodes) if (!forward.has(node.id)) visit(node);
  return { forward: forward as Forward, order };
}

function longestPaths(
  order: readonly string[],
  byId: ReadonlyMap<string, LayoutNode>,
  forward: Forward,
): ReadonlyMap<string, number> {
  const rankOf = new Map(order.map((id) => [id, 0]));
  const waiting = new Map(order.map((id) => [id, 0]));
  const targets = (id: string): string[] =>
    (byId.get(id)?.exits ?? [])
      .filter((exit, index) => forward.get(id)?.[index] === true && byId.has(exit.to))
      .map((exit) => exit.to);
  for (const id of order) for (const to of targets(id)) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const ready = order.filter((id) => waiting.get(id) === 0);
  for (let id = ready.pop(); id !== undefined; id = ready.pop())
    for (const to of targets(id)) {
      rankOf.set(to, Math.max(rankOf.get(to) ?? 0, (rankOf.get(id) ?? 0) + 1));
      const left = (waiting.get(to) ?? 1) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  return rankOf;
}
