import type { CallEvent } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { Translate } from '../../web/kit/index.js';
import type { Told } from './story.js';

/** What desk phones did to a call, or kept from it. */
export type PhoneEvent = CallEvent & {
  readonly kind:
    | 'forwarded'
    | 'not-forwarded'
    | 'not-rung'
    | 'ring-group-entered'
    | 'picked-up'
    | 'parked'
    | 'retrieved'
    | 'paged'
    | 'monitored'
    | 'monitor-ended'
    | 'help-called'
    | 'line-freed';
};

const phoneName = ({ name, number }: { name: string; number: string }): string =>
  `${name} ${number}`.trim();

/** One event of a desk phone as a sentence; `phone` writes numbers for the reader, `who` whoever is at a leg. */
export function tellPhoneEvent(
  event: PhoneEvent,
  t: Translate,
  { phone, who }: { phone: (number: string) => string; who: (leg: ChannelId) => string },
): Told {
  switch (event.kind) {
    case 'forwarded':
    case 'not-forwarded':
      return {
        icon: event.kind === 'forwarded' ? 'arrow-forward-up' : 'circle-minus',
        text: t(`calls.story.${event.kind}`, { extension: event.number, to: phone(event.to) }),
        why: [t(`calls.${event.kind}.${event.why}`)],
      };
    case 'not-rung':
      return {
        icon: 'circle-minus',
        text: t('calls.story.not-rung', { extension: event.number }),
        why: [t(`calls.not-rung.${event.why}`)],
      };
    case 'ring-group-entered':
      return { icon: 'users-group', text: t('calls.story.ring-group', { name: event.name }) };
    case 'help-called':
      return {
        icon: 'urgent',
        text: t('calls.story.help-called', { from: event.from, number: event.number }),
        isAlarm: true,
      };
    case 'line-freed':
      return {
        icon: 'urgent',
        text: t('calls.story.line-freed', { trunk: event.name, call: event.freed }),
      };
    case 'monitored':
    case 'monitor-ended': {
      const { by, agentName: agent, number } = event;
      const what = event.kind === 'monitored' ? event.mode : 'ended';
      return {
        icon: 'ear',
        text: t(`calls.story.monitor.${what}`, { by, agent }),
        why: [t('calls.story.monitor.phone', { number })],
      };
    }
    case 'paged':
      return {
        icon: 'speakerphone',
        text: t('calls.story.paged', { name: event.name, phones: event.phones }),
      };
    case 'picked-up':
      return {
        icon: 'phone-incoming',
        text: t('calls.story.picked-up', { who: phoneName(event), from: event.from }),
      };
    case 'parked':
      return {
        icon: 'parking',
        text: t('calls.story.parked', { who: who(event.by), slot: event.slot }),
        why: [t(`calls.story.transferred-via-${event.via}`)],
      };
    case 'retrieved':
      return {
        icon: 'phone-incoming',
        text: t('calls.story.retrieved', { who: phoneName(event), slot: event.slot }),
      };
  }
}
