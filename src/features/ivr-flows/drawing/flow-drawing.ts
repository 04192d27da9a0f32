import { findStep, type ExitName } from '../../../engines/ivr/exits.js';
import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import type { FlowProblem } from '../../../engines/ivr/problems.js';
import type { Translate } from '../../../web/kit/index.js';
import type { FlowChoices } from '../flow-reports.js';
import { stepSummary } from '../step-summary.js';
import { STEP_ICONS } from '../step-texts.js';
import { handlesOf, type Handle } from './handles.js';
import { curveOf, pathOf } from './lines.js';
import { layOut, type Box, type LayoutNode } from './layout.js';
import { movedLayout, type MovedLine } from './moved.js';
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
/** Labels of exits below their card, and numbers below those. */
const LABEL = { top: 5, height: 20 };
const FIGURE = { top: 30, height: 18 };
const MARGIN = 24;
/** Id of the card "Call comes in"; steps cannot have it. */
const ENTRY = ':entry';

/** A way out of a card, drawn below it: what somebody drags to connect it. */
export interface ExitView {
  readonly id: string;
  readonly names: readonly ExitName[];
  /** Each of them in words. */
  readonly labels: readonly string[];
  readonly label: string;
  readonly width: number;
  /** From the middle of the card. */
  readonly x: number;
  /** It leads nowhere yet. */
  readonly isOpen: boolean;
}
/** What is marked on a card: the worst that is wrong with its step, or what became of it between two versions. */
export type CardLevel = '' | FlowProblem['level'] | 'added' | 'changed' | 'removed';

export interface CardView extends Box {
  readonly id: string;
  readonly href: string;
  readonly icon: string;
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  /** Everything in full, for a tooltip. */
  readonly tip: string;
  readonly level: CardLevel;
  readonly levelText: string;
  /** Where the mark of a problem stands. */
  readonly markX: number;
  readonly isSelected: boolean;
  /** Somebody put it where it is. */
  readonly isMoved: boolean;
  readonly exits: readonly ExitView[];
}
export interface ReferenceView extends Box {
  readonly id: string;
  /** The step that it names. */
  readonly to: string;
  readonly href: string;
  readonly text: string;
  readonly textX: number;
  readonly textY: number;
}
export interface LineView {
  readonly id: string;
  readonly from: string;
  /** Id of the exit where it begins. */
  readonly exit: string;
  readonly names: readonly ExitName[];
  /** The card or the reference where it ends. */
  readonly end: string;
  readonly isBack: boolean;
  /** Where it runs, as long as nobody moved its ends. */
  readonly points: readonly (readonly [x: number, y: number])[] | undefined;
  readonly d: string;
}
export interface LabelView extends Box {
  readonly id: string;
  readonly text: string;
  readonly textX: number;
  readonly textY: number;
}

/** A flow as pages draw it. All numbers are pixels. */
export interface DrawingView {
  /** Worth a small overview beside it. */
  readonly isLarge: boolean;
  readonly box: Box;
  readonly cards: readonly CardView[];
  readonly references: readonly ReferenceView[];
  readonly lines: readonly LineView[];
  /** Numbers of calls beside steps and exits. */
  readonly figures: readonly LabelView[];
}

/**
 * A number to write beside a step, or beside its exits that lead to one target: `412 · 38%`. Without exits the step is
 * meant; undefined writes nothing.
 */
export type FigureOf = (step: string, exits: readonly ExitName[]) => string | undefined;

export interface DrawingInput {
  readonly definition: FlowDefinition;
  readonly problems: readonly FlowProblem[];
  readonly choices: FlowChoices;
  readonly selected: string | undefined;
  /** Somebody may change the flow in this drawing. */
  readonly isEditable: boolean;
  /** What leads here, in words. */
  readonly entrySummary: string;
  readonly hrefOf: (step: string) => string;
  readonly figureOf?: FigureOf;
  /** What to mark on a step's card; without it, what is wrong with the step. */
  readonly levelOf?: (step: string) => CardLevel;
  readonly t: Translate;
}

/** Computes the drawing of a flow: in layers from the top down, and steps that somebody moved where they were put. */
export function drawFlow(input: DrawingInput): DrawingView {
  const { definition } = input;
  const handles = handlesOf(input, ENTRY);
  const layout = movedLayout(layOut(nodesOf(input, handles)), definition);
  const cards = layout.cards.map((card) => ({
    ...cardView(card.id, whole(card), input),
    isMoved: findStep(definition, card.id)?.position !== undefined,
    exits: (handles.get(card.id) ?? []).map((handle, index): ExitView => ({
      id: handle.names.join('+'),
      names: handle.names,
      labels: handle.labels,
      label: handle.label,
      width: handle.width,
      x: round(card.ports[index] ?? 0),
      isOpen: handle.isOpen,
    })),
  }));
  const references = layout.references.map((box, index): ReferenceView => ({
    ...whole(box),
    id: referenceId(index),
    to: box.id,
    href: input.hrefOf(box.id),
    text: fitText(`→ ${findStep(definition, box.id)?.label ?? box.id}`, LABEL_SIZE, box.width - 12),
    ...middleOf(box),
  }));
  const figures = figuresOf(cards, input.figureOf);
  return {
    isLarge: cards.length > LARGE,
    box: around([...cards, ...references, ...figures, ...labelsOf(cards)]),
    cards,
    references,
    lines: layout.lines.map((line) => lineView(line, handles)),
    figures,
  };
}

