import { expect } from 'chai';
import type { FlowDefinition, FlowStep } from '../../../src/engines/ivr/flow.js';
import {
  MAX_FLOW_STEPS,
  isPublishable,
  validateFlow,
} from '../../../src/engines/ivr/validation.js';
import { hostsOf } from '../../../src/engines/ivr/url-host.js';
import type { FlowKnowledge } from '../../../src/engines/ivr/knowledge.js';
import { allKnown, companyFlow } from '../../support/flows.js';

const prompt = (name: string, languages: ('en' | 'zh-CN')[] = ['en', 'zh-CN']) => ({
  name,
  languages,
});
const knowledge: FlowKnowledge = allKnown({
  prompts: new Map([1, 2, 3, 5, 6].map((id) => [id, prompt(`Prompt ${String(id)}`)])),
  queues: new Set([7]),
  extensions: new Map([
    [4, { voicemail: true }],
    [8, { voicemail: false }],
  ]),
  calendars: new Set([3]),
});

const messages = (flow: FlowDefinition, about = knowledge): string[] =>
  validateFlow(flow, about).map(
    (problem) =>
      `${problem.level} ${problem.step}.${problem.field} ${problem.message.replace('flow.problem.', '')}`,
  );
const withStep = (id: string, step: FlowStep): FlowDefinition => {
  const flow = companyFlow();
  flow.steps[id] = step;
  return flow;
};
const queue: FlowStep = { kind: 'queue', label: 'Queue', queue: 7, priority: 0 };
const play = (next: string): FlowStep => ({
  kind: 'play',
  label: `Play to ${next}`,
  prompt: 1,
  bargeIn: true,
  next,
});
const hours = (open: string, closed: string): FlowStep => ({
  kind: 'hours',
  label: `Hours ${open} ${closed}`,
  periods: [{ days: [1], fromMinute: 0, toMinute: 1440 }],
  closedDates: [],
  open,
  closed,
});

