import { expect } from 'chai';
import { settle, VirtualClock } from '../../src/kernel/clock.js';
import { newChannelId, newPlaybackId, type BridgeId } from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import { FakeAsterisk } from '../support/fake-asterisk.js';

describe('the fake Asterisk', () => {
  it('plays, is interrupted by a key, and leaves nothing behind when the caller hangs up', async () => {
    const clock = new VirtualClock();
    const ari = new FakeAsterisk(clock);
    const seen: string[] = [];
    await Scope.run('test', async (scope) => {
      ari.events.onArrival(({ channel, args }) => seen.push(`${channel} ${args.join()}`));
      const caller = ari.arrive({ id: 'c1', args: ['trunk', '42'] });
      const inbox = ari.events.inbox(scope, caller, [
        'ChannelDtmfReceived',
        'PlaybackFinished',
        'StasisEnd',
        'ChannelDestroyed',
      ]);
      await ari.watchChannel(caller);
      await ari.answer(caller);
      await ari.play(caller, newPlaybackId(), ['sound:a', 'sound:b']);
      await clock.advance(1500);
      ari.press(caller, '2');
      expect(await inbox.next()).to.include({ type: 'ChannelDtmfReceived', digit: '2' });
      await clock.advance(500);
      expect(await inbox.next()).to.include({ type: 'PlaybackFinished', failed: false });
      ari.hangUpFarEnd(caller);
      expect(await inbox.next()).to.include({ type: 'StasisEnd' });
      expect(await inbox.next()).to.include({ type: 'ChannelDestroyed', cause: 16 });
    });
    expect(ari.leftovers()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it('rings, answers after its time, and is bridged; bridging waits for the playback', async () => {
    const clock = new VirtualClock();
    const ari = new FakeAsterisk(clock);
    ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 3000 });
    const caller = ari.arrive();
    const agent = newChannelId('agent');
    const bridge = 'b1' as BridgeId;
    await Scope.run('test', async (scope) => {
      const inbox = ari.events.inbox(scope, agent, ['StasisStart', 'ChannelEnteredBridge']);
      await ari.originate({
        channel: agent,
        endpoint: 'PJSIP/2001',
        appArgs: ['agent'],
        callerNumber: '1',
        callerName: 'x',
        timeoutMs: 20_000,
      });
      await ari.createBridge(bridge, 'talk');
      await ari.play(caller, newPlaybackId(), ['sound:a']);
      const bridged = ari.addToBridge(bridge, [caller]);
      await settle();
      expect(ari.bridges.get(bridge)?.channels.size).to.equal(0);
      await clock.advance(3000);
      await bridged;
      expect(await inbox.next()).to.include({ type: 'StasisStart' });
      await ari.addToBridge(bridge, [agent]);
      expect(await inbox.next()).to.include({ type: 'ChannelEnteredBridge' });
      await ari.hangup(agent);
      await ari.hangup(caller);
      await ari.destroyBridge(bridge);
      await settle();
    });
    expect(ari.leftovers()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });
});
