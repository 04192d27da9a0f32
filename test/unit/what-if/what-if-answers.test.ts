import { expect } from 'chai';
import type { WhatIfAnswer, WhatIfQuestion } from '../../../src/engines/dialer/what-if.js';
import { WhatIfAnswers } from '../../../src/features/what-if/what-if-answers.js';
import { answerWhatIf } from '../../../src/simulation/dialer/what-if.js';

const QUESTION: WhatIfQuestion = {
  ...{ agents: 2, answerRate: 0.5, talkS: 5, wrapUpS: 1, limit: 0.03 },
};
const ANSWER = { hours: 1 } as WhatIfAnswer;

describe('answers of the what-if page', () => {
  it('simulate the same question once, and one question at a time', async () => {
    const asked: (() => void)[] = [];
    const answers = new WhatIfAnswers(
      () =>
        new Promise((resolve) =>
          asked.push(() => {
            resolve(ANSWER);
          }),
        ),
    );
    const first = answers.answer(QUESTION);
    expect(answers.answer({ ...QUESTION })).to.equal(first);
    const second = answers.answer({ ...QUESTION, agents: 3 });
    await Promise.resolve();
    expect(asked).to.have.length(1);
    asked[0]?.();
    expect(await first).to.equal(ANSWER);
    await Promise.resolve();
    expect(asked).to.have.length(2);
    asked[1]?.();
    expect(await second).to.equal(ANSWER);
  });

  it('turn away who would wait too long, and try again what failed', async () => {
    let failures = 0;
    const answers = new WhatIfAnswers(() => Promise.reject(new Error(`no ${String(++failures)}`)));
    const waiting = [1, 2, 3, 4, 5].map((agents) => answers.answer({ ...QUESTION, agents }));
    expect(answers.answer({ ...QUESTION, agents: 6 })).to.equal(undefined);
    for (const one of await Promise.allSettled(waiting.map(async (one) => one)))
      expect(one.status).to.equal('rejected');
    const [again] = await Promise.allSettled([answers.answer(QUESTION)]);
    expect(again.status).to.equal('rejected');
    expect(failures).to.equal(6);
  });
});

describe('what a campaign would do', function () {
  this.timeout(30_000);
  it('is simulated, the same for the same question', () => {
    const answer = answerWhatIf(QUESTION);
    expect(answer).to.deep.equal(answerWhatIf(QUESTION));
    const { predictive, oneToOne, teams, spans } = answer;
    expect(predictive.utilisation).to.be.within(0.1, 1);
    expect(oneToOne.abandonment).to.equal(0);
    expect(teams.map(({ agents }) => agents)).to.deep.equal([1, 2, 4]);
    expect(spans.length).to.be.within(5, 16);
    expect(predictive.lines).to.be.above(1);
  });

  it('says so where nobody may be abandoned: one line a free agent', () => {
    const { predictive } = answerWhatIf({ ...QUESTION, limit: 0 });
    expect(predictive.abandonment).to.equal(0);
  });
});
