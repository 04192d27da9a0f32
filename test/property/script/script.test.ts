import { expect } from 'chai';
import fc from 'fast-check';
import { scriptWarnings } from '../../../src/engines/script/check.js';
import { merge } from '../../../src/engines/script/merge.js';
import {
  beginScript,
  goBack,
  keepAnswers,
  MAX_TRAIL,
  pageAt,
  takeWay,
  type ScriptRun,
} from '../../../src/engines/script/run.js';
import { pageOf, type Script } from '../../../src/engines/script/script.js';
import { page, question, toCode, toPage, way } from '../../support/scripts.js';

const KEYS = ['a', 'b', 'c', 'd'];

/** Scripts with ways to pages, to results and to pages that are gone. */
const scripts: fc.Arbitrary<Script> = fc
  .array(
    fc.record({
      ways: fc.array(
        fc.oneof(
          fc.constantFrom(...KEYS, 'gone').map(toPage),
          fc.constantFrom(1, 2).map(toCode),
          fc.constant({ kind: 'end' } as const),
        ),
        { maxLength: 3 },
      ),
      isNeeded: fc.boolean(),
    }),
    { minLength: 1, maxLength: KEYS.length },
  )
  .map((pages) => ({
    pages: pages.map(({ ways, isNeeded }, at) =>
      page(
        KEYS[at] ?? '',
        ways.map((to) => way('w', to)),
        { questions: [question(`q${String(at)}`, { kind: 'number', isNeeded })] },
      ),
    ),
  }));

const acts = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('way' as const),
      way: fc.nat(3),
      typed: fc.constantFrom('', '7', 'x'),
    }),
    fc.record({ kind: fc.constant('keep' as const), typed: fc.constantFrom('', '8', 'y') }),
    fc.record({ kind: fc.constant('back' as const) }),
  ),
  { maxLength: 150 },
);

describe('a script, whatever is pressed', () => {
  it('stands on a page of its own or is over, and keeps only answers that fit', () => {
    fc.assert(
      fc.property(scripts, acts, (script, pressed) => {
        let run: ScriptRun = beginScript(script);
        for (const act of pressed) {
          const key = pageAt(script, run)?.questions[0]?.key ?? '';
          if (act.kind === 'back') run = goBack(run);
          else {
            const typed = { [key]: act.typed };
            const result =
              act.kind === 'way'
                ? takeWay(script, run, act.way, typed)
                : keepAnswers(script, run, typed);
            // Refused is refused whole.
            if (result.ok) run = result.run;
            else expect(result.problems).not.to.deep.equal([]);
          }
          expect(run.trail.length).to.be.within(1, MAX_TRAIL);
          for (const one of run.trail) expect(pageOf(script, one)).not.to.equal(undefined);
          expect(pageAt(script, run) === undefined).to.equal(run.end !== undefined);
          for (const value of Object.values(run.answers)) expect(value).to.match(/^[78]$/);
        }
      }),
    );
  });

  it('gives the page before, with its answers, when one goes back', () => {
    fc.assert(
      fc.property(scripts, fc.array(fc.nat(3), { maxLength: 20 }), (script, ways) => {
        let run: ScriptRun = beginScript(script);
        for (const at of ways) {
          const key = pageAt(script, run)?.questions[0]?.key ?? '';
          const next = takeWay(script, run, at, { [key]: '7' });
          if (!next.ok) continue;
          const back = goBack(next.run);
          expect(back.trail).to.deep.equal(run.trail);
          expect(back.answers).to.deep.equal(next.run.answers);
          expect(back.answers[key]).to.equal('7');
          run = next.run;
          if (run.end !== undefined) return;
        }
      }),
    );
  });

  it('warns of a page as not to be reached exactly where no walk leads', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const walked = new Set<string>([script.pages[0]?.key ?? '']);
        for (let round = 0; round < script.pages.length; round += 1)
          for (const { key, ways } of script.pages)
            if (walked.has(key))
              for (const { to } of ways) if (to.kind === 'page') walked.add(to.page);
        const known = { contactFields: new Set<string>(), codes: new Set<never>() };
        const warned = scriptWarnings(script, known)
          .filter(({ kind }) => kind === 'unreachable')
          .map((warning) => warning.page);
        expect(warned).to.deep.equal(
          script.pages.map(({ key }) => key).filter((key) => !walked.has(key)),
        );
      }),
    );
  });

  it('loses no letter of a text when it is filled in', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('{{contact.name}}', '{{ x.y }}', '{{', '}}'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const parts = merge(text, () => undefined);
        const again = parts
          .map((part) => (part.kind === 'text' ? part.text : `{{${part.text}}}`))
          .join('');
        expect(again).to.equal(text.replaceAll('{{ x.y }}', '{{x.y}}'));
      }),
    );
  });
});
