import { expect } from 'chai';
import { answerText, readAnswer } from '../../../src/engines/script/answers.js';
import { scriptWarnings, type ScriptKnowledge } from '../../../src/engines/script/check.js';
import { fieldsIn, merge, valueOfField } from '../../../src/engines/script/merge.js';
import {
  beginScript,
  fitRun,
  goBack,
  keepAnswers,
  MAX_TRAIL,
  pageAt,
  takeWay,
  type RunResult,
  type ScriptRun,
} from '../../../src/engines/script/run.js';
import type { Script } from '../../../src/engines/script/script.js';
import type { DispositionId } from '../../../src/kernel/ids.js';
import { page, question, SALE, toCode, toPage, way } from '../../support/scripts.js';

const went = (result: RunResult): ScriptRun => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.run;
};

describe('a script that is followed', () => {
  it('leads from page to page, keeps answers and ends in a disposition', () => {
    const start = beginScript(SALE);
    expect(pageAt(SALE, start)?.key).to.equal('p1');
    const second = went(takeWay(SALE, start, 0, {}));
    expect(second.trail).to.deep.equal(['p1', 'p2']);
    const over = went(takeWay(SALE, second, 0, { amount: '12,5', size: '2', day: '2026-12-01' }));
    expect(over).to.deep.equal({
      trail: ['p1', 'p2'],
      answers: { amount: '12.5', size: '2', day: '2026-12-01' },
      end: { disposition: 7 },
    });
    expect(pageAt(SALE, over)).to.equal(undefined);
    expect(takeWay(SALE, over, 0, {})).to.deep.equal({ ok: false, problems: [{ why: 'over' }] });
  });

  it('says what does not fit, of every field, and goes nowhere', () => {
    const second = went(takeWay(SALE, beginScript(SALE), 0, {}));
    expect(takeWay(SALE, second, 1, { amount: '', size: '3', day: '2026-02-29' })).to.deep.equal({
      ok: false,
      problems: [
        { question: 'amount', why: 'needed' },
        { question: 'size', why: 'no-choice' },
        { question: 'day', why: 'no-date' },
      ],
    });
    expect(takeWay(SALE, second, 5, { amount: '1' })).to.deep.include({ ok: false });
  });

  it('keeps what is typed without leaving the page; what is needed may still be missing', () => {
    const second = went(takeWay(SALE, beginScript(SALE), 0, {}));
    const kept = went(keepAnswers(SALE, second, { amount: '', size: '1' }));
    expect(kept).to.deep.equal({ ...second, answers: { size: '1' } });
    expect(keepAnswers(SALE, kept, { amount: 'many' })).to.deep.include({ ok: false });
    expect(went(keepAnswers(SALE, kept, { size: '' })).answers).to.deep.equal({});
  });

  it('goes back page by page, keeps answers, and opens again what was over', () => {
    const second = went(takeWay(SALE, beginScript(SALE), 0, {}));
    const over = went(takeWay(SALE, second, 1, { amount: '3' }));
    const open = goBack(over);
    expect(open).to.deep.equal({ trail: ['p1', 'p2'], answers: { amount: '3' } });
    expect(goBack(open).trail).to.deep.equal(['p1']);
    expect(goBack(goBack(open)).trail).to.deep.equal(['p1']);
  });

  it('is left at the limit where it goes round', () => {
    const round: Script = { pages: [page('a', [way('Again', toPage('a'))])] };
    let run = beginScript(round);
    for (let at = 1; at < MAX_TRAIL; at += 1) run = went(takeWay(round, run, 0, {}));
    expect(takeWay(round, run, 0, {})).to.deep.equal({
      ok: false,
      problems: [{ why: 'too-long-a-way' }],
    });
  });

  it('fits a kept state to a script whose pages and questions are gone', () => {
    const run = { trail: ['gone', 'p2'], answers: { amount: '1', old: '2' } };
    expect(fitRun(SALE, run)).to.deep.equal({ trail: ['p2'], answers: { amount: '1' } });
    expect(fitRun(SALE, { trail: ['gone'], answers: {} }).trail).to.deep.equal(['p1']);
    expect(beginScript({ pages: [] }).trail).to.deep.equal([]);
  });
});

