import { expect } from 'chai';
import { csvLine } from '../../../src/web/kit/csv.js';
import { timeRange } from '../../../src/features/calls/period.js';
import { isRecordingId, isRecordingPath } from '../../../src/features/recordings/recording.js';

describe('periods of the list of calls', () => {
  // A Sunday night: in London it is 29 March 2026, 00:30, the day on which summer time begins.
  const now = Date.UTC(2026, 2, 29, 0, 30);
  const london = (asked: Parameters<typeof timeRange>[0]) =>
    [timeRange(asked, now, 'Europe/London')].map(({ fromAt, toAt }) =>
      [fromAt, toAt].map((at) => (at === undefined ? '' : new Date(at).toISOString())),
    )[0];

  it('today has 23 hours when clocks go forward', () => {
    expect(london({ period: 'today' })).to.deep.equal([
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T23:00:00.000Z',
    ]);
  });
  it('the week begins on Monday', () => {
    expect(london({ period: 'this-week' })?.[0]).to.equal('2026-03-23T00:00:00.000Z');
  });
  it('yesterday and the last days end where they should', () => {
    expect(london({ period: 'yesterday' })?.[1]).to.equal('2026-03-29T00:00:00.000Z');
    expect(london({ period: 'last-7d' })?.[0]).to.equal('2026-03-23T00:00:00.000Z');
    expect(london({ period: 'last-30d' })?.[0]).to.equal('2026-02-28T00:00:00.000Z');
  });
  it('days narrow a period, and the last one is included', () => {
    expect(london({ period: 'last-7d', from: '2026-03-25', to: '2026-03-26' })).to.deep.equal([
      '2026-03-25T00:00:00.000Z',
      '2026-03-27T00:00:00.000Z',
    ]);
  });
  it('follows the zone of the site', () => {
    const { fromAt } = timeRange({ period: 'today' }, now, 'Asia/Shanghai');
    expect(new Date(fromAt ?? 0).toISOString()).to.equal('2026-03-28T16:00:00.000Z');
  });
  it('what makes no sense narrows nothing', () => {
    for (const asked of [
      {},
      { period: 'for ever' },
      { from: '2026-02-30' },
      { from: "' OR 1=1" },
      { to: '2026-13-01' },
    ])
      expect(london(asked)).to.deep.equal(['', '']);
  });
});

describe('cells of the export', () => {
  it('makes formulas harmless', () => {
    for (const text of ['=1+1', '+44 20', '-1', '@SUM(A1)', '\tx', '\rx'])
      expect(csvLine([text])).to.match(/^"?'/);
  });
  it('keeps numbers numbers', () => {
    expect(csvLine([-5, 0, 7])).to.equal('-5,0,7\r\n');
  });
  it('quotes separators, quotes and line breaks', () => {
    expect(csvLine(['a,b', 'a"b', 'a\nb', 'a;b', '陈女士'])).to.equal(
      '"a,b","a""b","a\nb","a;b",陈女士\r\n',
    );
  });
});

describe('ids and paths of recordings', () => {
  const id = '01M80JWNS203Y5V50T1GDKWN6N';
  it('takes ids of our making only', () => {
    expect(isRecordingId(id)).to.equal(true);
    for (const bad of [
      '',
      id.toLowerCase(),
      `${id}/`,
      `../${id}`,
      `${id}\n`,
      `${id}%00`,
      'I'.repeat(26),
    ])
      expect(isRecordingId(bad), bad).to.equal(false);
  });
  it('takes paths of one form only', () => {
    expect(isRecordingPath(`2026/11/24/${id}.flac`)).to.equal(true);
    for (const bad of [
      '',
      `/2026/11/24/${id}.flac`,
      `2026/11/24/../${id}.flac`,
      `../../etc/passwd`,
      `2026/11/24/${id}.flac\n`,
      `2026/11/24/${id}.flac/../../x`,
    ])
      expect(isRecordingPath(bad), bad).to.equal(false);
  });
});
