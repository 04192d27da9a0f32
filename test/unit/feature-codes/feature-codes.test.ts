import { expect } from 'chai';
import fc from 'fast-check';
import {
  conflictsOf,
  DEFAULT_CODES,
  FEATURE_NAMES,
  readCode,
  type FeatureCodes,
  type FeatureName,
} from '../../../src/telephony/feature-codes.js';

describe('Feature codes', () => {
  const changed = (codes: Partial<Record<FeatureName, string>>): FeatureCodes => ({
    ...DEFAULT_CODES,
    ...Object.fromEntries(
      Object.entries(codes).map(([name, code]) => [name, { code, isEnabled: code !== '' }]),
    ),
  });
  const read = (digits: string, codes = DEFAULT_CODES): string => {
    const dialled = readCode(codes, digits);
    return dialled === undefined ? 'none' : `${dialled.name} ${dialled.rest}`.trim();
  };

  it('have no conflicts where nobody has changed any', () => {
    expect(conflictsOf(DEFAULT_CODES)).to.deep.equal([]);
  });

  it('are read with what follows them, however it is written', () => {
    expect(read('*78')).to.equal('do-not-disturb');
    expect(read('*78#')).to.equal('do-not-disturb');
    expect(read('*781')).to.equal('none');
    expect(read('*722002')).to.equal('forward-always 2002');
    expect(read('*72+44 (20) 7946-0123#')).to.equal('forward-always +442079460123');
    expect(read('*72')).to.equal('forward-always');
    expect(read('*722x')).to.equal('none');
    expect(read('*')).to.equal('none');
    expect(read('')).to.equal('none');
  });

  it('that are switched off, or were changed, are not there', () => {
    expect(read('*78', changed({ 'do-not-disturb': '' }))).to.equal('none');
    const codes = changed({ 'do-not-disturb': '*55' });
    expect(read('*78', codes)).to.equal('none');
    expect(read('*55', codes)).to.equal('do-not-disturb');
  });

  it('are in conflict where one is another, or reads as another with something behind it', () => {
    const found = (codes: Partial<Record<FeatureName, string>>) =>
      conflictsOf(changed(codes)).map(({ name, other }) => `${name} ${other}`);
    expect(found({ 'call-waiting': '*78' })).to.deep.equal(['call-waiting do-not-disturb']);
    expect(found({ 'do-not-disturb': '*721' })).to.deep.equal(['forward-always do-not-disturb']);
    expect(found({ 'do-not-disturb': '*123' })).to.deep.equal(['do-not-disturb availability']);
    // An extension does not begin with 0, so that nobody can mean one by the longer code.
    expect(found({ 'do-not-disturb': '*80', intercom: '*99' })).to.deep.equal([]);
    expect(found({ 'do-not-disturb': '*85' })).to.deep.equal(['pickup do-not-disturb']);
    expect(found({ 'do-not-disturb': '*111' })).to.deep.equal([]);
  });

  it('without a conflict are read as what was dialled, whatever they are', () => {
    const anyCode = fc.stringMatching(/^\*\d{1,3}$/);
    const codes = fc
      .tuple(...FEATURE_NAMES.map(() => fc.record({ code: anyCode, isEnabled: fc.boolean() })))
      .map((all) => Object.fromEntries(FEATURE_NAMES.map((name, at) => [name, all[at]])))
      .map((all) => all as FeatureCodes)
      .filter((all) => conflictsOf(all).length === 0);
    fc.assert(
      fc.property(codes, fc.constantFrom(...FEATURE_NAMES), (all, name) => {
        const { code, isEnabled } = all[name];
        const rest = name === 'speed-dial' ? '12' : '';
        const found = readCode(all, code + rest);
        if (isEnabled) expect(found).to.deep.equal({ name, rest });
        else if (found !== undefined) expect(all[found.name].isEnabled).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});
