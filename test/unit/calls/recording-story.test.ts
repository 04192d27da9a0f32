import { expect } from 'chai';
import { whyNoRecording, whyRecorded } from '../../../src/features/calls/recording-view.js';
import { tellStory } from '../../../src/features/calls/story.js';
import { LANGUAGES, type CallEventBody } from '../../../src/kernel/call-event.js';
import type { CallId, ChannelId, ExtensionId, TrunkId } from '../../../src/kernel/ids.js';
import { loadMessages } from '../../../src/web/i18n.js';
import type { Translate } from '../../../src/web/kit/index.js';
import { CallScript } from '../../support/call-events.js';

const missing: string[] = [];
const messages = loadMessages((key) => missing.push(key));
const reader = (language: (typeof LANGUAGES)[number]) => ({
  ...{ language, zone: 'Europe/London', country: 'GB' },
  t: ((key, params) => messages.translate(language, key, params)) satisfies Translate,
});
const ANN = 'ann' as ChannelId;
const ann = { by: ANN, via: 'phone' } as const;

const LINES: readonly CallEventBody[] = [
  {
    ...{ kind: 'leg-started', leg: ANN, role: 'outside', number: '+442079460123', name: 'Carrier' },
    ...{ callerId: '+442079460111', callerIdOf: 'queue' },
  },
  {
    ...{ kind: 'leg-started', leg: ANN, role: 'outside', number: '+442079460123', name: 'Carrier' },
    ...{ callerId: '', callerIdOf: 'withheld' },
  },
  ...(['always', 'on-demand', 'never'] as const).map((mode): CallEventBody => ({
    ...{ kind: 'recording-decided', mode },
    why: ['emergency', 'person', 'queue', 'extension', 'trunk', 'site'].map((by) => ({
      ...{ by, name: 'Repairs' },
    })),
  })),
  { kind: 'recording-told', leg: ANN, how: 'notice', answer: 'stayed' },
  { kind: 'recording-told', leg: ANN, how: 'choice', answer: 'declined' },
  { kind: 'recording-switched', isOn: true, ...ann },
  { kind: 'recording-switched', isOn: false, ...ann },
  { kind: 'recording-paused', until: 0, ...ann },
  ...(['asked', 'limit', 'stopped'] as const).map((why): CallEventBody => ({
    ...{ kind: 'recording-resumed', why, pausedMs: 12_000 },
  })),
  { kind: 'help-called', number: '999', extensionId: 1 as ExtensionId, from: '2001' },
  { kind: 'line-freed', trunkId: 1 as TrunkId, name: 'Carrier', freed: 'c' as CallId },
];

describe('the story of a recording', () => {
  const script = (): CallScript => {
    const call = new CallScript();
    for (const line of LINES) call.happens(1_000, line);
    return call;
  };

  it('has words for everything, in both languages', () => {
    for (const language of LANGUAGES) {
      const told = tellStory(script().events, reader(language));
      expect(told).to.have.length(LINES.length);
    }
    expect(missing).to.deep.equal([]);
  });

  it('says who wanted what, and which number was seen', () => {
    const told = tellStory(script().events, reader('en')).map(({ text, why }) =>
      [text, ...why].join(' | '),
    );
    expect(told[0]).to.contain('Shows (020) 7946 0111 (of the queue).');
    expect(told[1]).to.contain('Shows no number (withheld).');
    expect(told.join('\n')).to.contain('Carrier paused the recording | ');
    expect(told).to.include('The recording goes on by itself after 0:12');
    expect(told).to.include('2001 calls for help at 999');
  });

  it('says why something is recorded, or is not', () => {
    const { t } = reader('en');
    const decided = (mode: 'always' | 'never' | 'on-demand', by: string): CallScript => {
      const call = new CallScript();
      call.happens(0, { kind: 'connected', leg: ANN });
      call.happens(0, { kind: 'recording-decided', mode, why: [{ by, name: '2001' }] });
      return call;
    };
    expect(whyRecorded(decided('always', 'extension').events, t)).to.equal(
      'This talk is recorded. Extension 2001 says so.',
    );
    expect(whyRecorded(decided('never', 'extension').events, t)).to.equal('');
    expect(whyNoRecording(decided('never', 'person').events, true, t)).to.deep.equal({
      text: 'It may not be recorded. The person outside does not want to be recorded.',
      isAlarm: false,
    });
    expect(whyNoRecording(decided('on-demand', 'site').events, true, t).text).to.contain(
      'nobody asked for it',
    );
  });
});
