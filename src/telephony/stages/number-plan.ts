import { normaliseNumber } from '../../kernel/numbers.js';
import type { CallServices } from '../calls/services.js';
import type { Stage } from '../calls/stage.js';
import { isHelpNumber } from '../emergency.js';
import { insideStage } from './inside-numbers.js';
import { stageOfTarget } from './target.js';

/** Where dialled digits lead: the first stage, and the number as it is stored. */
export interface Dialled {
  readonly first: Stage;
  readonly to: string;
  readonly direction: 'internal' | 'outbound';
}

/** What the digits that a phone dialled, or that somebody forwards to, lead to in this house. */
export function whereTo(s: CallServices, digits: string): Dialled {
  const { current } = s.directory;
  const inside = (first: Stage, to = digits): Dialled => ({ first, to, direction: 'internal' });
  if (isHelpNumber(current.emergency, digits, s.country))
    return {
      first: { kind: 'dial-outside', number: digits, isForHelp: true },
      ...{ to: digits, direction: 'outbound' },
    };
  if (digits.startsWith('*')) return inside({ kind: 'desk-code', code: digits });
  const { operator } = current;
  if (operator?.target !== undefined && digits === operator.number)
    return inside(stageOfTarget(s, operator.target));
  const known = insideStage(current, digits);
  if (known) return inside(known);
  const number = normaliseNumber(digits, s.country);
  const did = current.didsByNumber.get(number);
  // Our own number: no need to pay a carrier for the way round.
  if (did) return inside(stageOfTarget(s, did.target), number);
  return { first: { kind: 'dial-outside', number }, to: number, direction: 'outbound' };
}
