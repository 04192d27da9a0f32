import { findStep } from '../../../engines/ivr/exits.js';
import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import type { FlowProblem } from '../../../engines/ivr/problems.js';
import type { Translate } from '../../../web/kit/index.js';
import { targetsOf } from '../flow-outline.js';
import type { FlowChoices } from '../flow-reports.js';
import { stepSummary } from '../step-summary.js';
import { STEP_ICONS, exitLabels } from '../step-texts.js';
import { layOut, type Box, type LayoutNode, type PlacedLine } from './layout.js';
import { fitText, textWidth } from './text-width.js';

const CARD_WIDTH = 188;
const CARD_HEIGHT = 54;
const TITLE_SIZE = 12.5;
const SUMMARY_SIZE = 11.5;
const LABEL_SIZE = 11;
/** Left of the texts: the coloured strip and the icon; right of them: the mark of a problem. */
const TEXT_LEFT = 44;
const TEXT_RIGHT = 12;
const REFERENCE_WIDTH = 150;
const LARGE = 40;
/** Id of the card "Call comes in"; steps cannot have it. */
const ENTRY = ':entry';

export interface CardView extends Box {
  readonly id: string;
  readonly href: string;
  readonly icon: string;
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  /** Everything in full, for a tooltip. */
  readonly tip: string;
  readonly level: '' | 'error' | 'warning';
  /** Where the mark of a problem stands. */
  readonly markX: number;
  readonly isSelected: boolean;
}
export interface ReferenceView extends Box {
  readonly href: string;
  readonly text: string;
  readonly textX: number;
  readonly textY: number;
}
export interface LineView {
  readonly d: string;
  readonly isBack: boolean;
}
export interface LabelView extends Box {
  readonly text: string;
  readonly textX: number;
  readonly textY: number;
}

/** A flow as the template draws it. All numbers are pixels. */
export interface DrawingView {
  /** Worth a small overview beside it. */
  readonly isLarge: boolean;
  readonly width: number;
  readonly height: number;
  readonly cards: readonly CardView[];
  readonly references: readonly ReferenceView[];
  readonly lines: readonly LineView[];
  readonly labels: readonly LabelView[];
}

export interface DrawingInput {
  readonly definition: FlowDefinition;
  readonly problems: readonly FlowProblem[];
  readonly choices: FlowChoices;
  readonly selected: string | undefined;
  /** What leads here, in words. */
  readonly entrySummary: string;
  readonly hrefOf: (step: string) => string;
  readonly t: Translate;
}

/** Computes the drawing of a flow: the same for everybody, whatever was edited before. */
export function drawFlow(input: DrawingInput): DrawingView {
  const layout = layOut(nodesOf(input));
  const labelOf = (id: string): string => findStep(input.definition, id)?.label ?? id;
  return {
    isLarge: layout.cards.length > LARGE,
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    cards: layout.cards.map((card) => cardView(card.id, whole(card), input)),
    references: layout.references.map((box) => ({
      ...whole(box),
      href: input.hrefOf(box.id),
      text: fitText(`↩ ${labelOf(box.id)}`, LABEL_SIZE, box.width - 12),
      ...middleOf(box),
    })),
    lines: layout.lines.map((line) => ({ d: pathOf(line), isBack: line.isBack })),
    labels: layout.lines.flatMap(({ label }) =>
      label === undefined ? [] : [{ ...whole(label), text: label.text, ...middleOf(label) }],
    ),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const whole = (box: Box): Box => ({
  x: round(box.x),
  y: round(box.y),
  width: round(box.width),
  height: round(box.height),
});
const middleOf = (box: Box) => ({
  textX: round(box.x + box.width / 2),
  textY: round(box.y + box.height / 2 + 4),
});

function nodesOf({ definition, t }: DrawingInput): readonly LayoutNode[] {
  const size = { width: CARD_WIDTH, height: CARD_HEIGHT };
  const toStart = { label: '', labelWidth: 0, to: definition.start };
  const entry: LayoutNode = { id: ENTRY, ...size, referenceWidth: 0, exits: [toStart] };
  const steps = Object.entries(definition.steps).map(([id, step]): LayoutNode => ({
    id,
    ...size,
    referenceWidth: Math.min(REFERENCE_WIDTH, textWidth(`↩ ${step.label}`, LABEL_SIZE) + 20),
    exits: targetsOf(step)
      .filter((target) => findStep(definition, target.to) !== undefined)
      .map((target) => {
        const label = exitLabels(step, target.via, t);
        return {
          to: target.to,
          label,
          labelWidth: label === '' ? 0 : Math.max(22, textWidth(label, LABEL_SIZE) + 14),
        };
      }),
  }));
  return [entry, ...steps];
}

function cardView(id: string, box: Box, input: DrawingInput): CardView {
  const { t } = input;
  const step = findStep(input.definition, id);
  const width = box.width - TEXT_LEFT - TEXT_RIGHT;
  const level = levelOf(input.problems, id);
  const title = step?.label ?? t('flow.entry');
  const summary = step ? stepSummary(step, input.choices, t) : input.entrySummary;
  const kind = step?.kind ?? 'entry';
  return {
    ...box,
    id,
    kind,
    icon: step ? STEP_ICONS[step.kind] : 'phone-incoming',
    href: step ? input.hrefOf(id) : input.hrefOf(''),
    title: fitText(title, TITLE_SIZE, level === '' ? width : width - 18),
    summary: fitText(summary, SUMMARY_SIZE, width),
    tip: [step ? t(`flow.kind.${step.kind}`) : '', title, summary]
      .filter((text) => text !== '')
      .join('\n'),
    level,
    markX: round(box.x + box.width - 16),
    isSelected: step !== undefined && id === input.selected,
  };
}

/** The worst that is wrong with a step. */
export function levelOf(problems: readonly FlowProblem[], step: string): CardView['level'] {
  const own = problems.filter((problem) => problem.step === step);
  if (own.some((problem) => problem.level === 'error')) return 'error';
  return own.length > 0 ? 'warning' : '';
}

/** Straight past cards, in an even curve from rank to rank. */
function pathOf(line: PlacedLine): string {
  const at = (index: number): readonly [number, number] => line.points[index] ?? [0, 0];
  const point = ([x, y]: readonly [number, number]): string =>
    `${String(round(x))} ${String(round(y))}`;
  let path = `M ${point(at(0))}`;
  for (let index = 1; index < line.points.length; index += 1) {
    const [fromX, fromY] = at(index - 1);
    const [toX, toY] = at(index);
    const isStraight = index % 2 === 1 || Math.abs(fromX - toX) < 0.5;
    const middle = (fromY + toY) / 2;
    path += isStraight
      ? ` L ${point([toX, toY])}`
      : ` C ${point([fromX, middle])} ${point([toX, middle])} ${point([toX, toY])}`;
  }
  return path;
}
