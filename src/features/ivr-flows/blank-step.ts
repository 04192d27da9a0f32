import type { FlowStep, StepKind } from '../../engines/ivr/flow.js';

/** A step with nothing chosen yet: exits and texts are '', references 0. */
export function blankStep(kind: StepKind, label: string): FlowStep {
  switch (kind) {
    case 'play':
      return { kind, label, prompt: 0, bargeIn: true, next: '' };
    case 'say':
      return { kind, label, value: '', as: 'number', bargeIn: true, next: '' };
    case 'menu':
      return {
        ...{ kind, label, prompt: 0, timeoutS: 5, retries: 2 },
        ...{ choices: {}, noInput: '', wrongKey: '' },
      };
    case 'collect':
      return {
        ...{ kind, label, prompt: 0, variable: '', minDigits: 1, maxDigits: 10, endKey: '#' },
        ...{ firstDigitS: 8, nextDigitS: 4, retries: 2, confirm: 'none', sensitive: false },
        ...{ next: '', noInput: '', wrongInput: '' },
      };
    case 'pin':
      return {
        ...{ kind, label, prompt: 0, expected: '', subject: '', digits: 4 },
        ...{ tries: 3, lockAfter: 5, lockMinutes: 30, ok: '', failed: '', locked: '' },
      };
    case 'language':
      return { kind, label, language: 'en', next: '' };
    case 'record':
      return {
        ...{ kind, label, prompt: 0, maxS: 120, endKey: '#', variable: '' },
        ...{ next: '', nothing: '' },
      };
    case 'survey':
      return { kind, label, survey: 0, next: '' };
    default:
      return blankOther(kind, label);
  }
}

type Spoken = 'play' | 'say' | 'menu' | 'collect' | 'pin' | 'language' | 'record' | 'survey';
type Leading =
  | 'queue'
  | 'extension'
  | 'ring'
  | 'outside'
  | 'conference'
  | 'dial-extension'
  | 'dial-name'
  | 'callback'
  | 'appointment'
  | 'voicemail'
  | 'hangup';

function blankOther(kind: Exclude<StepKind, Spoken>, label: string): FlowStep {
  switch (kind) {
    case 'hours':
      return {
        ...{ kind, label, closedDates: [], open: '', closed: '' },
        periods: [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 }],
      };
    case 'set':
      return {
        ...{ kind, label, next: '' },
        assign: [{ variable: '', value: '', operation: 'set' }],
      };
    case 'condition':
      return {
        ...{ kind, label, otherwise: '' },
        branches: [{ label, all: [{ left: '', operator: 'equals', right: '' }], next: '' }],
      };
    case 'sub-flow':
      return { kind, label, flow: 0, next: '' };
    case 'return':
      return { kind, label };
    case 'http':
      return {
        ...{ kind, label, method: 'GET', url: '', headers: [], contentType: 'application/json' },
        ...{ timeoutMs: 5_000, idempotent: true, answers: [], next: '', error: '' },
      };
    case 'sql':
      return {
        ...{ kind, label, connection: 0, query: '', timeoutMs: 3_000, answers: [] },
        ...{ found: '', empty: '', error: '' },
      };
    case 'customer':
      return { kind, label, by: '{{caller_number}}', found: '', unknown: '' };
    case 'webhook':
      return { kind, label, url: '', body: '', next: '' };
    default:
      return blankLeading(kind, label);
  }
}

function blankLeading(kind: Leading, label: string): FlowStep {
  switch (kind) {
    case 'queue':
      return { kind, label, queue: 0, priority: 0 };
    case 'extension':
      return { kind, label, extension: 0 };
    case 'ring':
      return { kind, label, extensions: [0], timeoutS: 25, noAnswer: '' };
    case 'outside':
      return { kind, label, number: '', permission: 'national', timeoutS: 40, noAnswer: '' };
    case 'conference':
      return { kind, label, room: 0 };
    case 'dial-extension':
    case 'dial-name':
      return { kind, label, tries: 3, nobody: '' };
    case 'callback':
      return {
        ...{ kind, label, queue: 0, number: '{{caller_number}}' },
        ...{ accepted: '', declined: '' },
      };
    case 'appointment':
      return {
        ...{ kind, label, campaign: 0, calendar: 0, number: '{{caller_number}}' },
        ...{ everyMinutes: 60, leadMinutes: 120, accepted: '', declined: '' },
      };
    case 'voicemail':
    case 'hangup':
      return { kind, label };
  }
}
