import type { RecordingRule } from '../engines/recording/policy.js';
import type { FlowDefinition, FlowStep } from '../engines/ivr/flow.js';
import type { QueueDraft, QueueSkill } from '../features/queues/index.js';
import type { Language } from '../kernel/call-event.js';
import type { PermissionClass } from '../telephony/directory.js';

/** The demonstration company: everything that `scripts/up` seeds, by name. Numbers are Ofcom's for fiction. */

interface DemoExtension {
  readonly number: string;
  readonly name: string;
  readonly permission: PermissionClass;
  readonly language: Language;
  readonly recordingInternal: RecordingRule;
}

/** Desk phones. All of them exist on the carrier Asterisk (asterisk/carrier/phone.conf.part). */
export const EXTENSIONS: readonly DemoExtension[] = [
  {
    number: '2001',
    name: 'Amy Turner',
    permission: 'national',
    language: 'en',
    recordingInternal: 'default',
  },
  {
    number: '2002',
    name: 'Ben Okafor',
    permission: 'national',
    language: 'en',
    recordingInternal: 'default',
  },
  {
    number: '2003',
    name: '陈静',
    permission: 'international',
    language: 'zh-CN',
    recordingInternal: 'default',
  },
  {
    number: '2004',
    name: 'Reception',
    permission: 'local',
    language: 'en',
    recordingInternal: 'always',
  },
  {
    number: '2005',
    name: 'Workshop',
    permission: 'internal',
    language: 'en',
    recordingInternal: 'default',
  },
];

/** The extension that key 0 of the menu rings. */
export const OPERATOR_EXTENSION = '2004';

/** A skill of the demonstration. */
export interface DemoSkill {
  readonly name: string;
  readonly description: string;
  readonly kind: 'skill' | 'language';
  /** BCP 47 tag of a language. */
  readonly language?: string;
}

/** What callers may need. Callers who choose Chinese are asked for agents with Mandarin. */
export const SKILLS = {
  english: {
    name: 'English',
    description: 'Helps callers in English.',
    kind: 'language',
    language: 'en',
  },
  mandarin: {
    name: 'Mandarin',
    description: '能用普通话服务客户。',
    kind: 'language',
    language: 'zh-CN',
  },
  billing: { name: 'Billing', description: 'Invoices, refunds, instalments.', kind: 'skill' },
  technical: { name: 'Technical', description: 'Gears, brakes, e-bike motors.', kind: 'skill' },
} as const satisfies Record<string, DemoSkill>;
export type DemoSkillKey = keyof typeof SKILLS;

/** A queue as the demonstration sets it up; what is absent is as in any new queue. */
interface DemoQueue extends Pick<QueueDraft, 'name' | 'ringTimeoutS' | 'wrapUpS' | 'maxWaitS'> {
  readonly rules: Partial<QueueDraft>;
  readonly asks: readonly (Omit<QueueSkill, 'skill'> & { readonly skill: DemoSkillKey })[];
}

/**
 * Queues. Both give their callers to voicemail when nobody is signed in or the wait is over, and are open day and night.
 * Sales tells callers their place and offers to call back; Service looks for somebody who knows the technical side.
 */
export const QUEUES: Readonly<Record<DemoQueueKey, DemoQueue>> = {
  sales: {
    name: 'Sales',
    ringTimeoutS: 20,
    wrapUpS: 10,
    maxWaitS: 300,
    rules: {
      strategy: 'longest-idle',
      tellPlace: true,
      tellWait: true,
      tellEveryS: 45,
      callbackOffered: true,
      callbackAfterS: 20,
    },
    asks: [],
  },
  service: {
    name: 'Service',
    ringTimeoutS: 20,
    wrapUpS: 20,
    maxWaitS: 600,
    rules: { strategy: 'weighted', weightLevel: 2, weightIdle: 5, weightLoad: 3 },
    asks: [
      {
        skill: 'technical',
        isRequired: true,
        minLevel: 60,
        relax: [
          { afterS: 20, minLevel: 30 },
          { afterS: 60, minLevel: 0 },
        ],
      },
    ],
  },
};
export type DemoQueueKey = 'sales' | 'service';

/** Where callers come from, by how their numbers begin. */
export const REGIONS: readonly { readonly name: string; readonly prefixes: readonly string[] }[] = [
  { name: 'Greater London', prefixes: ['+4420'] },
  { name: 'Beijing', prefixes: ['+8610'] },
];

interface DemoAgent {
  readonly login: string;
  readonly name: string;
  /** Agent number: typed at a desk phone to sign in. */
  readonly number: string;
  readonly extension: string;
  readonly queues: readonly DemoQueueKey[];
  readonly levels: Readonly<Partial<Record<DemoSkillKey, number>>>;
  readonly language: Language;
}

/** Agents, each with a user of the same name. */
export const AGENTS: readonly DemoAgent[] = [
  {
    login: 'amy',
    name: 'Amy Turner',
    number: '501',
    extension: '2001',
    queues: ['sales', 'service'],
    levels: { english: 100, billing: 80, technical: 30 },
    language: 'en',
  },
  {
    login: 'ben',
    name: 'Ben Okafor',
    number: '502',
    extension: '2002',
    queues: ['service'],
    levels: { english: 100, technical: 90 },
    language: 'en',
  },
  {
    login: 'chen',
    name: '陈静',
    number: '503',
    extension: '2003',
    queues: ['sales', 'service'],
    levels: { english: 60, mandarin: 100, billing: 70, technical: 50 },
    language: 'zh-CN',
  },
];

