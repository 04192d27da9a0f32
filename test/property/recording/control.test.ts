import { expect } from 'chai';
import fc from 'fast-check';
import {
  CODE_KEYS_APART_MS,
  CodeReader,
  isRecorded,
  isWanted,
  NO_CONTROL,
  stepRecording,
  toggledWish,
  withoutOverduePause,
  type RecordingControl,
  type RecordingWish,
} from '../../../src/engines/recording/control.js';
import { RECORDING_MODES } from '../../../src/engines/recording/policy.js';

const MAX_PAUSE_MS = 60_000;
const WISHES: readonly RecordingWish[] = ['start', 'stop', 'pause', 'resume'];
const modes = fc.constantFrom(...RECORDING_MODES);
const moves = fc.array(
  fc.record({ wish: fc.constantFrom(...WISHES), afterMs: fc.integer({ min: 0, max: 90_000 }) }),
  { size: 'max', maxLength: 60 },
);

describe('What people ask of a recording', () => {
  it('never records in a pause, and what forbids it is never overruled', () => {
    fc.assert(
      fc.property(modes, moves, (mode, all) => {
        let control: RecordingControl = NO_CONTROL;
        let at = 0;
        for (const { wish, afterMs } of all) {
          at += afterMs;
          control = withoutOverduePause(control, at);
          const before = control;
          const step = stepRecording(mode, control, wish, at, MAX_PAUSE_MS);
          if (step.kind === 'refused') expect(control).to.equal(before);
          else control = step.control;
          if (control.pause !== undefined) {
            expect(isRecorded(mode, control)).to.equal(false);
            expect(control.pause.until).to.be.at.most(at + MAX_PAUSE_MS);
          }
          if (mode === 'never') expect(isRecorded(mode, control)).to.equal(false);
          if (mode === 'always') expect(isWanted(mode, control)).to.equal(true);
        }
      }),
    );
  });

  it('recorded and paused time is the time in which a recording was wanted', () => {
    fc.assert(
      fc.property(fc.constantFrom('always' as const, 'on-demand' as const), moves, (mode, all) => {
        let control: RecordingControl = NO_CONTROL;
        let at = 0;
        const sums = { recorded: 0, paused: 0, wanted: 0 };
        const pass = (until: number): void => {
          // The limit of a pause may lie in between.
          const edge = Math.min(until, Math.max(at, control.pause?.until ?? until));
          for (const to of [edge, until]) {
            control = withoutOverduePause(control, at);
            if (isWanted(mode, control)) sums.wanted += to - at;
            if (isRecorded(mode, control)) sums.recorded += to - at;
            else if (control.pause !== undefined) sums.paused += to - at;
            at = to;
          }
          control = withoutOverduePause(control, at);
        };
        for (const { wish, afterMs } of all) {
          pass(at + afterMs);
          const step = stepRecording(mode, control, wish, at, MAX_PAUSE_MS);
          if (step.kind === 'changed') control = step.control;
        }
        expect(sums.recorded + sums.paused).to.equal(sums.wanted);
      }),
    );
  });

  it('refuses what makes no sense, and says why', () => {
    const ask = (
      mode: (typeof RECORDING_MODES)[number],
      control: RecordingControl,
      wish: RecordingWish,
    ) => {
      const step = stepRecording(mode, control, wish, 0, MAX_PAUSE_MS);
      return step.kind === 'refused' ? step.reason : 'changed';
    };
    const on = { isOn: true };
    const paused = { isOn: true, pause: { at: 0, until: 10 } };
    expect(ask('always', NO_CONTROL, 'resume')).to.equal('recording-not-paused');
    expect(ask('always', paused, 'pause')).to.equal('recording-paused');
    expect(ask('always', NO_CONTROL, 'stop')).to.equal('recording-always');
    expect(ask('always', NO_CONTROL, 'start')).to.equal('recording-on');
    expect(ask('on-demand', NO_CONTROL, 'pause')).to.equal('recording-off');
    expect(ask('on-demand', NO_CONTROL, 'stop')).to.equal('recording-off');
    expect(ask('on-demand', on, 'start')).to.equal('recording-on');
    expect(ask('on-demand', paused, 'start')).to.equal('recording-paused');
    expect(ask('on-demand', paused, 'stop')).to.equal('changed');
    for (const wish of WISHES) expect(ask('never', on, wish)).to.equal('recording-forbidden');
  });

  it('a code takes back what it did', () => {
    expect(toggledWish('on-demand', NO_CONTROL, 'record')).to.equal('start');
    expect(toggledWish('on-demand', { isOn: true }, 'record')).to.equal('stop');
    expect(toggledWish('always', NO_CONTROL, 'pause')).to.equal('pause');
    expect(toggledWish('always', { isOn: false, pause: { at: 0, until: 9 } }, 'pause')).to.equal(
      'resume',
    );
  });

  it('hears a code wherever it is pressed, and nothing else', () => {
    const codes = { record: '*1', pause: '*23' };
    const keys = (typed: string, apartMs = 200) => {
      const reader = new CodeReader();
      return typed.split('').flatMap((key, at) => reader.read(key, at * apartMs, codes) ?? []);
    };
    expect(keys('*1')).to.deep.equal(['record']);
    expect(keys('12*1*23')).to.deep.equal(['record', 'pause']);
    expect(keys('**23')).to.deep.equal(['pause']);
    expect(keys('*21')).to.deep.equal([]);
    expect(keys('1')).to.deep.equal([]);
    expect(keys('*1', CODE_KEYS_APART_MS + 1)).to.deep.equal([]);
  });
});
