import { expect } from 'chai';
import { foldPauses } from '../../../src/engines/reporting/fold-pauses.js';
import type { CallEvent, CallEventBody } from '../../../src/kernel/call-event.js';
import type { CallId, ChannelId, EventId, RecordingId } from '../../../src/kernel/ids.js';
import { playerGaps } from '../../../src/features/calls/recording-view.js';

const leg = 'a' as ChannelId;
const story = (...lines: readonly (readonly [at: number, body: CallEventBody])[]): CallEvent[] =>
  lines.map(([at, body], seq) => ({
    ...body,
    ...{ id: String(seq) as EventId, callId: 'c' as CallId, seq, at },
  }));
const connected: CallEventBody = { kind: 'connected', leg };
const pausedBy: CallEventBody = { kind: 'recording-paused', until: 99, via: 'page', by: leg };
const resumed: CallEventBody = { kind: 'recording-resumed', why: 'asked', pausedMs: 0 };
const over: CallEventBody = { kind: 'disconnected', talkedMs: 0 };
const began: CallEventBody = { kind: 'recording-started', recordingId: 'r' as RecordingId };

describe('Pauses of a recording', () => {
  it('last from pausing to resuming', () => {
    expect(
      foldPauses(story([0, connected], [5, pausedBy], [9, resumed], [20, over]), 30),
    ).to.deep.equal([{ from: 5, to: 9 }]);
  });
  it('end with the talk, and go on with the next one', () => {
    const events = story([0, connected], [5, pausedBy], [9, over], [12, connected], [15, resumed]);
    expect(foldPauses(events, 30)).to.deep.equal([
      { from: 5, to: 9 },
      { from: 12, to: 15 },
    ]);
  });
  it('one under way lasts until now', () => {
    expect(foldPauses(story([0, connected], [5, pausedBy]), 30)).to.deep.equal([
      { from: 5, to: 30 },
    ]);
  });
  it('are shown where they belong: before the part that follows them, or behind the last', () => {
    const events = story(
      [0, connected],
      [0, began],
      [5, pausedBy],
      [9, resumed],
      [9, began],
      [15, pausedBy],
      [20, over],
    );
    const gaps = playerGaps(events, 30);
    expect(gaps.before(0)).to.deep.equal([]);
    expect(gaps.before(9)).to.deep.equal([{ fromMs: 5, ms: 4 }]);
    expect(gaps.rest()).to.deep.equal([{ fromMs: 15, ms: 5 }]);
  });
});
