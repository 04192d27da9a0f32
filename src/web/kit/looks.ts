import type { CallResult, Direction } from '../../kernel/call-event.js';
import type { AgentState } from '../../telephony/live.js';
import type { Translate } from './translate.js';

/** How a state is shown everywhere: never by colour alone. `label` is a key, `tone` a class of chips and icons. */
export interface Look {
  readonly label: string;
  readonly icon: string;
  readonly tone: Tone;
}
export type Tone =
  | 'available'
  | 'ringing'
  | 'talking'
  | 'hold'
  | 'wrapup'
  | 'notready'
  | 'alarm'
  | 'off'
  | 'plain'
  | '';

const look = (label: string, icon: string, tone: Tone): Look => ({ label, icon, tone });

export const AGENT_LOOKS: Readonly<Record<AgentState, Look>> = {
  available: look('state.available', 'circle-check', 'available'),
  preview: look('state.preview', 'address-book', 'hold'),
  ringing: look('state.ringing', 'bell-ringing', 'ringing'),
  talking: look('state.talking', 'phone', 'talking'),
  'wrap-up': look('state.wrap-up', 'pencil', 'wrapup'),
  'not-ready': look('state.not-ready', 'circle-minus', 'notready'),
  'phone-lost': look('state.phone-lost', 'plug-connected-x', 'alarm'),
  'signed-out': look('state.signed-out', 'circle-dashed', 'off'),
};

/** Of somebody who talks and has put the call on hold. */
export const AGENT_HOLDS = look('state.on-hold', 'player-pause', 'hold');

const STAGE_LOOKS: Readonly<Record<string, Look>> = {
  ivr: look('stage.ivr', 'list-numbers', 'notready'),
  queue: look('stage.queue', 'hourglass', 'hold'),
  'ring-extension': look('stage.ring-extension', 'bell-ringing', 'ringing'),
  intercom: look('stage.ring-extension', 'bell-ringing', 'ringing'),
  page: look('stage.page', 'speakerphone', 'talking'),
  'ring-group': look('stage.ring-extension', 'bell-ringing', 'ringing'),
  'ring-phones': look('stage.ring-extension', 'bell-ringing', 'ringing'),
  'dial-outside': look('stage.dial-outside', 'phone-outgoing', 'ringing'),
  conference: look('stage.conference', 'users-group', 'talking'),
  'conference-invite': look('stage.conference-invite', 'bell-ringing', 'ringing'),
  'dial-pbx': look('stage.dial-outside', 'phone-outgoing', 'ringing'),
  talk: look('stage.talk', 'phone', 'talking'),
  survey: look('stage.survey', 'clipboard-list', 'notready'),
  parked: look('stage.parked', 'parking', 'hold'),
  voicemail: look('stage.voicemail', 'microphone', 'hold'),
  announce: look('stage.announce', 'volume', 'notready'),
  goodbye: look('stage.announce', 'volume', 'notready'),
  'campaign-message': look('stage.announce', 'volume', 'notready'),
  'confirm-dial': look('stage.dial-outside', 'phone-outgoing', 'ringing'),
  'desk-code': look('stage.desk-code', 'dialpad', 'notready'),
  'record-prompt': look('stage.record-prompt', 'microphone', 'notready'),
  ended: look('stage.ended', 'phone-off', 'notready'),
};

/** What a caller lives through now. */
export const stageLook = (stage: string): Look =>
  STAGE_LOOKS[stage] ?? look('stage.other', 'phone', 'notready');

export const RESULT_LOOKS: Readonly<Record<CallResult, Look>> = {
  answered: look('result.answered', 'phone-check', 'plain'),
  abandoned: look('result.abandoned', 'phone-x', 'alarm'),
  contained: look('result.contained', 'list-numbers', ''),
  voicemail: look('result.voicemail', 'microphone', 'hold'),
  overflowed: look('result.overflowed', 'arrow-bounce', 'ringing'),
  closed: look('result.closed', 'clock-off', ''),
  callback: look('result.callback', 'phone-calling', 'hold'),
  'no-answer': look('result.no-answer', 'phone-off', ''),
  busy: look('result.busy', 'phone-off', ''),
  failed: look('result.failed', 'phone-off', 'alarm'),
  refused: look('result.refused', 'ban', ''),
};

export const DIRECTION_LOOKS: Readonly<Record<Direction, Look>> = {
  inbound: look('direction.inbound', 'arrow-down-left', ''),
  outbound: look('direction.outbound', 'arrow-up-right', ''),
  internal: look('direction.internal', 'arrows-left-right', ''),
};

/** Reasons that sites had before they named their own; states of old carry them. */
const CHOSEN_REASONS = ['break', 'lunch', 'meeting', 'training', 'coaching'] as const;
/** Reasons that the product gives by itself: after signing in, after missed calls, by a code on the phone ... */
const GIVEN_REASONS = [
  'signed-in',
  'missed-calls',
  'wrap-up-unfinished',
  'phone',
  'phone-back',
  'forced',
  'do-not-disturb',
] as const;

/** The product's own not-ready reasons in the reader's words; a reason of another making as it is. */
export function reasonText(t: Translate, reason: string): string {
  const known: readonly string[] = [...CHOSEN_REASONS, ...GIVEN_REASONS];
  if (reason === '') return t('not-ready.none');
  return known.includes(reason) ? t(`not-ready.${reason}`) : reason;
}
