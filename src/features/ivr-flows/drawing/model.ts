import type { CardView, DrawingView } from './flow-drawing.js';

/** The drawing as the browser's script takes it: what it draws and what it needs to say what somebody did. */
export function drawingModel(
  drawing: DrawingView,
  options: { readonly selected: string; readonly isEditable: boolean },
) {
  const { box, isLarge } = drawing;
  return {
    ...{ selected: options.selected, isEditable: options.isEditable, isLarge, box },
    cards: drawing.cards.map(cardOf),
    references: drawing.references.map(({ id, to, text, x, y, width, height }) => ({
      ...{ id, to, text, x, y, width, height },
    })),
    lines: drawing.lines.map(({ id, from, exit, end, isBack, points }) => ({
      ...{ id, from, exit, end, isBack, points },
    })),
    figures: drawing.figures.map(({ id, text, x, y, width, height }) => ({
      ...{ id, text, x, y, width, height },
    })),
  };
}

function cardOf(card: CardView) {
  const { id, kind, icon, title, summary, tip, level, levelText, exits } = card;
  const { x, y, width, height } = card;
  return { id, kind, icon, title, summary, tip, level, levelText, exits, x, y, width, height };
}
