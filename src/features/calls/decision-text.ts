import { routeReasonText } from '../routing/index.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';

/** How the parameter of a reason is shown: a time given in seconds, a count, a name, or text as it is. */
type Shown = 'time' | 'count' | 'name' | 'value';

const CODES: Readonly<Record<string, Shown>> = {
  'longest-idle': 'time',
  'least-recent': 'time',
  'most-recent': 'time',
  'first-in-line': 'time',
  'not-before': 'time',
  waited: 'time',
  weighted: 'value',
  'requires-skill': 'value',
  'prefers-skill': 'value',
  'next-by-score': 'value',
  'next-best': 'name',
  sticky: 'name',
  'waits-for': 'name',
  'last-agent': 'name',
  'own-number': 'name',
  'caller-language': 'name',
};
for (const code of [
  'agents-fitting',
  'fewest-calls',
  'round-robin',
  'fixed-order',
  'random',
  'ring-all',
  'priority',
  'queue-weight',
  'callback',
  'level',
  'past-results',
  'waiting-behind',
  'members',
  'queue-at-limit',
  'no-members',
  'nobody-has-skills',
  'nobody-signed-in',
  'all-busy',
  'lacks-skill',
  'no-queues',
  'nobody-waits',
  'agents-ahead',
  'callers-offered-to-others',
  'callers-wait-for-others',
  'callbacks-later',
  'callers-missed',
  'callers-ask-other-skills',
  'callers-stalled',
  'place',
])
  Object.assign(CODES, { [code]: 'count' });
for (const state of [
  'not-ready',
  'preview',
  'ringing',
  'talking',
  'wrap-up',
  'phone-lost',
  'lacks-skill',
  'missed-this-call',
])
  Object.assign(CODES, { [`skipped-${state}`]: 'name', [`is-${state}`]: 'count' });
Object.assign(CODES, { 'is-signed-out': 'count' });

/** Positions are counted from 0 inside. */
const FROM_ONE: ReadonlySet<string> = new Set(['round-robin', 'fixed-order']);

/** One reason of a routing decision, `<code>:<parameter>`, in words; one of another making as it is. */
export function decisionText(t: Translate, reason: string): string {
  const [code = '', ...rest] = reason.split(':');
  const parameter = rest.join(':');
  if (parameter === 'never') return t(`decision.${code}-never`);
  switch (CODES[code]) {
    case 'time':
      return t(`decision.${code}`, { time: formatDuration(Number(parameter) * 1_000 || 0) });
    case 'count': {
      const count = Number(parameter) || 0;
      return t(`decision.${code}`, { count: FROM_ONE.has(code) ? count + 1 : count });
    }
    case 'name':
      return t(`decision.${code}`, { name: parameter });
    case 'value':
      return t(`decision.${code}`, { value: parameter });
    default:
      return routeReasonText(t, reason) ?? reason;
  }
}
