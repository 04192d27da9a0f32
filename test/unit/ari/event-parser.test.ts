import { expect } from 'chai';
import {
  parseBridge,
  parseChannel,
  parseEndpointSubscriptions,
  parseMessage,
  WANTED_EVENTS,
} from '../../../src/adapters/asterisk-ari/event-parser.js';
import { parseRegistrations } from '../../../src/adapters/asterisk-ari/registration-metrics.js';

/** As Asterisk 22.10 writes it. */
const CHANNEL = {
  id: '1795312141.6',
  name: 'PJSIP/trunk-1-00000003',
  state: 'Ring',
  protocol_id: 'a84b4c76e66710',
  caller: { name: 'Bob <b>', number: '+442079460777' },
  connected: { name: '', number: '' },
  accountcode: '',
  dialplan: {
    context: 'from-trunk',
    exten: '+442079460000',
    priority: 1,
    app_name: 'Stasis',
    app_data: 'cordboard,trunk,+442079460000',
  },
  creationtime: '2026-11-22T01:49:01.898+0000',
  language: 'en',
};

const event = (type: string, more: object = {}): string =>
  JSON.stringify({ type, timestamp: '2026-11-22T01:49:01.899+0000', channel: CHANNEL, ...more });
const parsed = (type: string, more: object = {}): unknown => {
  const message = parseMessage(event(type, more));
  return message.kind === 'event' ? message.event : message;
};
const channel = CHANNEL.id;

describe('events of Asterisk', () => {
  it('a call that enters carries its snapshot and arguments', () => {
    expect(parsed('StasisStart', { args: ['trunk', '+442079460000'] })).to.deep.equal({
      type: 'StasisStart',
      channel,
      args: ['trunk', '+442079460000'],
      snapshot: {
        id: channel,
        name: 'PJSIP/trunk-1-00000003',
        state: 'Ring',
        callerNumber: '+442079460777',
        callerName: 'Bob <b>',
        exten: '+442079460000',
        createdAt: Date.UTC(2026, 10, 22, 1, 49, 1, 898),
        stasisArgs: ['trunk', '+442079460000'],
      },
    });
  });

  it('a channel elsewhere in the dialplan has no arguments of an application', () => {
    const dialplan = { ...CHANNEL.dialplan, app_name: 'MusicOnHold', app_data: 'default,2' };
    expect(parseChannel({ ...CHANNEL, dialplan })).to.not.have.property('stasisArgs');
  });

  it('our mark is read from the variables that the event reports', () => {
    const marked = { ...CHANNEL, channelvars: { CB_CALL: '{"call":"x"}', OTHER: '1' } };
    expect(parseChannel(marked)?.mark).to.equal('{"call":"x"}');
    expect(parseChannel({ ...CHANNEL, channelvars: { CB_CALL: '' } })).to.not.have.property('mark');
  });

  it('causes, keys, states and bridges', () => {
    expect(parsed('ChannelDestroyed', { cause: 17, tech_cause: 486 })).to.deep.equal({
      type: 'ChannelDestroyed',
      channel,
      cause: 17,
      techCause: 486,
    });
    expect(parsed('ChannelDtmfReceived', { digit: '#', duration_ms: 120 })).to.deep.equal({
      type: 'ChannelDtmfReceived',
      channel,
      digit: '#',
      durationMs: 120,
    });
    expect(parsed('ChannelStateChange')).to.deep.include({ state: 'Ring' });
    expect(
      parsed('ChannelStateChange', { channel: { ...CHANNEL, state: 'OffHook' } }),
    ).to.deep.include({ state: 'Other' });
    expect(parsed('ChannelEnteredBridge', { bridge: { id: 'b1' } })).to.deep.equal({
      type: 'ChannelEnteredBridge',
      channel,
      bridge: 'b1',
    });
    expect(parsed('ChannelHold')).to.deep.equal({ type: 'ChannelHold', channel });
  });

  it('progress of a call that we make belongs to the channel that is called', () => {
    const dial = { channel: undefined, peer: CHANNEL, dialstatus: 'RINGING', caller: { id: 'x' } };
    expect(parsed('Dial', dial)).to.deep.equal({ type: 'Dial', channel, progress: 'RINGING' });
  });

  it('playbacks and recordings belong to their channel; seconds become milliseconds', () => {
    const target_uri = `channel:${channel}`;
    const playback = { id: 'p1', target_uri, state: 'failed' };
    expect(parsed('PlaybackFinished', { channel: undefined, playback })).to.deep.equal({
      type: 'PlaybackFinished',
      channel,
      playback: 'p1',
      failed: true,
    });
    const recording = { name: 'r1', target_uri, state: 'done', duration: 8, talking_duration: 5 };
    expect(parsed('RecordingFinished', { recording })).to.deep.equal({
      type: 'RecordingFinished',
      channel,
      name: 'r1',
      failed: false,
      durationMs: 8000,
      talkingMs: 5000,
    });
    const plain = { name: 'r1', target_uri, state: 'done', duration: 8 };
    expect(parsed('RecordingFinished', { recording: plain })).to.deep.include({ talkingMs: 8000 });
    expect(parsed('RecordingFailed', { recording: plain })).to.deep.include({ failed: true });
    const bridge = { ...plain, target_uri: 'bridge:b1' };
    expect(parsed('RecordingFinished', { recording: bridge })).to.deep.include({ kind: 'ignored' });
  });

  it('what is not wanted is ignored by its type; what is broken is malformed; nothing throws', () => {
    expect(parseMessage(event('ChannelVarset'))).to.deep.equal({
      kind: 'ignored',
      type: 'ChannelVarset',
    });
    expect(parseMessage(event('toString'))).to.deep.equal({ kind: 'ignored', type: 'toString' });
    expect(parseMessage(event('ApplicationReplaced'))).to.deep.equal({ kind: 'replaced' });
    expect(parseMessage(event('ContactStatusChange'))).to.deep.equal({ kind: 'endpoint-changed' });
    for (const broken of [
      '',
      '{',
      'null',
      '[]',
      '{}',
      event('StasisEnd', { channel: {} }),
      event('StasisEnd', { channel: null }),
      event('Dial', { peer: 'x' }),
      event('PlaybackFinished', { playback: {} }),
      event('ChannelLeftBridge', { bridge: [] }),
    ])
      expect(parseMessage(broken), broken).to.deep.equal({ kind: 'malformed' });
  });

  it('a request for a transfer names its phone, and whom it is joined with; its echo is none', () => {
    const asked = {
      refer_to: { requested_destination: { destination: '2003' } },
      referred_by: { source_channel: CHANNEL },
    };
    expect(parseMessage(event('ChannelTransfer', asked))).to.deep.equal({
      kind: 'event',
      event: { type: 'ChannelTransfer', channel: CHANNEL.id, destination: '2003' },
    });
    const attended = {
      ...asked,
      refer_to: { ...asked.refer_to, destination_channel: { ...CHANNEL, id: 'other.1' } },
    };
    expect(parseMessage(event('ChannelTransfer', attended))).to.deep.include({
      event: {
        type: 'ChannelTransfer',
        channel: CHANNEL.id,
        destination: '2003',
        consult: 'other.1',
      },
    });
    expect(
      parseMessage(event('ChannelTransfer', { ...asked, state: 'channel_answered' })).kind,
    ).to.equal('ignored');
  });

  it('every wanted type is one that is understood', () => {
    const known = { playback: { id: 'p', target_uri: 'channel:c' }, peer: CHANNEL };
    const more = {
      ...known,
      recording: { name: 'r', target_uri: 'channel:c' },
      bridge: { id: 'b' },
      refer_to: { requested_destination: { destination: '2003' } },
      referred_by: { source_channel: CHANNEL },
    };
    for (const type of WANTED_EVENTS)
      expect(parseMessage(event(type, more)).kind, type).to.be.oneOf(['event', 'replaced']);
  });
});

