import type { Translate } from '../../web/kit/index.js';
import { causeKey } from './causes.js';

/** Codes of the ledger that have a text `reason.<code>`. */
const REASONS: ReadonlySet<string> = new Set([
  'agent-lost',
  'answered',
  'available',
  'bad-number',
  'callback-asked',
  'callback-exists',
  'moved-by-supervisor',
  'queue-closed',
  'too-many-per-agent',
  'busy',
  'caller-left',
  'declined',
  'ended-by-supervisor',
  'ended-while-away',
  'extension-taken',
  'failed',
  'flow-ended',
  'flow-missing',
  'flow-nowhere-after-no-answer',
  'flow-too-many-steps',
  'flow-too-many-steps-without-key',
  'flow-unknown-step',
  'flow-unknown-calendar',
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
  'wrong-pin',
  'unknown-conference',
  'flow-unknown-flow',
  'flow-too-deep',
  'not-permitted-emergency',
  'not-permitted-internal',
]);

/** A code of the ledger in words; one of another making as it is. '' stays ''. */
export function endReasonText(t: Translate, code: string): string {
  if (code === '') return '';
  const hungUp = /^hung-up-(\d+)$/.exec(code)?.[1];
  if (hungUp !== undefined)
    return t('reason.hung-up', { cause: t(causeKey(Number(hungUp)), { cause: Number(hungUp) }) });
  return REASONS.has(code) ? t(`reason.${code}`) : code;
}
