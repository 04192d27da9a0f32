import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_ACTOR } from './src/kernel/actor.js';
import { TestBrowser, PHONE } from './test/support/browser.js';
import { smallFlow, startFlowSite } from './test/support/flow-site.js';
import { TEST_PASSWORD } from './test/support/web.js';
const folder = mkdtempSync(join(tmpdir(), 'cordboard-flows-'));
const at = await startFlowSite(folder);
const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Look', definition: smallFlow(at) });
console.log('URL', at.site.url, id, TEST_PASSWORD);
const steps: any = { ...smallFlow(at).steps };
const n = 120;
for (let i = 0; i < n; i++) {
  steps[`menu-${i}`] = { kind: 'menu', label: `Department ${i}`, prompt: at.menu, timeoutS: 5, retries: 1, choices: { '1': `info-${i}`, '2': 'sales', '*': 'main', ...(i + 1 < n ? { '9': `menu-${i + 1}` } : {}) }, noInput: 'sales', wrongKey: `end-${i}` };
  steps[`info-${i}`] = { kind: 'play', label: `Information ${i}`, prompt: at.greeting, bargeIn: true, next: `desk-${i}` };
  steps[`desk-${i}`] = { kind: 'extension', label: `Expert ${i}`, extension: at.frontDesk, noAnswer: 'sales' };
  steps[`end-${i}`] = { kind: 'hangup', label: `Goodbye ${i}` };
}
steps.main = { ...steps.main, choices: { ...steps.main.choices, '9': 'menu-0' } };
const big = await at.flows.create(SYSTEM_ACTOR, { name: 'Big', definition: { start: 'greeting', steps } });
console.log('BIG', big, Object.keys(steps).length);
// A way to look with one's own commands: code from stdin lines is evaluated.
const browser = await TestBrowser.start(at.site);
const page = await browser.page({ login: 'admin' });
import { createServer } from 'node:http';
const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor;
const ctx: any = { page, browser, at, SYSTEM_ACTOR, id, big, PHONE };
createServer((req, res) => {
  let body = '';
  req.on('data', (c) => (body += c));
  req.on('end', async () => {
    try {
      const result = await new AsyncFunction('c', `with(c){ ${body} }`.replace(/^with\(c\)\{/, 'const {page,browser,at,SYSTEM_ACTOR,id,big,PHONE}=c;{'))(ctx);
      res.end(JSON.stringify({ result, complaints: browser.complaints.splice(0) }, null, 1) + '\n');
    } catch (error) {
      res.end(String(error) + '\n' + JSON.stringify(browser.complaints.splice(0)) + '\n');
    }
  });
}).listen(18099, () => console.log('ready'));
