import { expect } from 'chai';
import {
  decideNotice,
  decideRecording,
  type RecordingMode,
  type RecordingRule,
  type RecordingVoice,
  type RecordingVoiceKind,
} from '../../../src/engines/recording/policy.js';

const voice = (by: RecordingVoiceKind, rule: RecordingRule): RecordingVoice => ({
  by,
  name: by,
  rule,
});

describe('Whether a talk is recorded', () => {
  const table: readonly [
    said: readonly [RecordingVoiceKind, RecordingRule][],
    site: RecordingMode,
    mode: RecordingMode,
    why: readonly RecordingVoiceKind[],
  ][] = [
    [[], 'always', 'always', ['site']],
    [[], 'never', 'never', ['site']],
    [[['queue', 'default']], 'on-demand', 'on-demand', ['site']],
    [[['queue', 'always']], 'never', 'always', ['queue']],
    [[['queue', 'never']], 'always', 'never', ['queue']],
    [[['extension', 'on-demand']], 'always', 'on-demand', ['extension']],
    [
      [
        ['queue', 'always'],
        ['extension', 'on-demand'],
      ],
      'never',
      'always',
      ['queue'],
    ],
    [
      [
        ['queue', 'always'],
        ['trunk', 'never'],
      ],
      'always',
      'never',
      ['trunk'],
    ],
    [
      [
        ['queue', 'on-demand'],
        ['extension', 'never'],
        ['extension', 'always'],
      ],
      'always',
      'never',
      ['extension'],
    ],
    [
      [
        ['queue', 'never'],
        ['extension', 'default'],
        ['trunk', 'never'],
      ],
      'always',
      'never',
      ['queue', 'trunk'],
    ],
    [
      [
        ['emergency', 'never'],
        ['queue', 'always'],
      ],
      'always',
      'never',
      ['emergency'],
    ],
    [
      [
        ['person', 'never'],
        ['trunk', 'always'],
      ],
      'always',
      'never',
      ['person'],
    ],
  ];
  for (const [said, site, mode, why] of table)
    it(`${said.map(([by, rule]) => `${by} ${rule}`).join(', ') || 'nobody'}, site ${site}: ${mode}`, () => {
      const decided = decideRecording(
        said.map(([by, rule]) => voice(by, rule)),
        site,
      );
      expect(decided.mode).to.equal(mode);
      expect(decided.why.map(({ by }) => by)).to.deep.equal(why);
    });

  it('tells people outside what the one says who asks for most', () => {
    expect(decideNotice([])).to.equal('none');
    expect(decideNotice(['default', 'none'])).to.equal('none');
    expect(decideNotice(['none', 'notice'])).to.equal('notice');
    expect(decideNotice(['notice', 'choice', 'none'])).to.equal('choice');
  });
});
