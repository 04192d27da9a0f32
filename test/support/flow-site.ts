import { makeCalendarsFeature, type CalendarService } from '../../src/features/calendars/index.js';
import { makeDidsFeature, type DidService } from '../../src/features/dids/index.js';
import { makeIvrFlowsFeature, type FlowService } from '../../src/features/ivr-flows/index.js';
import { makePromptsFeature, type PromptsFeature } from '../../src/features/prompts/index.js';
import { makeSpeechFeature, makeVoice } from '../../src/features/speech/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import type { PromptId } from '../../src/kernel/ids.js';
import { TestSite } from './web.js';

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
}

/** Starts it on a MariaDB and a Redis of the suite's own; sounds go to `folder`. Stop `site` in `after`. */
export async function startFlowSite(folder: string): Promise<FlowSite> {
  const announced: string[] = [];
  const announcer = {
    configurationChanged: (kind: string) => {
      announced.push(kind);
      return Promise.resolve();
    },
  };
  const made: Partial<Pick<FlowSite, 'flows' | 'prompts' | 'calendars' | 'dids'>> = {};
  const site = await TestSite.start((parts) => {
    const { database } = parts;
    const flows = makeIvrFlowsFeature({
      ...{ database, announcer, clock: parts.clock },
      zone: 'Europe/London',
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
    const calendars = makeCalendarsFeature({ database, announcer, clock: parts.clock });
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
  return { site, flows, prompts, calendars, dids, announced, greeting, menu, sales, frontDesk };
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
