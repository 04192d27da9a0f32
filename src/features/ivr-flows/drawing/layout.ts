import { layerNodes, linksOf, type Line, type Link, type Vertex } from './layered-graph.js';
import { groupBy, orderRanks } from './order-ranks.js';
import { placeRanks } from './place-ranks.js';

/** One way out of a card. Exits with the same target come as one. */
export interface LayoutExit {
  /** '' draws a line without a label. */
  readonly label: string;
  readonly labelWidth: number;
  /** '' where it leads nowhere yet: there is no line, but room for its label. */
  readonly to: string;
}
export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Width of the small box that names this card where a line would lead back up or far down. */
  readonly referenceWidth: number;
  readonly exits: readonly LayoutExit[];
}

/** Left, top, width, height in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface PlacedCard extends Box {
  readonly id: string;
  /** Where each of its exits leaves it, from its middle. */
  readonly ports: readonly number[];
}
/** The small box that stands for a card elsewhere. */
export interface PlacedReference extends Box {
  /** The card that it stands for, and the one whose exit leads to it. */
  readonly id: string;
  readonly from: string;
}
export interface PlacedLabel extends Box {
  readonly text: string;
}
export interface PlacedLine {
  readonly from: string;
  /** Which of the exits of the card. */
  readonly exit: number;
  readonly to: string;
  /** Where it ends in a reference: which of them. */
  readonly reference: number | undefined;
  /** True where it ends in a reference. */
  readonly isBack: boolean;
  readonly label: PlacedLabel | undefined;
  /** Where it leaves its card, straight pieces past the ranks between, where it arrives: pairs of top and bottom. */
  readonly points: readonly (readonly [x: number, y: number])[];
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly references: readonly PlacedReference[];
  readonly lines: readonly PlacedLine[];
}

const MARGIN = 24;
const LABEL_HEIGHT = 20;
const LABEL_GAP = 8;
/** From a card's lower edge to where its lines may leave their columns: the row of labels. */
const LABEL_ROW = 30;
/** Room in which lines run sideways. */
const CURVE_ROW = 44;
const CURVE_ROW_MAX = 110;

type Ports = ReadonlyMap<string, number>;
interface Row {
  readonly top: number;
  /** Lower edge of the highest card and its labels: from here lines may run sideways. */
  readonly bottom: number;
}

/**
 * Draws a graph from the top down, in layers: no boxes overlap, lines run beside cards and never through them, and the
 * same flow always gives the same picture. Time grows with steps times exits; 300 steps take some milliseconds.
 */
export function layOut(given: readonly LayoutNode[]): Layout {
  const nodes = given.map(wideEnough);
  const graph = layerNodes(nodes);
  const links = linksOf(graph.lines);
  const ranks = orderRanks(graph, links);
  const ports = portOffsets(nodes, graph.lines, ranks);
  const middles = placeRanks(ranks, links, (link) =>
    link.from.kind === 'card' ? portOf(ports, link.from.id, link.exit) : 0,
  );
  const rows = rowsOf(ranks, links);
  const place = (vertex: Vertex): Box => ({
    x: MARGIN + (middles.get(vertex) ?? 0) - vertex.width / 2,
    y: rows[vertex.rank]?.top ?? 0,
    width: vertex.width,
    height: vertex.height,
  });
  const all = ranks.flat();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const cards = all
    .filter((vertex) => vertex.kind === 'card')
    .map((vertex): PlacedCard => ({
      ...place(vertex),
      id: vertex.id,
      ports: (byId.get(vertex.id)?.exits ?? []).map((_, exit) => portOf(ports, vertex.id, exit)),
    }));
  const backward = graph.lines.filter((line) => line.path.at(-1)?.kind === 'reference');
  const references = backward.flatMap((line): PlacedReference[] => {
    const end = line.path.at(-1);
    return end === undefined ? [] : [{ ...place(end), id: end.id, from: line.from }];
  });
  const numbers = new Map(backward.map((line, index) => [line, index]));
  return {
    width: Math.max(0, ...all.map(place).map((box) => box.x + box.width)) + MARGIN,
    height: Math.max(0, ...[...cards, ...references].map((box) => box.y + box.height)) + MARGIN,
    cards,
    references,
    lines: graph.lines.map((line) => ({
      ...placeLine(line, { byId, ports, rows, place }),
      reference: numbers.get(line),
    })),
  };
}

