import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assets } from '../../../src/web/assets.js';
import { loadAssets, projectRoot } from '../../../src/web/assets.js';
import type { Messages } from '../../../src/web/kit/index.js';
import { loadViews } from '../../../src/web/views.js';

const messages: Messages = { has: () => false, translate: (_language, key) => key };
const noAssets: Assets = {
  url: (name) => `/assets/${name}`,
  icon: (name) => `/assets/icons.svg#${name}`,
  handler: (_req, _res, next) => {
    next();
  },
};
const frame = { language: 'en', zone: 'Etc/UTC', country: 'GB', csrf: 'token' } as const;
const EVIL = `<img src=x onerror="alert('1')">&{{t "x"}}`;

describe('views', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cordboard-views-'));
    for (const folder of ['layouts', 'partials', 'pages'])
      mkdirSync(join(root, 'views', folder), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const write = (file: string, text: string): void => {
    writeFileSync(join(root, 'views', `${file}.hbs`), text);
  };
  const render = (data: object): string => {
    const views = loadViews(root, noAssets, messages);
    return views.page('a', data, frame);
  };

  it('refuses a value that a helper of the same name would hide', () => {
    write('pages/a', '{{#each rows}}{{url}}{{/each}}');
    expect(() => render({})).to.throw('a value is {{this.url}}');
    write('pages/a', '{{#each rows}}{{this.url}}{{/each}}');
    expect(render({ rows: [{ url: 'https://a.example' }] })).to.equal('https://a.example');
  });

  it('escapes values in text and in attributes', () => {
    write('pages/a', '<p title="{{x}}">{{x}}</p>');
    const html = render({ x: EVIL });
    expect(html).not.to.match(/<img/);
    expect(html).not.to.include(`"alert`);
    expect(html).to.include('&lt;img');
  });

  it('escapes what helpers are given', () => {
    write(
      'pages/a',
      '{{icon "x" label=x}}{{cell x class=x}}<p {{bind title=x state=x}}></p>{{phone x}}{{url "/a" q=x}}{{initials x}}{{concat x "-" x}}{{json x}}',
    );
    const html = render({ x: EVIL, values: { [EVIL]: EVIL } });
    expect(html).not.to.match(/<img/);
    expect(html).not.to.match(/"[^"]*"alert/);
  });

  it('refuses markup that is not escaped', () => {
    write('pages/a', '{{{x}}}');
    expect(() => render({})).to.throw('must be escaped');
    write('pages/a', '{{& x}}');
    expect(() => render({})).to.throw('must be escaped');
  });

  it('refuses a helper that does not exist', () => {
    write('pages/a', '{{tt "a"}}');
    expect(() => render({})).to.throw('tt');
  });

  it('says which page is missing', () => {
    const views = loadViews(root, noAssets, messages);
    expect(() => views.page('nowhere', {}, frame)).to.throw('nowhere');
  });

  it('compiles every view of the product with every icon and file that it names', () => {
    expect(() => loadViews(projectRoot(), loadAssets(projectRoot()), messages)).not.to.throw();
  });
});
