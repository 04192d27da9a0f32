import { expect } from 'chai';
import type { ChannelId, SurveyId } from '../../../src/kernel/ids.js';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import { aSurvey, question } from '../../support/surveys.js';
import {
  demoDirectory,
  MENU,
  menuFlow,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const SURVEY = 1 as SurveyId;
const NUMBER = '+442079460201';

describe('a campaign that asks questions', () => {
  it('calls people and writes down what they answer by keys', async () => {
    const plain = demoDirectory();
    const survey = aSurvey({ questions: [question(1, { kind: 'score', from: 1, to: 5 })] });
    const flow = {
      ...menuFlow,
      definition: {
        start: 'ask',
        steps: {
          ask: { kind: 'survey', label: 'Ask', survey: 1, next: 'bye', declined: 'bye' },
          bye: { kind: 'hangup', label: 'Bye', prompt: 1 },
        },
      },
    } as const;
    const bench = await new SwitchboardBench({
      ...plain,
      flows: new Map([[MENU, flow]]),
      surveys: new Map([[SURVEY, survey]]),
    }).start();
    bench.ari.farEnd(/^PJSIP\/\+442079460201@trunk-/, { kind: 'answers', afterMs: 1_000 });
    bench.campaignRows.waiting.set(CAMPAIGN, [NUMBER]);
    bench.campaignRows.campaigns = [plainCampaign({ mode: 'notification', flowId: Number(MENU) })];
    bench.campaigns.open();
    await bench.advance(4_000);
    const entry = bench.ari.log.find((one) => one.startsWith('originate') && one.includes(NUMBER));
    const person = (entry?.split(' ')[1] ?? '') as ChannelId;
    await bench.press(person, '1');
    await bench.press(person, '4');
    await bench.advance(10_000);
    expect(bench.last('survey-answered')).to.include({ question: 1, value: 4 });
    expect(bench.last('survey-finished')).to.include({ end: 'completed' });
    expect(bench.campaignRows.results.map(([, result]) => result)).to.deep.equal(['human']);
    expect(bench.errors).to.deep.equal([]);
    await bench.stop();
  });
});