const referenceId = (index: number): string => `:reference-${String(index)}`;

function lineView(line: MovedLine, handles: ReadonlyMap<string, readonly Handle[]>): LineView {
  const names = handles.get(line.from)?.[line.exit]?.names ?? [];
  const exit = names.join('+');
  return {
    id: `:line ${line.from} ${exit}`,
    from: line.from,
    exit,
    names,
    end: line.reference === undefined ? line.to : referenceId(line.reference),
    isBack: line.isBack,
    points: line.isMoved ? undefined : line.points.map(([x, y]) => [round(x), round(y)] as const),
    d: line.isMoved ? curveOf(line.points) : pathOf(line.points),
  };
}

/** The labels of all exits that have one, where they are drawn. */
export const labelsOf = (
  cards: readonly CardView[],
): readonly (LabelView & { readonly isOpen: boolean })[] =>
  cards.flatMap((card) =>
    card.exits
      .filter((exit) => exit.label !== '')
      .map((exit) => {
        const box = {
          x: round(card.x + card.width / 2 + exit.x - exit.width / 2),
          y: round(card.y + card.height + LABEL.top),
          width: exit.width,
          height: LABEL.height,
        };
        const { id, label: text, isOpen } = exit;
        return { ...box, id: `${card.id} ${id}`, text, isOpen, ...middleOf(box) };
      }),
  );

/** Numbers stand on the upper edge of their card, or below the label of their exit. */
function figuresOf(cards: readonly CardView[], figureOf?: FigureOf): readonly LabelView[] {
  const made = (id: string, text: string | undefined, middle: number, y: number): LabelView[] => {
    if (text === undefined) return [];
    const width = Math.ceil(textWidth(text, LABEL_SIZE) + 10);
    const box = { x: round(middle - width / 2), y: round(y), width, height: FIGURE.height };
    return [{ ...box, id: `:figure ${id}`, text, ...middleOf(box) }];
  };
  if (figureOf === undefined) return [];
  return cards.flatMap((card) => [
    ...made(
      card.id,
      figureOf(card.id === ENTRY ? '' : card.id, []),
      card.x + card.width / 2,
      card.y - FIGURE.height / 2,
    ),
    ...card.exits.flatMap((exit) =>
      made(
        `${card.id} ${exit.id}`,
        card.id === ENTRY ? undefined : figureOf(card.id, exit.names),
        card.x + card.width / 2 + exit.x,
        card.y + card.height + (exit.label === '' ? LABEL.top : FIGURE.top),
      ),
    ),
  ]);
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

/** Everything that is drawn, with a margin. */
function around(boxes: readonly Box[]): Box {
  const edge = (pick: (box: Box) => number, choose: (a: number, b: number) => number): number =>
    boxes.map(pick).reduce((a, b) => choose(a, b), 0);
  const x = Math.floor(edge((box) => box.x, Math.min)) - MARGIN;
  const y = Math.floor(edge((box) => box.y, Math.min)) - MARGIN;
  const right = Math.ceil(edge((box) => box.x + box.width, Math.max)) + MARGIN;
  const bottom = Math.ceil(edge((box) => box.y + box.height, Math.max)) + MARGIN;
  return { x, y, width: right - x, height: bottom - y };
}

function nodesOf(
  { definition }: DrawingInput,
  handles: ReadonlyMap<string, readonly Handle[]>,
): readonly LayoutNode[] {
  const size = { width: CARD_WIDTH, height: CARD_HEIGHT };
  const exitsOf = (id: string) =>
    (handles.get(id) ?? []).map(({ label, width, to }) => ({ label, labelWidth: width, to }));
  return [
    { id: ENTRY, ...size, referenceWidth: 0, exits: exitsOf(ENTRY) },
    ...Object.entries(definition.steps).map(([id, step]): LayoutNode => ({
      id,
      ...size,
      referenceWidth: Math.min(REFERENCE_WIDTH, textWidth(`→ ${step.label}`, LABEL_SIZE) + 20),
      exits: exitsOf(id),
    })),
  ];
}

function cardView(id: string, box: Box, input: DrawingInput): Omit<CardView, 'exits' | 'isMoved'> {
  const { t } = input;
  const step = findStep(input.definition, id);
  const width = box.width - TEXT_LEFT - TEXT_RIGHT;
  const level = (input.levelOf ?? ((of) => levelOf(input.problems, of)))(id);
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
    levelText: level === '' ? '' : t(`flow.level.${level}`),
    markX: round(box.x + box.width - 16),
    isSelected: step !== undefined && id === input.selected,
  };
}

/** The worst that is wrong with a step. */
export function levelOf(problems: readonly FlowProblem[], step: string): FlowProblem['level'] | '' {
  const own = problems.filter((problem) => problem.step === step);
  if (own.some((problem) => problem.level === 'error')) return 'error';
  return own.length > 0 ? 'warning' : '';
}
