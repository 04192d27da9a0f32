import type { ChannelId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Inbox } from '../../ari/events.js';
import type { Call, PhoneKey } from '../../calls/call.js';

/** Keeps what the keys of a phone say from now on, until the scope ends. */
export const openKeys = (call: Call, scope: Scope, channel: ChannelId): Inbox<PhoneKey> =>
  call.ari.events.inbox(scope, channel, [
    'ChannelHold',
    'ChannelUnhold',
    'ChannelTransfer',
    'ChannelDtmfReceived',
  ]);
