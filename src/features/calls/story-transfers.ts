import type { CallEvent } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { Translate } from '../../web/kit/index.js';
import { endReasonText } from './reason-text.js';

/** Events of consults, transfers and conferences. */
export type TransferEvent = CallEvent & {
  kind:
    | 'party-left'
    | 'anchored'
    | 'consult-started'
    | 'consult-answered'
    | 'consult-ended'
    | 'transferred'
    | 'transfer-returned'
    | 'calls-joined';
};

interface Words {
  readonly t: Translate;
  readonly who: (leg: ChannelId) => string;
  readonly phone: (number: string) => string;
}

/** One of them as a sentence; `why` says more. */
export function tellTransfer(
  event: TransferEvent,
  { t, who, phone }: Words,
): { readonly icon: string; readonly text: string; readonly why?: readonly string[] } {
  switch (event.kind) {
    case 'party-left':
      return { icon: 'user-minus', text: t('calls.story.party-left', { who: who(event.leg) }) };
    case 'anchored': {
      const name = event.name === '' ? phone(event.number) : event.name;
      return { icon: 'link', text: t('calls.story.anchored', { who: name }) };
    }
    case 'consult-started':
      return {
        icon: 'users',
        text: t('calls.story.consult-started', { by: who(event.by), who: who(event.leg) }),
      };
    case 'consult-answered':
      return {
        icon: 'phone-check',
        text: t('calls.story.consult-answered', { who: who(event.leg) }),
      };
    case 'consult-ended':
      return {
        icon: 'users',
        text: t(`calls.story.consult-${event.outcome}`, { who: who(event.leg) }),
      };
    case 'transferred': {
      const { kind, number, name } = event.to;
      const target = `${name} ${number === '' ? '' : phone(number)}`.trim();
      return {
        icon: 'phone-outgoing',
        text: t('calls.story.transferred', {
          by: who(event.by),
          to: t(`calls.story.transferred-to-${kind}`, { target }),
        }),
        why: [
          t(`calls.story.transferred-${event.how}`),
          t(`calls.story.transferred-via-${event.via}`),
        ],
      };
    }
    case 'transfer-returned':
      return {
        icon: 'arrow-bounce',
        text: t('calls.story.transfer-returned', { to: event.to }),
        why: [endReasonText(t, event.reason)].filter((text) => text !== ''),
      };
    case 'calls-joined':
      return {
        icon: 'link',
        text: t(`calls.story.calls-joined-${event.as}`),
        why: [t('calls.story.other-call', { call: event.with })],
      };
  }
}