describe('checking an IVR flow', () => {
  it('finds nothing wrong with a good one', () => {
    expect(messages(companyFlow())).to.deep.equal([]);
  });

  it('wants at least one step, and a first one that exists', () => {
    expect(messages({ start: '', steps: {} })).to.deep.equal(['error . empty']);
    expect(messages({ start: 'gone', steps: { a: queue } })).to.deep.equal([
      'error .start no-start',
    ]);
  });

  it('names the exit that leads nowhere, and the one whose step is gone', () => {
    expect(messages({ start: 'a', steps: { a: play('') } })).to.deep.equal([
      'error a.next exit-open',
    ]);
    expect(messages({ start: 'a', steps: { a: play('gone') } })).to.deep.equal([
      'error a.next exit-missing',
    ]);
  });

  it('names steps that no caller reaches', () => {
    expect(messages(withStep('lost', queue))).to.deep.equal(['error lost. unreachable']);
  });

  it('refuses a menu without keys', () => {
    const menu = companyFlow().steps['main'];
    if (menu?.kind !== 'menu') throw new Error('the menu is gone');
    const flow = withStep('main', { ...menu, choices: {} });
    expect(messages(flow)).to.include('error main.choices menu-without-choices');
  });

  it('wants prompts, queues and extensions that exist', () => {
    expect(messages(withStep('sales', { ...queue, queue: 99 }))).to.deep.equal([
      'error sales.queue queue-gone',
    ]);
    expect(messages(withStep('sales', { ...queue, queue: 0 }))).to.deep.equal([
      'error sales.queue queue-not-chosen',
    ]);
    const desk: FlowStep = { kind: 'extension', label: 'Desk', extension: 99, noAnswer: 'bye' };
    expect(messages(withStep('desk', desk))).to.deep.equal(['error desk.extension extension-gone']);
    expect(messages(withStep('bye', { kind: 'hangup', label: 'Bye', prompt: 99 }))).to.deep.equal([
      'error bye.prompt prompt-gone',
    ]);
  });

  it('wants exactly one owner of a message', () => {
    const both: FlowStep = { kind: 'voicemail', label: 'M', extension: 4, queue: 7 };
    const none: FlowStep = { kind: 'voicemail', label: 'M' };
    const closed: FlowStep = { kind: 'voicemail', label: 'M', extension: 8 };
    expect(messages(withStep('message', both))).to.deep.equal([
      'error message.owner voicemail-owner',
    ]);
    expect(messages(withStep('message', none))).to.deep.equal([
      'error message.owner voicemail-owner',
    ]);
    expect(messages(withStep('message', closed))).to.deep.equal([
      'warning message.extension extension-without-voicemail',
    ]);
  });

  it('warns where a prompt lacks a language that callers of the flow hear', () => {
    const prompts = new Map(knowledge.prompts);
    prompts.set(2, prompt('Menu', ['en']));
    prompts.set(6, prompt('Bye', []));
    expect(messages(companyFlow(), { ...knowledge, prompts })).to.deep.equal([
      'warning main.prompt prompt-language',
      'error bye.prompt prompt-without-sound',
    ]);
  });

  it('refuses a circle that nobody hears and names its steps', () => {
    const flow: FlowDefinition = {
      start: 'a',
      steps: { a: hours('b', 'c'), b: hours('a', 'c'), c: queue },
    };
    const [found] = validateFlow(flow, knowledge);
    expect(found).to.include({ level: 'error', step: 'a', message: 'flow.problem.silent-loop' });
    expect(found?.params['steps']).to.equal('Hours b c → Hours a c');
  });

  it('warns of a circle that plays but never asks', () => {
    const flow: FlowDefinition = {
      start: 'a',
      steps: { a: hours('c', 'b'), b: play('a'), c: queue },
    };
    expect(messages(flow)).to.deep.equal(['warning a. loop-without-key']);
  });

  it('refuses steps that no caller gets out of', () => {
    const flow: FlowDefinition = {
      start: 'a',
      steps: { a: hours('c', 'b'), b: play('d'), c: queue, d: play('b') },
    };
    expect(messages(flow)).to.deep.equal(['error b. no-end', 'warning b. loop-without-key']);
  });

  it('warns of hours that never open, and refuses more steps than fit a drawing', () => {
    const never: FlowStep = {
      kind: 'hours',
      label: 'H',
      periods: [],
      closedDates: [],
      open: 'greeting',
      closed: 'message',
    };
    expect(messages(withStep('hours', never))).to.deep.equal(['warning hours.periods never-open']);
    expect(messages(withStep('hours', { ...never, calendar: 3 }))).to.deep.equal([]);
    expect(messages(withStep('hours', { ...never, calendar: 4 }))).to.deep.equal([
      'error hours.calendar calendar-gone',
    ]);
    const steps = Object.fromEntries(
      Array.from({ length: MAX_FLOW_STEPS + 1 }, (_, index) => [
        `s${String(index)}`,
        index === MAX_FLOW_STEPS ? queue : play(`s${String(index + 1)}`),
      ]),
    );
    expect(messages({ start: 's0', steps })).to.deep.equal(['error . too-many-steps']);
  });

  it('lets warnings through and holds errors back', () => {
    expect(isPublishable([])).to.equal(true);
    expect(isPublishable(validateFlow(withStep('lost', queue), knowledge))).to.equal(false);
  });

  it('wants an address that names its server before any variable', () => {
    const urls = (url: string): string[] =>
      messages(
        withStep('bye', {
          ...{ kind: 'webhook', label: 'Tell', url, body: '{}', next: 'sales' },
        }),
      ).filter((message) => message.includes('url'));
    for (const url of ['https://e.example', 'http://e.example:8080/{{did}}?a={{did}}#{{did}}'])
      expect(urls(url), url).to.deep.equal([]);
    for (const url of ['{{did}}', 'https://{{did}}/a', 'https://a.{{ did }}.example', '{{did}}/a'])
      expect(urls(url), url).to.deep.equal(['error bye.url url-variable-host']);
    for (const url of ['e.example/{{did}}', 'https:///a', 'ftp://e.example'])
      expect(urls(url), url).to.deep.equal(['error bye.url url-not-http']);
  });

  it('wants sound in languages that a flow chooses which this one enters', () => {
    const flow = withStep('sales', { kind: 'sub-flow', label: 'In', flow: 4, next: 'bye' });
    const english = new Map([1, 2, 3, 5, 6].map((id) => [id, prompt('P', ['en'])]));
    const steps = (language: FlowStep): FlowDefinition => ({
      start: 'a',
      steps: { a: language, b: { kind: 'return', label: 'Back' } },
    });
    const found = (definition: FlowDefinition): string[] => {
      flow.steps['chinese'] = play('main');
      const flows = new Map([[4, { name: 'Choose', definition }]]);
      return messages(flow, { ...knowledge, prompts: english, flows }).filter((text) =>
        text.includes('prompt-language'),
      );
    };
    expect(found(steps(play('b')))).to.deep.equal([]);
    const chinese: FlowStep = { kind: 'language', label: '中文', language: 'zh-CN', next: 'b' };
    expect(found(steps(chinese))).to.include('warning bye.prompt prompt-language');
  });

  it('wants JSON where JSON is sent', () => {
    const found = (body: string): string[] =>
      messages(
        withStep('bye', {
          ...{ kind: 'webhook', label: 'Tell', url: 'https://e.example/', next: 'sales' },
          body,
        }),
      ).filter((message) => message.includes('json'));
    for (const body of ['', '{"a": "{{did}} {{ time }}", "n": {{did}}}', '[1]', '"{{did}}"'])
      expect(found(body), body).to.deep.equal([]);
    for (const body of ['{"a": {{did}}x}', '{a: 1}', 'a={{did}}', '{"a": "b",}'])
      expect(found(body), body).to.deep.equal(['error bye.body body-not-json']);
    const asked: FlowStep = {
      ...{ kind: 'http', label: 'Ask', method: 'PATCH', url: 'https://e.example/', headers: [] },
      ...{ body: 'a=1', contentType: 'application/json', timeoutMs: 1_000, idempotent: true },
      ...{ answers: [], next: 'sales', error: 'sales' },
    };
    expect(messages(withStep('bye', asked))).to.include('error bye.body body-not-json');
    const form = { ...asked, contentType: 'text/plain' } as FlowStep;
    expect(messages(withStep('bye', form))).to.not.include('error bye.body body-not-json');
  });

  it('warns of servers that will not be asked', () => {
    const flow = withStep('bye', {
      ...{ kind: 'webhook', label: 'Tell', url: 'https://CRM.local:8443/{{did}}', next: 'sales' },
      body: '',
    });
    const blocked = { ...knowledge, blockedHosts: new Set(['crm.local']) };
    expect(messages(flow, blocked)).to.include('warning bye.url url-blocked');
    expect(messages(flow).filter((message) => message.includes('url'))).to.deep.equal([]);
    expect(hostsOf(Object.values(flow.steps))).to.deep.equal(['crm.local']);
  });
});
