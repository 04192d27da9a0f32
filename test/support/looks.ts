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

/** Each pair of width, theme and language is there once. */
const LOOKS: readonly Look[] = [
  { viewport: DESKTOP, theme: 'light', language: 'en' },
  { viewport: DESKTOP, theme: 'dark', language: 'zh-CN' },
  { viewport: PHONE, theme: 'light', language: 'zh-CN' },
  { viewport: PHONE, theme: 'dark', language: 'en' },
];
/** Tabs that are looked at at the same time: checking is work for a processor, and test machines have two. */
const AT_ONCE = 2;

/** Notes what is wrong with the page as it is now; `what` names it. */
export type CheckPage = (what: string) => Promise<void>;

/**
 * Walks through pages in every look, two at a time, each signed in as a user of its own, because language and theme are the
 * user's. Resolves to what is wrong, one line each: what axe finds, and pages that are wider than the window.
 */
export async function problemsInEveryLook(
  at: { readonly site: TestSite; readonly browser: TestBrowser; readonly role?: RoleName },
  walk: (page: Page, check: CheckPage) => Promise<void>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const left = LOOKS.entries();
  const worker = async (): Promise<void> => {
    for (const [index, look] of left) {
      const login = await userFor(at.site, at.role ?? 'administrator', index);
      const page = await at.browser.page({ login, ...look });
      const name = `${String(look.viewport.width)} px, ${look.theme}, ${look.language}`;
      await walk(page, async (what) => {
        for (const problem of await accessibilityProblems(page))
          problems.push(`${name}: ${what}: ${problem}`);
        if (await scrollsSideways(page)) problems.push(`${name}: ${what}: too wide`);
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return problems;
}

async function userFor(site: TestSite, role: RoleName, index: number): Promise<string> {
  const login = `${role}.${String(index)}`;
  const known = await site.parts.database('users').where({ login }).first<object | undefined>('id');
  if (known === undefined) await site.addUser(login, role);
  return login;
}
