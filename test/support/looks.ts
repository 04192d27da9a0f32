import type { Page } from 'playwright-core';
import type { RoleName } from '../../src/kernel/actor.js';
import {
  accessibilityProblems,
  DESKTOP,
  PHONE,
  scrollsSideways,
  type PageOptions,
  type TestBrowser,
} from './browser.js';
import type { TestSite } from './web.js';

/** How a page can look. */
export type Look = Required<Pick<PageOptions, 'viewport' | 'theme' | 'language'>>;

/** Each width, theme and language is there once. Each page is also looked at in the width of the other. */
const LOOKS: readonly Look[] = [
  { viewport: DESKTOP, theme: 'light', language: 'en' },
  { viewport: PHONE, theme: 'dark', language: 'zh-CN' },
];
/** What can be wrong in one width only: other things are shown, and they stand elsewhere. */
const RULES_OF_WIDTH = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/** What is wrong with the page as it is now, in its own width and in the other, one line each. */
export async function lookProblems(page: Page): Promise<readonly string[]> {
  const own = page.viewportSize() ?? DESKTOP;
  const other = own.width === PHONE.width ? DESKTOP : PHONE;
  const found = [...(await problemsAt(own.width, page))];
  await page.setViewportSize(other);
  found.push(...(await problemsAt(other.width, page, RULES_OF_WIDTH)));
  await page.setViewportSize(own);
  return found;
}

async function problemsAt(
  width: number,
  page: Page,
  rules?: readonly string[],
): Promise<readonly string[]> {
  const found = await accessibilityProblems(page, rules);
  const isTooWide = await scrollsSideways(page);
  return [...found, ...(isTooWide ? ['wider than the window'] : [])].map(
    (problem) => `${String(width)} px: ${problem}`,
  );
}

/** Notes what is wrong with the page as it is now; `what` names it. */
export type CheckPage = (what: string) => Promise<void>;

/**
 * Walks through pages in every look at the same time, each signed in as a user of its own, because language and theme are
 * the user's. Resolves to what is wrong, one line each: what axe finds, and pages that are wider than the window.
 */
export async function problemsInEveryLook(
  at: { readonly site: TestSite; readonly browser: TestBrowser; readonly role?: RoleName },
  walk: (page: Page, check: CheckPage) => Promise<void>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const lookAt = async (look: Look, index: number): Promise<void> => {
    const login = await userFor(at.site, at.role ?? 'administrator', index);
    const page = await at.browser.page({ login, ...look });
    await walk(page, async (what) => {
      const found = await lookProblems(page);
      const name = `${what}, ${look.theme}, ${look.language}`;
      problems.push(...found.map((problem) => `${name}, ${problem}`));
    });
  };
  await Promise.all(LOOKS.map(lookAt));
  return problems;
}

/** Looks at pages by their addresses, one after another. */
export const problemsOnPages = (
  at: Parameters<typeof problemsInEveryLook>[0],
  paths: readonly string[],
): Promise<readonly string[]> =>
  problemsInEveryLook(at, async (page, check) => {
    for (const path of paths) {
      await page.goto(path);
      await check(path);
    }
  });

async function userFor(site: TestSite, role: RoleName, index: number): Promise<string> {
  const login = `${role}.${String(index)}`;
  const known = await site.parts.database('users').where({ login }).first<object | undefined>('id');
  if (known === undefined) await site.addUser(login, role);
  return login;
}
