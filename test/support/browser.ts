import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { AxeResults } from 'axe-core';
import { TEST_PASSWORD } from './web.js';

/** The distribution's Chromium; no browser is downloaded. The one without windows opens pages many times quicker. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;
/** What the product promises: WCAG 2.2 AA. */
const AXE_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

function browserPath(): string {
  const chosen = process.env['CB_CHROMIUM'];
  const found = chosen ?? PLACES.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no browser at ${PLACES.join(', ')}`);
  return found;
}

export interface PageOptions {
  /** Signs in as this user; absent for the sign-in page itself. */
  readonly login?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly language?: 'en' | 'zh-CN';
  readonly theme?: 'light' | 'dark';
  readonly withoutScripts?: boolean;
}

/**
 * One browser for a suite. Everything that pages complain about (errors of scripts, refusals by the content security
 * policy, requests that failed) is collected in `complaints`; a suite expects none at its end.
 */
export class TestBrowser {
  readonly complaints: string[] = [];
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  static async start(site: { readonly url: string }): Promise<TestBrowser> {
    const browser = await chromium.launch({ executablePath: browserPath(), args: ARGUMENTS });
    return new TestBrowser(browser, site.url);
  }

  /** A tab with cookies of its own. */
  async page(options: PageOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: options.viewport ?? DESKTOP,
      colorScheme: options.theme ?? 'light',
      locale: options.language ?? 'en',
      reducedMotion: 'reduce',
      javaScriptEnabled: options.withoutScripts !== true,
    });
    this.#contexts.push(context);
    // Also tabs that a test opens beside the first one.
    if (process.env['CB_QUICK']) context.setDefaultTimeout(6_000);
    context.on('page', (page) => {
      this.#listen(page);
    });
    if (options.login !== undefined) await this.#signIn(context, options.login, options);
    return context.newPage();
  }

  /** Closes the tabs of a test. */
  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${page.url()}: ${message.text()}`);
    });
  }

  /** Signs in without drawing a page, and sets language and theme as the menu does. */
  async #signIn({ request }: BrowserContext, login: string, options: PageOptions): Promise<void> {
    const csrf = csrfIn(await (await request.get('/login')).text());
    const form = { _csrf: csrf, login, password: TEST_PASSWORD };
    const answer = await request.post('/login', { form, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`${login} cannot sign in: ${answer.statusText()}`);
    const me = await (await request.get('/me')).text();
    const [, language, theme] = /<html lang="([^"]+)" data-theme="([^"]+)"/.exec(me) ?? [];
    const now = { language, theme };
    const wanted = { language: options.language ?? 'en', theme: options.theme ?? 'light' };
    for (const name of ['language', 'theme'] as const)
      if (now[name] !== wanted[name])
        await request.post(`/me/${name}`, {
          form: { _csrf: csrfIn(me), back: '/me', [name]: wanted[name] },
          maxRedirects: 0,
        });
  }
}

const csrfIn = (text: string): string => /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

/**
 * What axe finds wrong with a page as it is now, one line for each element. `rules`: only these, where a page that was
 * looked at whole has changed in one way.
 */
export async function accessibilityProblems(
  page: Page,
  rules?: readonly string[],
): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axeSource);
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: AXE_RULES };
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const violations = await page.evaluate<AxeResults['violations']>(
    `axe.run(${options}).then((results) => results.violations)`,
  );
  return violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`,
    ),
  );
}

/** True where a page is wider than the window. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
