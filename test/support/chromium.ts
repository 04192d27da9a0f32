import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { TEST_PASSWORD } from './web.js';

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
const AXE_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** The distribution's Chromium, without a window. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CB_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });

/** Pages of one signed-in user. `complaints` fills with what the browser complains about: scripts' errors, CSP violations. */
export interface SignedInBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

/** Signs a user of the test site in, as a person does, on the sign-in page. */
export async function signInWith(
  browser: Browser,
  url: string,
  login: string,
): Promise<SignedInBrowser> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1440, height: 900 },
  });
  const complaints: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  const page = await context.newPage();
  await page.goto('/login');
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', TEST_PASSWORD);
  await page.click('form[action="/login"] button.btn-primary');
  await page.waitForURL((at) => at.pathname !== '/login');
  return { context, page, complaints };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What breaks WCAG 2.2 AA on the page as it stands, one line each; empty when all is well. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const result = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ${JSON.stringify(AXE_RULES)} })`,
  );
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** True where something sticks out to the side. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > innerWidth');
