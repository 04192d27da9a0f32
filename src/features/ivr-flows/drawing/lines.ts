type Points = readonly (readonly [x: number, y: number])[];

/** How far a line runs straight down before it turns. */
const LEAST_PULL = 40;

const text = (value: number): string => String(Math.round(value * 10) / 10);
const point = ([x, y]: readonly [number, number]): string => `${text(x)} ${text(y)}`;
const at = (points: Points, index: number): readonly [number, number] => points[index] ?? [0, 0];

/** Straight past cards, in an even curve from rank to rank. */
export function pathOf(points: Points): string {
  let path = `M ${point(at(points, 0))}`;
  for (let index = 1; index < points.length; index += 1) {
    const [fromX, fromY] = at(points, index - 1);
    const [toX, toY] = at(points, index);
    const isStraight = index % 2 === 1 || Math.abs(fromX - toX) < 0.5;
    const middle = (fromY + toY) / 2;
    path += isStraight
      ? ` L ${point([toX, toY])}`
      : ` C ${point([fromX, middle])} ${point([toX, middle])} ${point([toX, toY])}`;
  }
  return path;
}

/** Directly from the first point to the last: leaving downwards, arriving from above. */
export function curveOf(points: Points): string {
  const [fromX, fromY] = at(points, 0);
  const [toX, toY] = at(points, points.length - 1);
  const pull = Math.max(LEAST_PULL, Math.abs(toY - fromY) / 2);
  return `M ${point([fromX, fromY])} C ${point([fromX, fromY + pull])} ${point([toX, toY - pull])} ${point([toX, toY])}`;
}
