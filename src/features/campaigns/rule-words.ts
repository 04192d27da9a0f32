import { wallText } from '../../engines/routing/wall-clock.js';
import { formatDuration, formatWhen, type PageContext } from '../../web/kit/index.js';
import { DIAL_RULES } from '../../engines/outbound/rules.js';

/** A reason as a row of attempts has it. */
export interface StoredReason {
  readonly rule: string;
  readonly passed: boolean;
  /** Absent where there is nothing to say. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

/** A rule as pages show it. */
export interface RuleView {
  readonly rule: string;
  readonly passed: boolean;
  readonly icon: 'check' | 'x';
  readonly name: string;
  readonly text: string;
}

type Words = Pick<PageContext, 't' | 'hasText' | 'zone' | 'country' | 'language'>;

/** What holds people back: a rule that says no, or the result that ended them. */
export function heldName(page: Words, heldBy: string): string {
  const key = [`campaigns.held.${heldBy}`, `campaigns.result.${heldBy}`].find((one) =>
    page.hasText(one),
  );
  return key === undefined ? heldBy : page.t(key);
}

/** A rule's answer in words: what it looked at and what it found. `at`: when it was asked. */
export function ruleView(page: Words, reason: StoredReason, at: number): RuleView {
  const key = `campaigns.rule.${reason.rule}.${reason.passed ? 'yes' : 'no'}`;
  const text = page.hasText(key) ? page.t(key, paramsOf(page, reason, at)) : '';
  return {
    rule: reason.rule,
    passed: reason.passed,
    icon: reason.passed ? 'check' : 'x',
    name: page.t(`campaigns.rule.${reason.rule}`),
    text,
  };
}

/** Instants and lengths of time as people read them; words of the rules as words of the catalog. */
function paramsOf(
  page: Words,
  { detail = {} }: StoredReason,
  at: number,
): Readonly<Record<string, string | number>> {
  const shown: Record<string, string | number> = { limit: 0, used: 0 };
  for (const [name, value] of Object.entries(detail))
    if (typeof value === 'number' && name.endsWith('At'))
      shown[name] = formatWhen(value, 'datetime', page);
    else if (typeof value === 'number' && name.endsWith('Ms')) shown[name] = formatDuration(value);
    else shown[name] = value;
  const [zone = ''] = String(detail['zone'] ?? '').split(', ');
  return {
    source: '',
    sinceAt: '',
    untilAt: '–',
    holiday: '',
    kind: 'none',
    scope: 'campaign',
    why: '',
    lastAt: '–',
    ...shown,
    clock: zone === '' ? '' : wallText(at, zone).replace('T', ' '),
  };
}

/** Rules in the order in which they are looked at; results and others behind them. */
export const ruleOrder = (rule: string): number => {
  const at = (DIAL_RULES as readonly string[]).indexOf(rule);
  return at === -1 ? DIAL_RULES.length : at;
};
