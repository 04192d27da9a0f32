import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTrialNews, openTrialView } from '../../src/adapters/redis/trial-news.js';
import { makeCalendarsFeature, type CalendarService } from '../../src/features/calendars/index.js';
import { makeDidsFeature, type DidService } from '../../src/features/dids/index.js';
import { makeIvrFlowsFeature, type FlowService } from '../../src/features/ivr-flows/index.js';
import { makePromptsFeature, type PromptsFeature } from '../../src/features/prompts/index.js';
import { makeSpeechFeature, makeVoice } from '../../src/features/speech/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import type { PromptId } from '../../src/kernel/ids.js';
import type { Desk, DeskAnswer, DeskCommand } from '../../src/telephony/live.js';
import { TestSite, type TestClient } from './web.js';

/** The web app with the pages of flows, prompts, calendars and DIDs, and what steps can name. */
export interface FlowSite {
  readonly site: TestSite;
  readonly flows: FlowService;
  readonly prompts: PromptsFeature;
  readonly calendars: CalendarService;
  readonly dids: DidService;
  /** What the calls were told to read again, in order. */
  readonly announced: string[];
  readonly greeting: PromptId;
  readonly menu: PromptId;
  readonly sales: number;
  readonly frontDesk: number;
  /** What the calls were asked for test calls, and what they answer. */
  readonly trials: Desk & { readonly asked: readonly DeskCommand[]; answer: DeskAnswer };
  stop(): Promise<void>;
}

/** Starts it on a MariaDB and a Redis of the suite's own; sounds go to `folder`. */
async function startFlowSite(folder: string): Promise<FlowSite> {
  const announced: string[] = [];
  const announcer = {
    configurationChanged: (kind: string) => {
      announced.push(kind);
      return Promise.resolve();
    },
  };
  const asked: DeskCommand[] = [];
  const trialDesk: FlowSite['trials'] = {
    asked,
    answer: { ok: true },
    ask: (command) => {
      asked.push(command);
      return Promise.resolve(trialDesk.answer);
    },
  };
  let trialView: ReturnType<typeof openTrialView> | undefined;
  const made: Partial<Pick<FlowSite, 'flows' | 'prompts' | 'calendars' | 'dids'>> = {};
  const site = await TestSite.start((parts) => {
    const { database } = parts;
    const flows = makeIvrFlowsFeature({
      ...{ database, announcer, clock: parts.clock },
      ...{ zone: 'Europe/London', country: 'GB' },
      trials: {
        desk: trialDesk,
        view: (trialView = openTrialView(parts.redis, parts.log)),
        note: makeTrialNews(parts.redis, parts.log),
      },
    });
    const voiceParts = {
      ...{ database, secrets: parts.sealer, log: { warn: () => undefined } },
      now: () => parts.clock.now(),
    };
    const voice = makeVoice(voiceParts);
    const desk = { ask: () => Promise.resolve({ ok: true as const }) };
    const memory = { put: () => Promise.resolve(), find: () => Promise.resolve(undefined) };
    const prompts = makePromptsFeature(database, announcer, folder, {
      voice,
      phone: { desk, memory: { ...memory, note: () => undefined } },
    });
    const speech = makeSpeechFeature({ ...voiceParts, announcer, voice, sounds: prompts });
    const calendars = makeCalendarsFeature({
      ...{ database, announcer, live: parts.live, clock: parts.clock },
    });
    const dids = makeDidsFeature({
      ...{ database, announcer, live: parts.live, secrets: parts.sealer },
      country: 'GB',
    });
    Object.assign(made, {
      ...{ flows: flows.service, prompts },
      ...{ calendars: calendars.service, dids: dids.service },
    });
    return [flows, prompts, speech, calendars, dids];
  });
  const { flows, prompts, calendars, dids } = made;
  if (!flows || !prompts || !calendars || !dids) throw new Error('the features were not made');
  const { database } = site.parts;
  const [sales] = (await database('queues').insert({
    name: 'Sales',
    overflow: JSON.stringify({ kind: 'hangup' }),
  })) as [number];
  const [frontDesk] = (await database('extensions').insert({
    number: '2001',
    name: 'Front desk',
    secret_sealed: '',
  })) as [number];
  const speak = (name: string, en: string, zh: string): Promise<PromptId> =>
    prompts.service.createSpoken(SYSTEM_ACTOR, name, { en, 'zh-CN': zh });
  const greeting = await speak('Greeting', 'Welcome.', '欢迎致电。');
  const menu = await speak('Main menu choices', 'For sales press one.', '销售请按一。');
  return {
    ...{ site, flows, prompts, calendars, dids, announced, greeting, menu, sales, frontDesk },
    trials: trialDesk,
    stop: async () => {
      trialView?.close();
      await site.stop();
    },
  };
}

