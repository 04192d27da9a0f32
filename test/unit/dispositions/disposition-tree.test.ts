import { expect } from 'chai';
import { planDispositions } from '../../../src/features/dispositions/disposition-import.js';
import { requirePlace } from '../../../src/features/dispositions/disposition-place.js';
import {
  offeredCodes,
  outlineOf,
  pathOf,
  pathText,
  withBelow,
} from '../../../src/features/dispositions/disposition-tree.js';
import { codeFor } from '../../../src/features/not-ready-reasons/not-ready-reason.js';
import { AppError } from '../../../src/kernel/errors.js';
import type { DispositionId, QueueId } from '../../../src/kernel/ids.js';
import type { DispositionConfig } from '../../../src/telephony/directory.js';

const REPAIRS = 1 as QueueId;
const BILLING = 2 as QueueId;

const one = (
  id: number,
  name: string,
  parentId?: number,
  more: Partial<DispositionConfig> = {},
): DispositionConfig => ({
  id: id as DispositionId,
  ...(parentId === undefined ? {} : { parentId: parentId as DispositionId }),
  names: { en: name, 'zh-CN': `中${name}` },
  position: id * 10,
  isActive: true,
  isArchived: false,
  queues: 'all',
  ...more,
});
const TREE = [
  one(1, 'Delivery', undefined, { position: 20 }),
  one(2, 'Late', 1),
  one(3, 'Damaged', 1, { queues: [REPAIRS] }),
  one(4, 'Other', undefined, { position: 10 }),
  one(5, 'Bills', undefined, { isActive: false, position: 30 }),
  one(6, 'Wrong', 5),
  one(7, 'Old', undefined, { isActive: false, isArchived: true }),
];
const byId = new Map(TREE.map((row) => [row.id, row]));
const offered = (queue?: QueueId) =>
  offeredCodes(byId, queue, 'en').map((line) => pathText(line.path));

describe('the tree of dispositions', () => {
  it('is told line by line, by position, without what is archived', () => {
    expect(outlineOf(TREE, 'en').map((line) => pathText(line.path))).to.deep.equal([
      'Other',
      'Delivery',
      'Delivery › Late',
      'Delivery › Damaged',
      'Bills',
      'Bills › Wrong',
    ]);
  });

  it('offers codes of the queue only, no groups, and nothing below what is not in use', () => {
    expect(offered(REPAIRS)).to.deep.equal(['Other', 'Delivery › Late', 'Delivery › Damaged']);
    expect(offered(BILLING)).to.deep.equal(['Other', 'Delivery › Late']);
    expect(offered()).to.deep.equal(['Other', 'Delivery › Late']);
  });

  it('names archived ones, and finds what is below one', () => {
    expect(pathOf(byId, 7 as DispositionId, 'zh-CN')).to.equal('中Old');
    expect([...withBelow(TREE, 1 as DispositionId)]).to.deep.equal([1, 2, 3]);
  });
});

describe('the place of a disposition', () => {
  const rows = (changes: Readonly<Record<number, number | undefined>>) =>
    [1, 2, 3, 4].map((id) => ({
      id: id as DispositionId,
      parentId: changes[id] as DispositionId | undefined,
      nameEn: `N${String(id)}`,
      nameZh: `Z${String(id)}`,
      isArchived: false,
    }));
  const problem = (changes: Readonly<Record<number, number | undefined>>, id: number): string => {
    try {
      requirePlace(rows(changes), id as DispositionId);
      return '';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.problems[0]?.message ?? '';
    }
  };

  it('may be three levels deep and no deeper, also with what it carries', () => {
    expect(problem({ 2: 1, 3: 2 }, 3)).to.equal('');
    expect(problem({ 2: 1, 3: 2, 4: 3 }, 4)).to.equal('dispositions.problem.too-deep');
    expect(problem({ 2: 1, 3: 2, 1: 4 }, 1)).to.equal('dispositions.problem.too-deep');
  });

  it('is never below itself', () => {
    expect(problem({ 1: 3, 2: 1, 3: 2 }, 1)).to.equal('dispositions.problem.below-itself');
    expect(problem({ 1: 1 }, 1)).to.equal('dispositions.problem.below-itself');
  });
});

describe('a file of dispositions', () => {
  const plan = (...rows: readonly (readonly string[])[]) =>
    planDispositions(
      {
        encoding: 'utf-8',
        header: ['level_1', 'level_2', 'level_3', 'level_1_zh', 'level_2_zh'],
        rows: rows.map((cells, at) => ({ line: at + 2, cells })),
      },
      new Map(),
    );

  it('creates groups on the way once, and says what is there twice', () => {
    expect(
      plan(['Delivery', 'Late', '', '配送', '延迟'], ['Delivery', 'Damaged'], ['delivery', 'late']),
    ).to.deep.equal({
      creates: [
        { path: ['Delivery'], nameZh: '配送', phoneKey: '' },
        { path: ['Delivery', 'Late'], nameZh: '延迟', phoneKey: '' },
        { path: ['Delivery', 'Damaged'], nameZh: 'Damaged', phoneKey: '' },
      ],
      known: 1,
      problems: [],
    });
  });

  it('reads keys on the phone: no form but digits, and none twice', () => {
    const withKeys = (...rows: readonly (readonly [name: string, key: string])[]) =>
      planDispositions(
        {
          encoding: 'utf-8',
          header: ['level_1', 'level_2', 'phone_key'],
          rows: rows.map(([name, key], at) => ({ line: at + 2, cells: ['Delivery', name, key] })),
        },
        new Map(),
        new Set(['9']),
      );
    expect(withKeys(['Late', '21'], ['Lost', ''])).to.deep.include({
      creates: [
        { path: ['Delivery'], nameZh: 'Delivery', phoneKey: '' },
        { path: ['Delivery', 'Late'], nameZh: 'Late', phoneKey: '21' },
        { path: ['Delivery', 'Lost'], nameZh: 'Lost', phoneKey: '' },
      ],
      problems: [],
    });
    const wrong = (message: string, key: string) => ({
      message: `dispositions.import.problem.${message}`,
      params: { key },
    });
    expect(
      withKeys(['Late', '1'], ['Lost', '1'], ['Open', '1234'], ['Cold', '9'], ['Wet', 'a']),
    ).to.deep.include({
      problems: [
        { line: 3, problem: wrong('key-taken', '1') },
        { line: 4, problem: wrong('phone-key', '1234') },
        { line: 5, problem: wrong('key-taken', '9') },
        { line: 6, problem: wrong('phone-key', 'a') },
      ],
    });
  });

  it('names the line of a gap', () => {
    expect(plan(['A'], ['', 'B'])).to.deep.include({
      problems: [{ line: 3, problem: { message: 'dispositions.import.problem.gap' } }],
    });
  });
});

describe('the code of a reason', () => {
  it('comes from the name, and is neither taken nor one of the product', () => {
    expect(codeFor('Team talk!', () => false)).to.equal('team-talk');
    expect(codeFor('小休', () => false)).to.equal('reason');
    expect(codeFor('Forced', () => false)).to.equal('forced-2');
    expect(codeFor('Break', (code) => code === 'break')).to.equal('break-2');
  });
});
