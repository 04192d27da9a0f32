import { expect } from 'chai';
import { z } from 'zod';
import {
  flagField,
  idsField,
  integerField,
  optionalIdField,
  parseFields,
  parseSeconds,
  patternField,
  secondsField,
  textField,
} from '../../../src/kernel/fields.js';
import {
  exportPhone,
  formatDuration,
  formatPercent,
  formatPhone,
  formatWhen,
  formWithProblems,
  listView,
  numberIn,
  readList,
  someNames,
  urlWith,
} from '../../../src/web/kit/index.js';

const reader = { language: 'en', zone: 'Europe/London', country: 'GB' } as const;

describe('fields', () => {
  const problemOf = (schema: z.ZodType, value: unknown): string | undefined => {
    const parsed = parseFields(z.object({ field: schema }), { field: value });
    return parsed.ok ? undefined : parsed.problems[0]?.message;
  };

  it('says that an empty field is needed, whatever its kind', () => {
    for (const schema of [
      textField({ max: 5 }),
      patternField(/x/, 'a.b'),
      integerField(1, 9),
      secondsField(1, 9),
    ]) {
      expect(problemOf(schema, '')).to.equal('form.problem.needed');
      expect(problemOf(schema, '   ')).to.equal('form.problem.needed');
      expect(problemOf(schema, undefined)).to.equal('form.problem.needed');
    }
  });

  it('keeps numbers within their limits and names both', () => {
    const schema = z.object({ ring: integerField(5, 300) });
    expect(parseFields(schema, { ring: ' 20 ' })).to.deep.equal({ ok: true, values: { ring: 20 } });
    for (const wrong of ['4', '301', '2.5', '1e2', '0x10', 'twenty'])
      expect(parseFields(schema, { ring: wrong })).to.deep.equal({
        ok: false,
        problems: [
          { field: 'ring', message: 'form.problem.between', params: { min: 5, max: 300 } },
        ],
      });
  });

  it('reads seconds as people write them', () => {
    expect(parseSeconds('90')).to.equal(90);
    expect(parseSeconds('1:30')).to.equal(90);
    expect(parseSeconds('1m30s')).to.equal(90);
    expect(parseSeconds('1 min 30 s')).to.equal(90);
    expect(parseSeconds('1:01:00')).to.equal(3660);
    expect(parseSeconds('2h')).to.equal(7200);
    for (const wrong of ['', 'm', '1:3', 'abc', '-5', '1.5'])
      expect(parseSeconds(wrong), wrong).to.equal(undefined);
  });

  it('takes checkboxes and ids as forms send them', () => {
    expect(flagField().parse('on')).to.equal(true);
    expect(flagField().parse(undefined)).to.equal(false);
    expect(optionalIdField().parse('')).to.equal(undefined);
    expect(optionalIdField().parse('7')).to.equal(7);
    expect(problemOf(optionalIdField(), '7; DROP TABLE')).to.equal('form.problem.choose');
    expect(idsField().parse(undefined)).to.deep.equal([]);
    expect(idsField().parse('3')).to.deep.equal([3]);
    expect(idsField().parse(['3', '4', '3'])).to.deep.equal([3, 4]);
  });

  it('never shows a message of the library itself', () => {
    expect(problemOf(z.string().max(2), 'long')).to.equal('form.problem.unfit');
  });
});

describe('forms', () => {
  it('keep what was typed, but never a password', () => {
    const page = {
      t: (key: string) => key,
      body: {
        _csrf: 'x',
        version: '3',
        name: 'Ada',
        password: 'secret',
        newPassword: 's',
        pin: '1',
      },
    };
    const form = formWithProblems(page, { prefix: 'users.form', action: '/a' }, [
      { field: 'name', message: 'form.problem.needed' },
    ]);
    expect(form.values).to.deep.equal({ version: '3', name: 'Ada' });
    expect(form.version).to.equal(3);
    expect(form.summary).to.deep.equal([
      { field: 'name', label: 'users.form.name', text: 'form.problem.needed' },
    ]);
  });
});

describe('numbers in a form', () => {
  it('are whole, positive and exact, or 0', () => {
    expect(numberIn({ board: '7' }, 'board')).to.equal(7);
    for (const board of [undefined, '', '0', '-1', '1.5', 'x', 'Infinity', '9007199254740993'])
      expect(numberIn({ board }, 'board'), board).to.equal(0);
  });
});

