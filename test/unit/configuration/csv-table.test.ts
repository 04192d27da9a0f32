import { expect } from 'chai';
import fc from 'fast-check';
import {
  CSV_MAX_BYTES,
  CSV_MAX_ROWS,
  readCsvTable,
  writeCsv,
  type CsvTable,
} from '../../../src/features/configuration/csv-table.js';

const table = (bytes: Buffer): CsvTable => {
  const read = readCsvTable(bytes);
  if ('message' in read) throw new Error(read.message);
  return read;
};
const problem = (bytes: Buffer): string => {
  const read = readCsvTable(bytes);
  return 'message' in read ? read.message : 'a table';
};
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('reading CSV files', () => {
  const text = 'number,name\r\n2001,"Finch, Ada"\r\n\r\n2002,苏禾\r\n';

  it('gives header, cells and the line of each row', () => {
    expect(table(Buffer.from(text))).to.deep.equal({
      encoding: 'utf-8',
      header: ['number', 'name'],
      rows: [
        { line: 2, cells: ['2001', 'Finch, Ada'] },
        { line: 4, cells: ['2002', '苏禾'] },
      ],
    });
  });

  it('finds comma, semicolon and tab by itself', () => {
    for (const delimiter of [',', ';', '\t'])
      expect(table(Buffer.from(`a${delimiter}b\n1${delimiter}2\n`)).rows[0]?.cells).to.deep.equal([
        '1',
        '2',
      ]);
  });

  it('reads UTF-8 with a mark, UTF-16 with and without one, and GB18030', () => {
    const gb = Buffer.from('6e756d6265722c6e616d650a323030322c', 'hex');
    const cases: readonly (readonly [string, Buffer])[] = [
      ['utf-8', Buffer.from(`\ufeff${text}`)],
      ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['utf-16le', Buffer.from(text, 'utf16le')],
      ['utf-16be', swapped(`\ufeff${text}`)],
      ['utf-16be', swapped(text)],
      ['gb18030', Buffer.concat([gb, Buffer.from([0xcb, 0xd5, 0xba, 0xcc]), Buffer.from('\n')])],
    ];
    for (const [encoding, bytes] of cases) {
      const read = table(bytes);
      expect(read.encoding).to.equal(encoding);
      expect(read.header).to.deep.equal(['number', 'name']);
      expect(read.rows.at(-1)?.cells).to.deep.equal(['2002', '苏禾']);
    }
  });

  it('says what is wrong with files that are no tables', () => {
    expect(problem(Buffer.alloc(0))).to.equal('import.problem.empty');
    expect(problem(Buffer.from('  \n\n'))).to.equal('import.problem.empty');
    expect(problem(Buffer.alloc(CSV_MAX_BYTES + 1, 'a'))).to.equal('import.problem.too-large');
    expect(problem(Buffer.from('PK\u0003\u0004rest'))).to.equal('import.problem.spreadsheet');
    expect(problem(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).to.equal('import.problem.spreadsheet');
    expect(problem(Buffer.from('number,name\n2001,A\u0000da\n'))).to.equal('import.problem.binary');
    expect(problem(Buffer.from('89504e470d0a1a0a0000000d', 'hex'))).to.equal(
      'import.problem.binary',
    );
    expect(problem(Buffer.from([0x61, 0x2c, 0xff, 0xff, 0x0a]))).to.equal(
      'import.problem.encoding',
    );
    expect(problem(Buffer.from('number,name\n'))).to.equal('import.problem.no-rows');
    expect(problem(Buffer.from('number,name\n"2001,Ada\n'))).to.equal('import.problem.quotes');
  });

  it('refuses a million columns, endless lines and too many rows without reading them all', () => {
    expect(problem(Buffer.from(`${'a,'.repeat(1_000_000)}\n1\n`))).to.equal(
      'import.problem.too-many-columns',
    );
    expect(problem(Buffer.from(`a,b\n1,${'2,'.repeat(500_000)}\n`))).to.equal(
      'import.problem.long-line',
    );
    expect(problem(Buffer.from(`a,b\n${'1,2\n'.repeat(CSV_MAX_ROWS + 1)}`))).to.equal(
      'import.problem.too-many-rows',
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
        expect(readCsvTable(Buffer.from(bytes))).to.be.an('object');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('writing CSV files', () => {
  it('gives back what was written', () => {
    // A cell whose quotation mark begins with a formula's sign is changed on purpose.
    const cell = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter(
        (value) => value.trim() === value && !/^[=+\-@]/.test(value) && !/\p{Cc}/u.test(value),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 10 }), (rows) => {
        const read = table(Buffer.from(writeCsv([['first', 'second'], ...rows])));
        expect(read.rows.map((row) => row.cells)).to.deep.equal(rows);
      }),
    );
  });

  it('makes cells harmless that a spreadsheet would run', () => {
    expect(writeCsv([['=1+1', '+44', '-x', '@sum', 'plain']])).to.equal(
      "\ufeff'=1+1,'+44,'-x,'@sum,plain\r\n",
    );
  });
});