const labelsWidth = (node: LayoutNode): number =>
  node.exits.reduce((sum, exit) => sum + exit.labelWidth + LABEL_GAP, 0);

/** A card is at least as wide as the labels of its exits side by side. */
const wideEnough = (node: LayoutNode): LayoutNode => ({
  ...node,
  width: Math.max(node.width, labelsWidth(node)),
});

const portKey = (id: string, exit: number): string => `${String(exit)} ${id}`;
const portOf = (ports: Ports, id: string, exit: number): number =>
  ports.get(portKey(id, exit)) ?? 0;

/** Exits leave a card side by side, in the order of what they lead to, so that they do not cross at once. */
function portOffsets(
  nodes: readonly LayoutNode[],
  lines: readonly Line[],
  ranks: readonly (readonly Vertex[])[],
): Ports {
  const places = new Map(ranks.flatMap((rank) => rank.map((vertex, place) => [vertex, place])));
  const byCard = groupBy(lines, (line) => line.from);
  const ports = new Map<string, number>();
  for (const node of nodes) {
    const own = (byCard.get(node.id) ?? []).toSorted((a, b) => firstPlace(a) - firstPlace(b));
    const drawn = own.map((line) => line.exit);
    // Exits that lead nowhere yet come last.
    const open = [...node.exits.keys()].filter((exit) => !drawn.includes(exit));
    let left = -labelsWidth(node) / 2;
    for (const exit of [...drawn, ...open]) {
      const width = (node.exits[exit]?.labelWidth ?? 0) + LABEL_GAP;
      ports.set(portKey(node.id, exit), left + width / 2);
      left += width;
    }
  }
  return ports;
  function firstPlace(line: Line): number {
    const next = line.path[1];
    return next === undefined ? 0 : (places.get(next) ?? 0);
  }
}

/** Ranks from the top down; the more lines run between two of them, the more room they get. */
function rowsOf(ranks: readonly (readonly Vertex[])[], links: readonly Link[]): readonly Row[] {
  const between = groupBy(links, (link) => link.from.rank);
  let top = MARGIN;
  return ranks.map((rank, index) => {
    const bottom = top + Math.max(0, ...rank.map((vertex) => vertex.height)) + LABEL_ROW;
    const row = { top, bottom };
    const busy = CURVE_ROW + 3 * (between.get(index)?.length ?? 0);
    top = bottom + Math.min(CURVE_ROW_MAX, busy);
    return row;
  });
}

interface Placing {
  readonly byId: ReadonlyMap<string, LayoutNode>;
  readonly ports: Ports;
  readonly rows: readonly Row[];
  readonly place: (vertex: Vertex) => Box;
}

function placeLine(
  line: Line,
  { byId, ports, rows, place }: Placing,
): Omit<PlacedLine, 'reference'> {
  const exit = byId.get(line.from)?.exits[line.exit];
  const [first, ...rest] = line.path.map((vertex) => ({ vertex, box: place(vertex) }));
  const last = rest.at(-1);
  if (first === undefined || last === undefined || exit === undefined)
    throw new Error(`a line of ${line.from} has no ends`);
  const middle = (box: Box): number => box.x + box.width / 2;
  const start = middle(first.box) + portOf(ports, line.from, line.exit);
  const below = first.box.y + first.box.height;
  const points: (readonly [number, number])[] = [
    [start, below],
    [start, rows[first.vertex.rank]?.bottom ?? below],
  ];
  for (const { vertex, box } of rest.slice(0, -1))
    points.push([middle(box), box.y], [middle(box), rows[vertex.rank]?.bottom ?? box.y]);
  points.push([middle(last.box), last.box.y]);
  return {
    from: line.from,
    exit: line.exit,
    to: exit.to,
    isBack: last.vertex.kind === 'reference',
    label: exit.label === '' ? undefined : labelAt(exit, start, below),
    points,
  };
}

const labelAt = (exit: LayoutExit, middle: number, below: number): PlacedLabel => ({
  text: exit.label,
  x: middle - exit.labelWidth / 2,
  y: below + (LABEL_ROW - LABEL_HEIGHT) / 2,
  width: exit.labelWidth,
  height: LABEL_HEIGHT,
});
