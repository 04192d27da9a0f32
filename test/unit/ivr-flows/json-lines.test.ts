import { expect } from 'chai';
import * as fc from 'fast-check';
import { brokenAt, placeOf } from '../../../src/features/ivr-flows/json-lines.js';

const TEXT = `{
  "start": "a",
  "steps": {
    "a": { "kind": "play",
      "prompt": 0, "list": [1, { "x": true }] }
  }
}`;

describe('lines of JSON', () => {
  it('are found by the path of a value', () => {
    expect(placeOf(TEXT, [])).to.deep.equal({ line: 1, column: 1 });
    expect(placeOf(TEXT, ['steps', 'a', 'prompt'])).to.deep.equal({ line: 5, column: 17 });
    expect(placeOf(TEXT, ['steps', 'a', 'list', 1, 'x'])).to.deep.equal({ line: 5, column: 39 });
    expect(placeOf(TEXT, ['steps', 'a', 'missing'])).to.deep.equal({ line: 4, column: 10 });
  });

  it('tell where text is no JSON', () => {
    expect(brokenAt(TEXT)).to.equal(undefined);
    for (const [text, line, column] of [
      ['{ "a": 1,\n }', 2, 2],
      ['', 1, 1],
      ['{"a":01}', 1, 7],
      ['[1, 2] x', 1, 8],
      ['{"a" 1}', 1, 6],
      ['["\u0007"]', 1, 2],
    ] as const)
      expect(brokenAt(text), text).to.deep.equal({ line, column });
  });

  it('agree with JSON.parse about any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string({
            unit: fc.constantFrom(
              '{',
              '}',
              '[',
              ']',
              '"',
              ',',
              ':',
              '0',
              '-',
              'e',
              '.',
              'true',
              '\\n',
              ' ',
            ),
          }),
        ),
        (text) => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            isJson = false;
          }
          expect(brokenAt(text) === undefined).to.equal(isJson);
        },
      ),
    );
  });
});
