import { expect } from 'chai';
import { TestBrowser } from '../../support/browser.js';
import {
  abandonedCall,
  answeredCall,
  voicemailCall,
  type CallScript,
} from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { problemsInEveryLook, problemsOnPages } from '../../support/looks.js';

const NAMES = [
  'Ada Finch',
  '',
  '李小龙（很长很长的名字，写不下的那种）',
  'Bartholomew-Alexander Featherstonehaugh',
];

describe('pages of calls and voicemail are accessible', function () {
  this.timeout(300_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });

  it('without a call, and where nothing matches', async () => {
    const problems = await problemsOnPages({ site: at.site, browser }, [
      '/calls',
      '/calls?q=nothing-like-it',
      '/voicemail',
      '/voicemail?state=new',
      '/reports/dids',
    ]);
    expect(problems).to.deep.equal([]);
  });

  it('with 500 calls and 500 messages', async () => {
    const call = await fill();
    const problems = await problemsInEveryLook({ site: at.site, browser }, async (page, check) => {
      for (const path of [
        '/calls',
        '/calls?from=2020-01-01&size=25&page=2',
        '/voicemail?size=25',
        '/reports/dids?by=day&period=last-30d',
      ]) {
        await page.goto(path);
        await check(path);
      }
      await page.goto(`/calls/${call.callId}`);
      await page.getByRole('slider').waitFor();
      await page.locator('.ev summary').first().click();
      await check('timeline and player');
      for (const tab of ['legs', 'events']) {
        await page.goto(`/calls/${call.callId}/${tab}`);
        await check(tab);
      }
    });
    expect(problems).to.deep.equal([]);
  });

  /** Calls of all kinds, with names of all lengths; resolves to one with a recording. */
  async function fill(): Promise<CallScript> {
    const now = Date.now();
    const calls = Array.from({ length: 500 }, (_, index) =>
      index % 10 > 4
        ? abandonedCall(now - index * 60_000)
        : answeredCall({
            startedAt: now - index * 60_000,
            fromName: NAMES[index % NAMES.length] ?? '',
            recorded: index % 2 === 0,
          }),
    );
    const messages = Array.from({ length: 500 }, (_, index) =>
      voicemailCall(now - index * 90_000, index % 2 === 0 ? COMPANY.phoneOfTheo : undefined),
    );
    await at.tell(...calls, ...messages);
    for (const one of messages.slice(0, 10)) await at.keep(one.recordingId, 1);
    await at.site.parts
      .database('voicemails')
      .whereIn(
        'recording_id',
        messages.filter((_, index) => index % 3 === 0).map((one) => one.recordingId),
      )
      .update({ heard_at: new Date(), heard_by: 1, remark: 'Rang back, 会再打来的 '.repeat(5) });
    const [recorded] = calls.filter((_, index) => index === 2);
    if (recorded === undefined) throw new Error('there is no call');
    await at.keep(recorded.recordingId, 267);
    return recorded;
  }
});
