// Where the keyboard goes from a card of the drawing.

const byX = (a, b) => a.x - b.x;

/** Down by its first line, up to what leads here, sideways among what is beside it; undefined where nothing is. */
export function neighbour({ lines, cards, references }, here, key) {
  const endOf = (line) => references.find((box) => box.id === line.end)?.to ?? line.end;
  const cardsOf = (ids) => cards.filter((card) => ids.includes(card.id)).toSorted(byX);
  if (key === 'ArrowDown')
    return cardsOf(lines.filter((line) => line.from === here && !line.isBack).map(endOf))[0]?.id;
  const above = lines
    .filter((line) => endOf(line) === here && !line.isBack)
    .map((line) => line.from);
  if (key === 'ArrowUp') return cardsOf(above)[0]?.id;
  const now = cards.find((card) => card.id === here);
  const siblings = cards.filter((card) => Math.abs(card.y - now.y) < now.height).toSorted(byX);
  const index = siblings.findIndex((card) => card.id === here);
  return siblings[index + (key === 'ArrowRight' ? 1 : -1)]?.id;
}
