import type { LayeredGraph, Link, Vertex } from './layered-graph.js';

/** Sweeps over all ranks, down and up by turns. More do not make flows better. */
const SWEEPS = 8;

/** Orders each rank so that few lines cross: each vertex moves to the mean place of its neighbours; the best of all sweeps stays. */
export function orderRanks(
  graph: LayeredGraph,
  links: readonly Link[],
): readonly (readonly Vertex[])[] {
  let ranks = graph.ranks.map((rank) => [...rank]);
  let best = ranks;
  let fewest = crossings(ranks, links);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    ranks = sweep % 2 === 0 ? sweepDown(ranks, links) : sweepUp(ranks, links);
    const count = crossings(ranks, links);
    if (count < fewest) {
      fewest = count;
      best = ranks;
    }
  }
  return best;
}

const placesOf = (ranks: readonly (readonly Vertex[])[]): Map<Vertex, number> =>
  new Map(ranks.flatMap((rank) => rank.map((vertex, place) => [vertex, place] as const)));

/** Exits leave a card from left to right: a fraction that keeps the places of neighbouring cards apart. */
const exitPlace = (places: ReadonlyMap<Vertex, number>, link: Link): number =>
  (places.get(link.from) ?? 0) + link.exit / 100;

function sweepDown(ranks: readonly (readonly Vertex[])[], links: readonly Link[]): Vertex[][] {
  const places = placesOf(ranks);
  const incoming = groupBy(links, (link) => link.to);
  return ranks.map((rank) =>
    arrange(rank, places, (vertex) =>
      (incoming.get(vertex) ?? []).map((link) => exitPlace(places, link)),
    ),
  );
}

function sweepUp(ranks: readonly (readonly Vertex[])[], links: readonly Link[]): Vertex[][] {
  const places = placesOf(ranks);
  const outgoing = groupBy(links, (link) => link.from);
  return ranks
    .toReversed()
    .map((rank) =>
      arrange(rank, places, (vertex) =>
        (outgoing.get(vertex) ?? []).map((link) => places.get(link.to) ?? 0),
      ),
    )
    .reverse();
}

/** Sorts one rank by the mean of its neighbours' places and notes the new places for the ranks that follow. */
function arrange(
  rank: readonly Vertex[],
  places: Map<Vertex, number>,
  neighbours: (vertex: Vertex) => readonly number[],
): Vertex[] {
  const wanted = new Map(
    rank.map((vertex) => {
      const found = neighbours(vertex);
      const mean = found.reduce((sum, place) => sum + place, 0) / found.length;
      return [vertex, found.length === 0 ? (places.get(vertex) ?? 0) : mean];
    }),
  );
  const sorted = rank.toSorted((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  sorted.forEach((vertex, place) => places.set(vertex, place));
  return sorted;
}

function crossings(ranks: readonly (readonly Vertex[])[], links: readonly Link[]): number {
  const places = placesOf(ranks);
  const byRank = groupBy(links, (link) => link.from.rank);
  let count = 0;
  for (const group of byRank.values()) {
    const ends = group.map((link) => [exitPlace(places, link), places.get(link.to) ?? 0] as const);
    ends.forEach(([from, to], index) => {
      for (const [otherFrom, otherTo] of ends.slice(index + 1))
        if ((from - otherFrom) * (to - otherTo) < 0) count += 1;
    });
  }
  return count;
}

/** Values by key, in order. */
export function groupBy<T, K>(values: readonly T[], key: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}
