import { expect } from 'chai';
import { agentSchema } from '../../../src/features/agents/index.js';
import { didSchema } from '../../../src/features/dids/index.js';
import { extensionSchema } from '../../../src/features/extensions/index.js';
import { queueSchema } from '../../../src/features/queues/index.js';
import { sipTrunkSchema } from '../../../src/features/trunks/index.js';
import { parseFields } from '../../../src/kernel/fields.js';
import type { z } from 'zod';

const GOOD = {
  trunk: {
    name: 'Carrier A',
    enabled: 'on',
    priority: '10',
    maxChannels: '60',
    callerId: '020 7946 0100',
    host: '203.0.113.5',
    port: '5060',
    transport: 'udp',
    username: 'acme',
    password: 'correct horse',
    fromUser: '',
    register: 'on',
    addresses: '203.0.113.5\n203.0.113.0/24, 198.51.100.7:5070',
    codecs: ['ulaw', 'alaw'],
  },
  did: { number: '020 7946 0100', name: 'Main', target: 'queue:1', language: 'en' },
  extension: {
    number: '2001',
    name: 'Desk',
    permission: 'national',
    callerId: '',
    voicemail: 'on',
    ringTimeoutS: '25',
    language: 'en',
  },
  queue: {
    name: 'Repairs',
    ringTimeoutS: '20',
    wrapUpS: '0:15',
    maxWaitS: '10m',
    maxLength: '0',
    overflow: 'hangup',
    'announcements.0': '',
    announceEveryS: '60',
    serviceLevelS: '20',
    members: ['3', '1'],
  },
  agent: {
    name: 'Mara Quill',
    number: '3001',
    extensionId: '',
    queues: '1',
    login: ' Mara.Quill ',
    role: 'agent',
    language: 'zh-CN',
  },
} as const;

const OTHER = { kind: 'pbx', ranges: '3000-3499', elsewhere: 'hangup' } as const;

const SCHEMAS: Readonly<Record<keyof typeof GOOD, z.ZodType>> = {
  trunk: sipTrunkSchema('GB'),
  did: didSchema('GB'),
  extension: extensionSchema('GB'),
  queue: queueSchema('GB'),
  agent: agentSchema('GB'),
};

const check = (kind: keyof typeof GOOD, changes: Record<string, unknown> = {}) =>
  parseFields(SCHEMAS[kind], { ...GOOD[kind], ...changes });
const problems = (kind: keyof typeof GOOD, changes: Record<string, unknown>) => {
  const parsed = check(kind, changes);
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
};