describe('lists', () => {
  const options = {
    path: '/x',
    sorts: ['name', 'age'],
    defaultSort: 'name',
    filters: ['role'],
  } as const;

  it('fall back to defaults where the query string makes no sense', () => {
    const query = { sort: 'password_hash', page: '-3', size: '7', q: '  a ', role: ' ' };
    const request = readList({ query, masksNumbers: false }, options);
    expect(request).to.include({
      sortBy: 'name',
      descending: false,
      offset: 0,
      limit: 50,
      search: 'a',
    });
    expect(request.filters).to.deep.equal({});
  });

  it('keep search, sort, size and filters in every link', () => {
    const query = { sort: '-age', page: '2', size: '25', q: 'a&b', role: 'agent' };
    const request = readList({ query, masksNumbers: false }, options);
    const view = listView(request, { rows: [1], total: 60 }, [{ label: 'l', sort: 'age' }]);
    expect(view.next).to.equal('/x?q=a%26b&role=agent&sort=-age&size=25&page=3');
    expect(view.previous).to.equal('/x?q=a%26b&role=agent&sort=-age&size=25&page=1');
    expect(view.columns[0]).to.deep.include({ sorted: 'descending' });
    expect(view).to.include({ first: 26, last: 26, isNarrowed: true, isEmpty: false });
  });

  it('have no next page after the last', () => {
    const view = listView(
      readList({ query: {}, masksNumbers: false }, options),
      { rows: [], total: 0 },
      [],
    );
    expect(view).to.include({ next: undefined, previous: undefined, first: 0, isEmpty: true });
  });
});

describe('formats', () => {
  it('write durations without rolling minutes into hours too early', () => {
    expect(formatDuration(7_000)).to.equal('0:07');
    expect(formatDuration(59 * 60_000 + 59_999)).to.equal('59:59');
    expect(formatDuration(3_849_000)).to.equal('1:04:09');
    expect(formatDuration(-5)).to.equal('0:00');
  });

  it('never round a small share to nothing', () => {
    expect(formatPercent(0.0002, 'en')).to.equal('<0.1%');
    expect(formatPercent(0, 'en')).to.equal('0.0%');
    expect(formatPercent(0.806, 'en')).to.equal('80.6%');
  });

  it('writes three names of many and how many more there are', () => {
    const t = (key: string, params: object = {}): string => `${key} ${JSON.stringify(params)}`;
    expect(someNames([], t)).to.equal('');
    expect(someNames(['Sales', 'Service', 'Parts'], t)).to.equal('Sales, Service, Parts');
    expect(someNames(['A', 'B', 'C', 'D', 'E'], t)).to.equal(
      'shell.names-more {"names":"A, B, C","more":2}',
    );
  });

  it('show times in the zone of the site, in the language of the reader', () => {
    const at = Date.parse('2026-07-01T09:42:07Z');
    expect(formatWhen(at, 'time', reader)).to.equal('10:42');
    expect(formatWhen(at, 'full', reader)).to.equal('1 Jul 2026, 10:42:07');
    expect(formatWhen(at, 'date', { ...reader, language: 'zh-CN' })).to.equal('2026年7月1日');
  });

  it('leave empty parameters out of addresses', () => {
    expect(urlWith('/a', { q: '', n: undefined, x: 'a b' })).to.equal('/a?x=a+b');
    expect(urlWith('/a', {})).to.equal('/a');
  });
});

describe('numbers of people outside', () => {
  const masked = { ...reader, masksNumbers: true };

  it('are masked for readers who may not see them, others are not', () => {
    expect(formatPhone('+442079460123', reader)).to.equal('(020) 7946 0123');
    expect(formatPhone('+442079460123', masked)).to.equal('(020) **** 0123');
    expect(formatPhone('+8613855550123', { ...masked, country: 'CN' })).to.equal('138 **** 0123');
    expect(formatPhone('+12125550123', masked)).to.match(/^\+1 21 \*{4} 0123$/);
    for (const inside of ['2001', '999', '10086', '80001234'])
      expect(formatPhone(inside, masked)).to.equal(inside);
    expect(formatPhone('', masked)).to.equal('–');
  });

  it('stand so in files, too', () => {
    expect(exportPhone('+442079460123', reader)).to.equal('+442079460123');
    expect(exportPhone('+442079460123', masked)).to.equal('(020) **** 0123');
    expect(exportPhone('', masked)).to.equal('');
  });
});
