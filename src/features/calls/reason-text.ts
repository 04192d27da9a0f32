import { formatDuration, type Translate } from '../../web/kit/index.js';
import { routeReasonText } from '../routing/index.js';
import { causeKey } from './causes.js';

/** Codes of the ledger that have a text `reason.<code>`. */
const REASONS: ReadonlySet<string> = new Set([
  'agent-lost',
  'answered',
  'available',
  'bad-number',
  'busy',
  'caller-left',
  'declined',
  'ended-while-away',
  'extension-taken',
  'failed',
  'flow-ended',
  'flow-missing',
  'flow-nowhere-after-no-answer',
  'flow-too-many-steps',
  'flow-too-many-steps-without-key',
  'flow-unknown-step',
  'flow-unknown-zone',
  'flow-input-out-of-place',
  'flow-voicemail-without-owner',
  'gone',
  'internal-error',
  'line-full',
  'max-wait',
  'message-left',
  'message-too-short',
  'no-answer',
  'no-extension',
  'no-queue-left',
  'no-trunk',
  'nobody-signed-in',
  'not-permitted-international',
  'not-permitted-invalid',
  'not-permitted-local',
  'not-permitted-national',
  'not-ready',
  'not-signed-in',
  'phone-not-registered',
  'program-away',
  'refused',
  'sign-in-refused',
  'signed-in',
  'signed-out',
  'target-hangup',
  'timeout',
  'unavailable',
  'unknown-agent',
  'unknown-code',
  'unknown-did',
  'unknown-extension',
  'unreachable',
]);

/** A code of the ledger in words; one of another making as it is. '' stays ''. */
export function endReasonText(t: Translate, code: string): string {
  if (code === '') return '';
  const hungUp = /^hung-up-(\d+)$/.exec(code)?.[1];
  if (hungUp !== undefined)
    return t('reason.hung-up', { cause: t(causeKey(Number(hungUp)), { cause: Number(hungUp) }) });
  return REASONS.has(code) ? t(`reason.${code}`) : code;
}

const SKIPPED: ReadonlySet<string> = new Set([
  'skipped-not-ready',
  'skipped-ringing',
  'skipped-talking',
  'skipped-wrap-up',
  'skipped-phone-lost',
  'skipped-missed-this-call',
]);

/** One reason of a routing decision, `<code>:<parameter>`, in words; one of another making as it is. */
export function decisionText(t: Translate, reason: string): string {
  const [code = '', ...rest] = reason.split(':');
  const parameter = rest.join(':');
  if (code === 'longest-idle')
    return t('decision.longest-idle', { time: formatDuration(Number(parameter) * 1_000 || 0) });
  if (code === 'agents-fitting')
    return t('decision.agents-fitting', { count: Number(parameter) || 0 });
  if (SKIPPED.has(code)) return t(`decision.${code}`, { name: parameter });
  return routeReasonText(t, reason) ?? reason;
}
