import { expect } from 'chai';
import { readCatalog, loadMessages } from '../../../src/web/i18n.js';
import { causeKey, sipKey } from '../../../src/features/calls/causes.js';
import { decisionText } from '../../../src/features/calls/decision-text.js';
import { endReasonText } from '../../../src/features/calls/reason-text.js';
import { whyNoRecording } from '../../../src/features/calls/recording-view.js';
import { tellStory } from '../../../src/features/calls/story.js';
import { LANGUAGES, type CallEvent, type Language } from '../../../src/kernel/call-event.js';
import type { Translate } from '../../../src/web/kit/index.js';
import {
  abandonedCall,
  answeredCall,
  CallScript,
  voicemailCall,
} from '../../support/call-events.js';

const missing: string[] = [];
const messages = loadMessages((key) => missing.push(key));
const inLanguage =
  (language: Language): Translate =>
  (key, params) =>
    messages.translate(language, key, params);
const reader = (language: Language) => ({
  language,
  zone: 'Europe/London',
  country: 'GB',
  t: inLanguage(language),
});
const en = inLanguage('en');
const sentences = (events: readonly CallEvent[], language: Language = 'en') =>
  tellStory(events, reader(language)).map((line) => [line.text, ...line.why].join(' | '));

describe('the story of a call', () => {
  afterEach(() => {
    expect(missing.splice(0)).to.deep.equal([]);
  });

  it('tells an answered call, each thing once', () => {
    expect(sentences(answeredCall().events)).to.deep.equal([
      'Call from Ada Finch (020) 7946 0123 to 0800 555 0110',
      'Cordboard answered the caller',
      'IVR flow Main menu, version 13',
      'Step “Welcome” | Main menu',
      'Pressed 9, which leads nowhere | Welcome',
      'Pressed 2: Repairs | Welcome',
      'Entered Repairs, place 5 | priority 20',
      'Offered to Nia Corbin | longest idle (0:41) | 2 agents were free',
      'Nia Corbin declined after 0:12 | call rejected (Q.850 21) | SIP 603 declined',
      'Offered to Mara Quill | longest idle (0:00) | Nia Corbin: has just missed this call',
      'Mara Quill answered after 0:06',
      'Left Repairs after 1:46: answered',
      'Talking with Mara Quill',
      'Recording started',
      'Mara Quill put the call on hold',
      'Mara Quill came back',
      'The talk ended after 4:27',
      'Recording ended after 4:26',
      'The caller hung up | normal clearing (Q.850 16) | SIP 200 OK',
      'Mara Quill hung up | normal clearing (Q.850 16) | SIP 200 OK',
      'Ended by the caller: Answered | normal clearing (Q.850 16)',
    ]);
  });

  it('tells every kind of call in Chinese without a word that is missing', () => {
    for (const script of [answeredCall(), abandonedCall(), voicemailCall()])
      expect(sentences(script.events, 'zh-CN').join('')).to.match(/[一-鿿]/);
  });

  it('counts offsets from the first event', () => {
    const lines = tellStory(answeredCall().events, reader('en'));
    expect(lines[0]?.offsetMs).to.equal(0);
    expect(lines.at(-1)?.offsetMs).to.equal(381_010);
  });

  it('tells what a later version wrote by its name', () => {
    const [first] = answeredCall().events;
    const strange = { ...first, kind: 'teleported', id: 'Z'.repeat(26) } as never;
    expect(sentences([first as CallEvent, strange])[1]).to.equal('teleported');
  });

  it('tells nothing of nothing', () => {
    expect(sentences([])).to.deep.equal([]);
  });
});

describe('causes and reasons in words', () => {
  it('has words for every cause and status that it knows, in every language', () => {
    for (const language of LANGUAGES) {
      const catalog = readCatalog(language);
      for (let code = 0; code < 128; code++) expect(catalog.has(causeKey(code))).to.equal(true);
      for (let status = 100; status < 700; status++)
        expect(catalog.has(sipKey(status))).to.equal(true);
    }
  });

  it('says the number of a cause that has no name', () => {
    expect(en(causeKey(13), { cause: 13 })).to.equal('cause 13 (Q.850)');
    expect(en(sipKey(499), { status: 499 })).to.equal('SIP 499');
  });

  it('says reasons in words and leaves unknown ones as they are', () => {
    expect(endReasonText(en, 'nobody-signed-in')).to.equal('nobody was signed in');
    expect(endReasonText(en, 'hung-up-17')).to.equal('hung up: user busy (Q.850 17)');
    expect(endReasonText(en, 'of-a-later-version')).to.equal('of-a-later-version');
    expect(endReasonText(en, '')).to.equal('');
    expect(decisionText(en, 'agents-fitting:1')).to.equal('1 agent was free');
    expect(decisionText(en, 'skipped-wrap-up:A: B')).to.equal('A: B: in wrap-up');
    expect(decisionText(en, 'something new')).to.equal('something new');
    expect(missing).to.deep.equal([]);
  });
});

describe('why a call has no recording', () => {
  const why = (events: readonly CallEvent[], isOver = true) => whyNoRecording(events, isOver, en);
  const upTo = (kind: CallEvent['kind']) => {
    const { events } = answeredCall();
    return events.slice(0, events.findIndex((event) => event.kind === kind) + 1);
  };

  it('nobody talked', () => {
    expect(why(abandonedCall().events).text).to.contain('nobody talked');
    expect(why(abandonedCall().events.slice(0, 3), false).text).to.contain('yet');
  });
  it('the set-up says so', () => {
    const events = answeredCall({ recorded: false }).events.filter(
      (event) => event.kind !== 'recording-missing',
    );
    expect(why(events)).to.deep.equal({
      text: en('calls.no-recording.policy'),
      isAlarm: false,
    });
  });
  it('the telephone server refused', () => {
    const call = new CallScript();
    call.happens(0, { kind: 'recording-missing', reason: 'refused' });
    expect(why(call.events)).to.include({ isAlarm: true });
    expect(why(call.events).text).to.contain('refused by the telephone server');
  });
  it('it goes on', () => {
    expect(why(upTo('recording-started'), false).text).to.contain('being recorded now');
  });
  it('its end never arrived', () => {
    expect(why(upTo('recording-started'))).to.include({ isAlarm: true });
  });
});
