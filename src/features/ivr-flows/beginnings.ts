import type { FlowDefinition } from '../../engines/ivr/flow.js';
import type { Translate } from '../../web/kit/index.js';
import { blankStep } from './blank-step.js';

/** Nothing but a goodbye: a flow that could be published as it is. */
export const emptyFlow = (t: Translate): FlowDefinition => ({
  start: 'hangup',
  steps: { hangup: blankStep('hangup', t('flow.kind.hangup')) },
});

/** The usual parts of a company's line. Prompts, queue and mailbox are still to be chosen. */
export function receptionFlow(t: Translate): FlowDefinition {
  const named = (name: string): string => t(`flow.beginning.step.${name}`);
  return {
    start: 'hours',
    steps: {
      hours: {
        ...{ kind: 'hours', label: named('hours'), closedDates: [] },
        periods: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 }],
        ...{ open: 'greeting', closed: 'closed' },
      },
      greeting: {
        ...{ kind: 'play', label: named('greeting'), prompt: 0 },
        ...{ bargeIn: true, next: 'menu' },
      },
      menu: {
        ...{ kind: 'menu', label: named('menu'), prompt: 0, timeoutS: 5, retries: 2 },
        ...{ choices: { '1': 'queue' }, noInput: 'queue', wrongKey: 'queue' },
      },
      queue: { kind: 'queue', label: named('queue'), queue: 0, priority: 0 },
      closed: {
        ...{ kind: 'play', label: named('closed'), prompt: 0 },
        ...{ bargeIn: true, next: 'message' },
      },
      message: { kind: 'voicemail', label: named('message') },
    },
  };
}