/** A user who is no agent. */
export const SUPERVISOR = { login: 'sam', name: 'Sam Whitfield', language: 'en' } as const;

/** Prompts, spoken in both languages when they are seeded. */
export const PROMPTS = {
  welcome: {
    name: 'Welcome',
    en: 'Welcome to Harbour Bicycles.',
    'zh-CN': '欢迎致电海港自行车公司。',
  },
  menu: {
    name: 'Main menu',
    en: 'For sales, press 1. For service and repairs, press 2. To leave a message, press 3. For the reception, press 0. For Chinese, press 9.',
    'zh-CN': '销售请按 1，售后维修请按 2，留言请按 3，人工总机请按 0，英语服务请按 9。',
  },
  'wrong-key': {
    name: 'Wrong key',
    en: 'Sorry, that key is not in use.',
    'zh-CN': '对不起，此按键无效。',
  },
  closed: {
    name: 'Closed',
    en: 'Our shop is closed at the moment. Please leave a message after the tone.',
    'zh-CN': '现在是非营业时间，请在提示音后留言。',
  },
  'leave-message': {
    name: 'Leave a message',
    en: 'Nobody can take your call now. Please leave a message after the tone.',
    'zh-CN': '现在无人接听，请在提示音后留言。',
  },
  'no-input': {
    name: 'Nothing chosen',
    en: 'We did not understand your choice. Goodbye.',
    'zh-CN': '没有收到您的选择，再见。',
  },
  patience: {
    name: 'Still waiting',
    en: 'Thank you for waiting. You will be put through as soon as someone is free.',
    'zh-CN': '感谢您的耐心等待，我们会尽快为您接通。',
  },
} as const;
export type DemoPromptKey = keyof typeof PROMPTS;

/** The switchboard's numbers, each with the language its callers hear first. */
export const DIDS = [
  { number: '+442079460110', name: 'Harbour Bicycles', language: 'en' },
  { number: '+442079460120', name: '海港自行车 (Chinese)', language: 'zh-CN' },
] as const;

/** Shown to the called side by extensions without a number of their own. */
export const TRUNK_CALLER_ID = '+442079460110';

export const TRUNK_NAME = 'Harbour Telecom';
/** Calls at once over the trunk. */
export const TRUNK_CHANNELS = 30;

/** The calendar that both flows ask: the demonstration is open day and night, so that its first call works at any time. */
export const CALENDAR = {
  name: 'Office hours',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1440 }],
  exceptions: [],
} as const;

/** Ids of what the flow names, as the tables gave them. */
export interface FlowParts {
  readonly prompts: Readonly<Record<DemoPromptKey, number>>;
  readonly queues: Readonly<Record<DemoQueueKey, number>>;
  readonly operator: number;
  readonly calendar: number;
}

/** Names of the two flows: they differ in the language that key 9 leads to. */
export const FLOW_NAMES: Readonly<Record<Language, string>> = {
  en: 'Reception',
  'zh-CN': 'Reception (Chinese)',
};

/** Welcome, opening hours, menu: sales, service, message, reception, the other language. */
export function receptionFlow(parts: FlowParts, first: Language): FlowDefinition {
  const second: Language = first === 'en' ? 'zh-CN' : 'en';
  return {
    start: 'welcome',
    steps: {
      welcome: {
        kind: 'play',
        label: 'Welcome',
        prompt: parts.prompts.welcome,
        bargeIn: true,
        next: 'hours',
      },
      hours: {
        kind: 'hours',
        label: 'Opening hours',
        calendar: parts.calendar,
        periods: [],
        closedDates: [],
        open: 'menu',
        closed: 'closed',
      },
      menu: menu(parts, 'Main menu', 'other-language'),
      'other-language': {
        kind: 'language',
        label: second === 'en' ? 'English' : '中文',
        language: second,
        next: 'menu-other',
      },
      'menu-other': menu(parts, 'Main menu, other language', 'first-language'),
      'first-language': {
        kind: 'language',
        label: first === 'en' ? 'English' : '中文',
        language: first,
        next: 'menu',
      },
      sales: { kind: 'queue', label: 'Sales', queue: parts.queues.sales, priority: 0 },
      service: { kind: 'queue', label: 'Service', queue: parts.queues.service, priority: 0 },
      operator: {
        kind: 'extension',
        label: 'Reception',
        extension: parts.operator,
        noAnswer: 'message',
      },
      message: {
        kind: 'voicemail',
        label: 'Message',
        queue: parts.queues.service,
        greeting: parts.prompts['leave-message'],
      },
      closed: {
        kind: 'voicemail',
        label: 'Closed',
        queue: parts.queues.service,
        greeting: parts.prompts.closed,
      },
      goodbye: { kind: 'hangup', label: 'Nothing chosen', prompt: parts.prompts['no-input'] },
    },
  };
}

function menu(parts: FlowParts, label: string, otherLanguage: string): FlowStep {
  return {
    kind: 'menu',
    label,
    prompt: parts.prompts.menu,
    wrongPrompt: parts.prompts['wrong-key'],
    timeoutS: 5,
    retries: 2,
    choices: { 1: 'sales', 2: 'service', 3: 'message', 0: 'operator', 9: otherLanguage },
    noInput: 'operator',
    wrongKey: 'goodbye',
  };
}
