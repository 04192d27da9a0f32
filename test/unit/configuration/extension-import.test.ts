import { expect } from 'chai';
import { readCsvTable, type CsvTable } from '../../../src/features/configuration/csv-table.js';
import {
  numbersIn,
  planImport,
  type ImportPlan,
} from '../../../src/features/extensions/extension-import.js';

const read = (text: string): CsvTable => {
  const table = readCsvTable(Buffer.from(text));
  if ('message' in table) throw new Error(table.message);
  return table;
};
const plan = (text: string, taken: readonly string[] = []): ImportPlan => {
  const made = planImport(read(text), 'GB', new Set(taken));
  if ('message' in made) throw new Error(made.message);
  return made;
};
const reasons = (text: string, taken: readonly string[] = []): readonly string[] =>
  plan(text, taken).rejected.map(
    (row) => `${String(row.line)} ${row.field} ${row.problem.message}`,
  );

describe('importing extensions', () => {
  it('takes what is empty or absent from the form of a new extension', () => {
    expect(plan('number,name,permission\n2001,Ada,\n').drafts).to.deep.equal([
      {
        number: '2001',
        name: 'Ada',
        permission: 'national',
        callerId: '',
        recordingInbound: 'default',
        recordingOutbound: 'default',
        recordingInternal: 'default',
        voicemail: true,
        ringTimeoutS: 25,
        language: 'en',
        department: '',
        isListed: true,
        codecs: ['g722', 'alaw', 'ulaw', 'opus'],
        dtmf: 'auto',
      },
    ]);
  });

  it('understands Chinese headers and words', () => {
    const [draft] = plan(
      '分机号;姓名;权限;外显号码;语音留言;内部通话录音;语言;部门;可按姓名查找\n2001;苏禾;国际;020 7946 0100;否;是;中文;客服部;否\n',
    ).drafts;
    expect(draft).to.deep.include({
      name: '苏禾',
      permission: 'international',
      callerId: '+442079460100',
      voicemail: false,
      recordingInternal: 'always',
      language: 'zh-CN',
      department: '客服部',
      isListed: false,
    });
  });

  it('says line, field and reason of every wrong value', () => {
    const text = [
      'number,name,permission,voicemail,ring_timeout',
      '2001,Ada,national,yes,25',
      '1,Ben,national,yes,25',
      '999,Police,national,yes,25',
      '2002,,national,yes,25',
      '2003,Cy,everywhere,yes,25',
      '2004,Dee,local,perhaps,25',
      '2005,Eve,local,no,1',
      '2001,Again,local,no,25',
      '2006,Taken,local,no,25',
      '2007,Fay,local,no,25,extra',
    ].join('\n');
    expect(reasons(text, ['2006'])).to.deep.equal([
      '3 number extensions.problem.number',
      '4 number extensions.problem.emergency',
      '5 name form.problem.needed',
      '6 permission form.problem.choose',
      '7 voicemail form.problem.unfit',
      '8 ringTimeoutS form.problem.between-seconds',
      '9 number import.problem.repeated',
      '10 number extensions.problem.number-taken',
      '11  import.problem.extra-cells',
    ]);
    expect(plan(text, ['2006']).drafts.map((draft) => draft.number)).to.deep.equal(['2001']);
  });

  it('refuses a file without the needed columns, and names those that it does not use', () => {
    expect(planImport(read('nummer,naam\n1,2\n'), 'GB', new Set())).to.deep.equal({
      message: 'import.problem.columns',
      params: { missing: 'number, name', found: 'nummer, naam' },
    });
    expect(plan('number,name,floor\n2001,Ada,4\n').unused).to.deep.equal(['floor']);
  });

  it('finds the numbers that it would take', () => {
    expect(numbersIn(read('name,number\nAda,2001\nBen,x\n'))).to.deep.equal(['2001']);
  });
});