export interface UsedFlowSite extends FlowSite {
  readonly admin: TestClient;
  /** Where its sounds are; vanishes with it. */
  readonly folder: string;
}

/** The site for one suite, with the administrator signed in: started before its tests, stopped after them. */
export function useFlowSite(): UsedFlowSite {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-flows-'));
  const at = { folder } as { -readonly [K in keyof UsedFlowSite]: UsedFlowSite[K] };
  before(async function () {
    this.timeout(60_000);
    Object.assign(at, await startFlowSite(folder));
    at.admin = await at.site.client('admin');
  });
  after(async () => {
    await at.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return at;
}

/** A greeting, a menu, a queue and a goodbye. */
export const smallFlow = (at: FlowSite): FlowDefinition => ({
  start: 'greeting',
  steps: {
    greeting: { kind: 'play', label: 'Greeting', prompt: at.greeting, bargeIn: true, next: 'main' },
    main: {
      ...{ kind: 'menu', label: 'Main menu', prompt: at.menu, timeoutS: 5, retries: 2 },
      ...{ choices: { '1': 'sales' }, noInput: 'sales', wrongKey: 'bye' },
    },
    sales: { kind: 'queue', label: 'Sales', queue: at.sales, priority: 0 },
    bye: { kind: 'hangup', label: 'Goodbye' },
  },
});

/** Departments with menus of their own: `count` steps and a few more. */
export function largeFlow(at: FlowSite, count: number): FlowDefinition {
  const steps: FlowDefinition['steps'] = { ...smallFlow(at).steps };
  const departments = Math.ceil((count - 4) / 4);
  for (let index = 0; index < departments; index += 1) {
    const name = String(index);
    steps[`menu-${name}`] = {
      ...{ kind: 'menu', label: `Department ${name}`, prompt: at.menu, timeoutS: 5, retries: 1 },
      choices: { '1': `info-${name}`, '2': 'sales', '*': 'main' },
      ...{ noInput: 'sales', wrongKey: `end-${name}` },
    };
    steps[`info-${name}`] = {
      ...{ kind: 'play', label: `Information ${name}`, prompt: at.greeting },
      ...{ bargeIn: true, next: `desk-${name}` },
    };
    steps[`desk-${name}`] = {
      ...{ kind: 'extension', label: `Expert ${name}`, extension: at.frontDesk },
      noAnswer: 'sales',
    };
    steps[`end-${name}`] = { kind: 'hangup', label: `Goodbye ${name}` };
  }
  const menus = Array.from({ length: departments }, (_, index) => `menu-${String(index)}`);
  menus.forEach((id, index) => {
    const menu = steps[id];
    if (menu?.kind !== 'menu') return;
    const next = menus[index + 1];
    steps[id] = next === undefined ? menu : { ...menu, choices: { ...menu.choices, '9': next } };
  });
  const main = steps['main'];
  if (main?.kind === 'menu') main.choices = { ...main.choices, '9': menus[0] ?? 'sales' };
  return { start: 'greeting', steps };
}
