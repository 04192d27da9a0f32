import { expect } from 'chai';
import {
  readNumberCell,
  splitNumbers,
} from '../../../src/features/contacts/importing/number-cell.js';

const read = (text: string, country = 'GB'): string => {
  const reading = readNumberCell(text, country);
  return reading.ok ? reading.number : (reading.message.split('.').at(-1) ?? '');
};

describe('a cell with a number', () => {
  it('is E.164 however people write it', () => {
    for (const text of ['020 7946 0123', "'02079460123", '+44(0)20 7946 0123', '020 7946 0123 x12'])
      expect(read(text), text).to.equal('+442079460123');
    expect(read('138 0013 8000', 'CN')).to.equal('+8613800138000');
    expect(read('13800138000.0', 'CN')).to.equal('+8613800138000');
    expect(read('010-1234 5678 转 801', 'CN')).to.equal('+861012345678');
    expect(read('0044 20 7946 0123', 'CN')).to.equal('+442079460123');
  });

  it('says what it is instead', () => {
    const cases: Readonly<Record<string, string>> = {
      '1.38E+10': 'scientific',
      '1,38e10': 'scientific',
      '#VALUE!': 'excel-error',
      '##########': 'excel-error',
      '24/11/2026 10:00': 'date',
      'Nov 24, 2026': 'date',
      '2026年11月24日': 'date',
      'call Mary': 'letters',
      '999': 'no-number',
      '123': 'no-number',
      '+': 'no-number',
      '+12': 'no-number',
    };
    for (const [text, reason] of Object.entries(cases)) expect(read(text), text).to.equal(reason);
  });

  it('may hold several numbers, and a date is not two', () => {
    expect(splitNumbers('020 7946 0123; 07911 123456')).to.have.length(2);
    expect(splitNumbers('13800138000、13800138001')).to.have.length(2);
    expect(splitNumbers('24/11/2026')).to.deep.equal(['24/11/2026']);
  });
});
