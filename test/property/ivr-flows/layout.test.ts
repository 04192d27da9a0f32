import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  layOut,
  type Box,
  type Layout,
  type LayoutNode,
} from '../../../src/features/ivr-flows/drawing/layout.js';

/** Any graph: circles, exits to the card itself, cards that nothing leads to, many exits. */
const graph: fc.Arbitrary<readonly LayoutNode[]> = fc
  .integer({ min: 1, max: 24 })
  .chain((count) =>
    fc.array(
      fc.record({
        width: fc.integer({ min: 100, max: 240 }),
        height: fc.integer({ min: 40, max: 90 }),
        referenceWidth: fc.integer({ min: 40, max: 160 }),
        exits: fc.uniqueArray(
          fc.record({
            label: fc.constantFrom('', '1', 'no key', '2 · 3 · wrong key'),
            labelWidth: fc.integer({ min: 0, max: 120 }),
            to: fc.nat(count - 1).map(String),
          }),
          { maxLength: 6, selector: (exit) => exit.to },
        ),
      }),
      { minLength: count, maxLength: count },
    ),
  )
  .map((cards) => cards.map((card, index) => ({ id: String(index), ...card })));

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;

function boxesOf(layout: Layout): readonly Box[] {
  const labels = layout.lines.flatMap((line) => (line.label === undefined ? [] : [line.label]));
  return [...layout.cards, ...layout.references, ...labels];
}

describe('drawing of a flow, for any flow', () => {
  it('has every card once and every exit once', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const layout = layOut(nodes);
        expect(layout.cards.map((card) => card.id).sort()).to.deep.equal(
          nodes.map((node) => node.id).sort(),
        );
        const exits = nodes.flatMap((node) => node.exits.map((exit) => `${node.id} ${exit.to}`));
        expect(layout.lines.map((line) => `${line.from} ${line.to}`).sort()).to.deep.equal(
          exits.sort(),
        );
      }),
    );
  });

  it('lets no card, reference or label cover another, and keeps all inside the picture', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const layout = layOut(nodes);
        const boxes = boxesOf(layout);
        boxes.forEach((box, index) => {
          expect(box.x).to.be.at.least(0);
          expect(box.y).to.be.at.least(0);
          expect(box.x + box.width).to.be.at.most(layout.width);
          expect(box.y + box.height).to.be.at.most(layout.height);
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).to.equal(false);
        });
      }),
    );
  });

  it('runs lines down, from their card to what they lead to, and beside every other card', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const layout = layOut(nodes);
        for (const line of layout.lines) {
          const from = layout.cards.find((card) => card.id === line.from);
          const [first] = line.points;
          const last = line.points.at(-1);
          if (!from || !first || !last) throw new Error('a line has no ends');
          expect(first[1]).to.be.closeTo(from.y + from.height, 0.01);
          expect(first[0]).to.be.within(from.x, from.x + from.width);
          const ends = line.isBack ? layout.references : layout.cards;
          expect(
            ends.some(
              (end) =>
                end.id === line.to &&
                Math.abs(end.y - last[1]) < 0.01 &&
                Math.abs(end.x + end.width / 2 - last[0]) < 0.01,
            ),
          ).to.equal(true);
          line.points.forEach(([, y], index) => {
            expect(y).to.be.at.least(line.points[index - 1]?.[1] ?? 0);
          });
          // Straight pieces are the pairs; between pairs lines run in rows that hold no cards.
          for (let index = 0; index + 1 < line.points.length; index += 2) {
            const [x, top] = line.points[index] ?? [0, 0];
            const [, bottom] = line.points[index + 1] ?? [0, 0];
            const piece = { x, y: top, width: 0.1, height: bottom - top };
            for (const card of layout.cards) expect(overlap(card, piece)).to.equal(false);
          }
        }
      }),
    );
  });

  it('draws the same flow the same way twice', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        expect(layOut(nodes)).to.deep.equal(layOut(structuredClone(nodes)));
      }),
    );
  });
});