describe('forms of the set-up pages', () => {
  it('read what people type', () => {
    const trunk = check('trunk');
    expect(trunk.ok && trunk.values).to.deep.include({
      callerId: '+442079460100',
      addresses: ['203.0.113.5', '203.0.113.0/24', '198.51.100.7:5070'],
      codecs: ['ulaw', 'alaw'],
      register: true,
      port: 5060,
    });
    const other = check('trunk', { ...OTHER, ranges: '3000–3499, 3600\n 4 000 - 4 010 ' });
    expect(other.ok && other.values).to.deep.include({
      pbx: {
        ranges: [
          { from: '3000', to: '3499' },
          { from: '3600', to: '3600' },
          { from: '4000', to: '4010' },
        ],
        permission: 'internal',
        elsewhere: { kind: 'hangup' },
        acceptsMoved: false,
      },
    });
    const did = check('did');
    expect(did.ok && did.values).to.deep.include({
      number: '+442079460100',
      target: { kind: 'queue', id: 1 },
    });
    const queue = check('queue');
    expect(queue.ok && queue.values).to.deep.include({
      wrapUpS: 15,
      maxWaitS: 600,
      members: [3, 1],
      recording: 'default',
      music: undefined,
      announcements: [],
    });
    const agent = check('agent');
    expect(agent.ok && agent.values).to.deep.include({ login: 'mara.quill', queues: [1] });
    const extension = check('extension');
    expect(extension.ok && extension.values).to.deep.include({
      voicemail: true,
      recordingInternal: 'default',
    });
  });

  const wrong: readonly (readonly [keyof typeof GOOD, Record<string, unknown>, string])[] = [
    ['trunk', { name: '' }, 'name: form.problem.needed'],
    ['trunk', { host: 'bad host' }, 'host: trunks.problem.host'],
    ['trunk', { host: '203.0.113.999' }, 'host: trunks.problem.host'],
    ['trunk', { host: 'sip.example.com:5060' }, 'host: trunks.problem.host'],
    ['trunk', { port: '70000' }, 'port: form.problem.between'],
    ['trunk', { transport: 'sctp' }, 'transport: form.problem.choose'],
    ['trunk', { username: 'a b' }, 'username: trunks.problem.user'],
    ['trunk', { addresses: '203.0.113.5/33' }, 'addresses: trunks.problem.address'],
    ['trunk', { addresses: 'example.com' }, 'addresses: trunks.problem.address'],
    ['trunk', { ...OTHER, ranges: '' }, 'ranges: form.problem.needed'],
    ['trunk', { ...OTHER, ranges: '3499-3000' }, 'ranges: trunks.problem.range'],
    ['trunk', { ...OTHER, ranges: '300-3499' }, 'ranges: trunks.problem.range'],
    ['trunk', { ...OTHER, ranges: '0300-0349' }, 'ranges: trunks.problem.range'],
    ['trunk', { ...OTHER, ranges: 'all of them' }, 'ranges: trunks.problem.range'],
    ['trunk', { ...OTHER, ranges: '3000-3499\n3400' }, 'ranges: trunks.problem.range-twice'],
    ['trunk', { ...OTHER, ranges: '900-999' }, 'ranges: trunks.problem.range-emergency'],
    ['trunk', { ...OTHER, ranges: '3000000-3999999' }, 'ranges: trunks.problem.range-numbers'],
    ['trunk', { ...OTHER, elsewhere: 'nowhere' }, 'elsewhere: form.problem.choose'],
    ['trunk', { codecs: [] }, 'codecs: configuration.problem.codecs'],
    ['trunk', { codecs: 'mp3' }, 'codecs: form.problem.choose'],
    ['trunk', { codecs: ['alaw', 'alaw'] }, 'codecs: configuration.problem.codec-twice'],
    ['trunk', { codecs: ['alaw', 'g722'], dtmf: 'inband' }, 'dtmf: configuration.problem.inband'],
    ['extension', { codecs: ['opus'], dtmf: 'inband' }, 'dtmf: configuration.problem.inband'],
    ['trunk', { callerId: '12' }, 'callerId: configuration.problem.phone'],
    ['did', { number: '' }, 'number: form.problem.needed'],
    ['did', { number: 'front desk' }, 'number: dids.problem.number'],
    ['did', { number: '*21' }, 'number: dids.problem.number'],
    ['did', { target: '' }, 'target: form.problem.choose'],
    ['did', { target: undefined }, 'target: form.problem.choose'],
    ['extension', { number: '1' }, 'number: extensions.problem.number'],
    ['extension', { number: '123456789' }, 'number: extensions.problem.number'],
    ['extension', { number: '0201' }, 'number: extensions.problem.number'],
    ['extension', { number: '*21' }, 'number: extensions.problem.number'],
    ['extension', { number: '999' }, 'number: extensions.problem.emergency'],
    ['extension', { number: '112' }, 'number: extensions.problem.emergency'],
    ['extension', { ringTimeoutS: '3' }, 'ringTimeoutS: form.problem.between-seconds'],
    ['extension', { permission: 'all' }, 'permission: form.problem.choose'],
    ['queue', { ringTimeoutS: '3' }, 'ringTimeoutS: form.problem.between-seconds'],
    ['queue', { maxWaitS: '5' }, 'maxWaitS: queues.problem.max-wait'],
    ['queue', { maxLength: '-1' }, 'maxLength: form.problem.between'],
    ['queue', { members: ['1', 'x'] }, 'members: form.problem.choose'],
    ['queue', { overflow: 'queue:0' }, 'overflow: form.problem.choose'],
    ['agent', { number: '1' }, 'number: agents.problem.number'],
    ['agent', { pin: '12' }, 'pin: agents.problem.pin'],
    ['agent', { login: 'a b' }, 'login: agents.problem.login'],
    ['agent', { login: '' }, 'login: form.problem.needed'],
    ['agent', { role: 'owner' }, 'role: form.problem.choose'],
  ];
  for (const [kind, changes, expected] of wrong)
    it(`refuse ${kind} with ${JSON.stringify(changes)}`, () => {
      expect(problems(kind, changes)).to.deep.equal([expected]);
    });

  it('take signalling addresses of both families', () => {
    for (const address of [
      '2001:db8::1',
      '[2001:db8::1]:5060',
      '2001:db8::/32',
      '203.0.113.5:5060',
    ])
      expect(problems('trunk', { addresses: address })).to.deep.equal([]);
  });
});
