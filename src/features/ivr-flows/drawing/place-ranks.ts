import type { Link, Vertex } from './layered-graph.js';
import { groupBy } from './order-ranks.js';

/** Space between neighbours on a rank. */
const GAP = 28;
/** Passes, down and up by turns. */
const PASSES = 10;
/** Bends pull harder than cards: a long line is straight before it is short. */
const BEND_WEIGHT = 4;

/** Where the line leaves a vertex, from the vertex's middle. */
export type PortOffset = (link: Link) => number;

/**
 * The middle of every vertex, from left to right, beginning at 0. Each pass moves vertices as near to their neighbours
 * as the order and the gaps allow, so nothing ever overlaps.
 */
export function placeRanks(
  ranks: readonly (readonly Vertex[])[],
  links: readonly Link[],
  portOffset: PortOffset,
): ReadonlyMap<Vertex, number> {
  const incoming = groupBy(links, (link) => link.to);
  const outgoing = groupBy(links, (link) => link.from);
  const x = new Map<Vertex, number>();
  for (const rank of ranks) settle(rank, x, () => []);
  const above = (vertex: Vertex): number[] =>
    (incoming.get(vertex) ?? []).map((link) => (x.get(link.from) ?? 0) + portOffset(link));
  const below = (vertex: Vertex): number[] =>
    (outgoing.get(vertex) ?? []).map((link) => (x.get(link.to) ?? 0) - portOffset(link));
  for (let pass = 0; pass < PASSES; pass += 1)
    if (pass % 2 === 0) for (const rank of ranks.toReversed()) settle(rank, x, below);
    else for (const rank of ranks) settle(rank, x, above);
  const left = Math.min(...[...x].map(([vertex, middle]) => middle - vertex.width / 2));
  return new Map([...x].map(([vertex, middle]) => [vertex, middle - left]));
}

interface Block {
  readonly from: number;
  readonly weight: number;
  readonly place: number;
}

/**
 * Places one rank: the least sum of squared distances to the wanted places under the given order and gaps, by pooling
 * neighbours that push each other into blocks (isotonic regression).
 */
function settle(
  rank: readonly Vertex[],
  x: Map<Vertex, number>,
  neighbours: (vertex: Vertex) => readonly number[],
): void {
  const packed = packedPlaces(rank);
  const blocks: Block[] = [];
  rank.forEach((vertex, index) => {
    const found = neighbours(vertex);
    const mean = found.reduce((sum, place) => sum + place, 0) / found.length;
    const wanted = found.length === 0 ? (x.get(vertex) ?? packed[index] ?? 0) : mean;
    const weight = (vertex.kind === 'bend' ? BEND_WEIGHT : 1) * (found.length === 0 ? 0.1 : 1);
    let block: Block = { from: index, weight, place: wanted - (packed[index] ?? 0) };
    for (let last = blocks.at(-1); last && last.place > block.place; last = blocks.at(-1)) {
      blocks.pop();
      const both = last.weight + block.weight;
      const place = (last.place * last.weight + block.place * block.weight) / both;
      block = { from: last.from, weight: both, place };
    }
    blocks.push(block);
  });
  blocks.forEach((block, index) => {
    const end = blocks[index + 1]?.from ?? rank.length;
    for (const [offset, vertex] of rank.slice(block.from, end).entries())
      x.set(vertex, block.place + (packed[block.from + offset] ?? 0));
  });
}

/** Middles of a rank whose vertices stand as close as they may. */
function packedPlaces(rank: readonly Vertex[]): readonly number[] {
  let right = 0;
  return rank.map((vertex) => {
    const middle = right + vertex.width / 2;
    right = middle + vertex.width / 2 + GAP;
    return middle;
  });
}