describe('answers in a script', () => {
  const number = question('n', { kind: 'number' });
  it('are kept in one form', () => {
    expect(readAnswer(number, ' -1,25 ')).to.deep.equal({ ok: true, value: '-1.25' });
    expect(readAnswer(number, '1e5')).to.deep.equal({ ok: false, why: 'no-number' });
    expect(readAnswer(question('d', { kind: 'date' }), '2028-02-29')).to.deep.include({ ok: true });
    expect(readAnswer(question('t'), 'x'.repeat(501))).to.deep.equal({
      ok: false,
      why: 'too-long',
    });
    expect(readAnswer(question('t', { isNeeded: true }), '  ')).to.deep.equal({
      ok: false,
      why: 'needed',
    });
  });

  it('are read in words', () => {
    const choices = [
      { en: 'Small', 'zh-CN': '小' },
      { en: 'Large', 'zh-CN': '' },
    ];
    const size = question('s', { kind: 'choice', choices });
    expect(answerText(size, '1', 'zh-CN')).to.equal('小');
    expect(answerText(size, '2', 'zh-CN')).to.equal('Large');
    expect(answerText(size, '9', 'en')).to.equal('9');
  });
});

describe('merge fields', () => {
  const facts = {
    contact: { name: 'Ada', company: '', number: '020 **** 0123', fields: { amount: '12' } },
    agentName: 'Mara',
    campaignName: 'Winter',
    answers: { size: 'Large' },
  };
  const filled = (text: string) => merge(text, (field) => valueOfField(field, facts));

  it('are filled in; what is missing is a gap', () => {
    expect(filled('Hello {{ contact.name }} of {{contact.company}}!')).to.deep.equal([
      { kind: 'text', text: 'Hello ' },
      { kind: 'value', text: 'Ada' },
      { kind: 'text', text: ' of ' },
      { kind: 'gap', text: 'contact.company' },
      { kind: 'text', text: '!' },
    ]);
    expect(filled('{{contact.fields.amount}}{{answer.size}}{{contact.fields.none}}')).to.deep.equal(
      [
        { kind: 'value', text: '12' },
        { kind: 'value', text: 'Large' },
        { kind: 'gap', text: 'contact.fields.none' },
      ],
    );
  });

  it('of no contact are gaps, and properties of objects are none', () => {
    const nobody = { agentName: '', campaignName: '', answers: {} };
    expect(valueOfField('contact.name', nobody)).to.equal(undefined);
    expect(valueOfField('answer.constructor', nobody)).to.equal(undefined);
    expect(valueOfField('contact.fields.toString', facts)).to.equal(undefined);
  });

  it('are nothing where the braces hold something else', () => {
    expect(
      fieldsIn('{{}} {{Contact}} {contact.name} {{contact.name}} {{contact.name}}'),
    ).to.deep.equal(['contact.name']);
  });
});

describe('what is worth a warning', () => {
  const known: ScriptKnowledge = {
    contactFields: new Set(['amount']),
    codes: new Set([7, 8] as DispositionId[]),
  };
  const kinds = (script: Script) =>
    scriptWarnings(script, known).map(({ kind, page: key, detail }) =>
      [kind, key, detail].join(' ').trim(),
    );

  it('is nothing of a script that is complete', () => {
    expect(kinds(SALE)).to.deep.equal([]);
  });

  it('is a page that nothing leads to, a dead end, and pages that only lead to each other', () => {
    const script: Script = {
      pages: [
        page('a', [way('b', toPage('b')), way('d', toPage('d'))]),
        page('b', [way('c', toPage('c'))]),
        page('c', [way('b', toPage('b'))]),
        page('d', []),
        page('e', [way('end', { kind: 'end' })]),
      ],
    };
    expect(kinds(script)).to.deep.equal([
      'no-way-out b',
      'no-way-out c',
      'dead-end d',
      'unreachable e',
    ]);
  });

  it('is a field that is never filled in, a code that cannot be chosen, and a missing language', () => {
    const script: Script = {
      pages: [
        page('a', [way('gone', toCode(9))], {
          title: { en: 'Only English', 'zh-CN': '' },
          text: {
            en: '{{contact.fields.age}} {{answer.q1}} {{agent.name}}',
            'zh-CN': '{{contact.x}}',
          },
          questions: [question('q1', { field: 'none' })],
        }),
      ],
    };
    expect(kinds(script)).to.deep.equal([
      'unknown-field a contact.fields.age',
      'unknown-field a contact.x',
      'no-text a zh-CN',
      'no-code a',
      'unknown-target a none',
    ]);
  });
});