describe('lists of Asterisk', () => {
  it('bridges name their channels', () => {
    expect(parseBridge({ id: 'b1', channels: ['c1', 2, 'c2'] })).to.deep.equal({
      id: 'b1',
      channels: ['c1', 'c2'],
    });
    expect(parseBridge({ channels: [] })).to.equal(undefined);
    expect(parseChannel('x')).to.equal(undefined);
  });

  it('an application names the endpoints that it is subscribed to', () => {
    expect(parseEndpointSubscriptions({ endpoint_ids: ['PJSIP', 1] })).to.deep.equal(['PJSIP']);
    expect(parseEndpointSubscriptions(null)).to.deep.equal([]);
  });

  it('registrations are read from the metrics', () => {
    const line = (user: string, value: number): string =>
      `asterisk_pjsip_outbound_registration_status{eid="02:fc",username="sip:${user}@127.0.0.1:5180",domain="sip:127.0.0.1:5180",channel_type="PJSIP"} ${String(value)}`;
    const text = [
      '# HELP asterisk_pjsip_outbound_registration_status Current registration status.',
      line('a', 0),
      line('b', 1),
      line('c', 2),
      line('d', 7),
      'asterisk_channels_count{eid="02:fc"} 0',
    ].join('\n');
    expect(
      parseRegistrations(text).map(({ clientUri, status }) => `${clientUri} ${status}`),
    ).to.deep.equal([
      'sip:a@127.0.0.1:5180 unregistered',
      'sip:b@127.0.0.1:5180 registered',
      'sip:c@127.0.0.1:5180 rejected',
    ]);
  });
});
