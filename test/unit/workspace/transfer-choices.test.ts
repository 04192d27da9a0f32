import { expect } from 'chai';
import { parseTarget, transferChoices } from '../../../src/features/workspace/transfer-choices.js';
import type { DirectorySnapshot } from '../../../src/telephony/directory.js';
import { MARA, REPAIRS, snapshotOf, THEO } from '../../support/live-moments.js';

const directory = {
  extensions: new Map(
    [
      { id: 1, number: '2001', name: 'Desk 1' },
      { id: 2, number: '2002', name: 'Desk 2' },
      { id: 3, number: '2003', name: 'Workshop' },
    ].map((one) => [one.id, one]),
  ),
  queues: new Map(
    [
      { id: 1, name: 'Repairs' },
      { id: 2, name: 'Billing' },
    ].map((one) => [one.id, one]),
  ),
  flows: new Map([[7, { id: 7, name: 'Main menu' }]]),
  ringGroups: new Map(
    [
      { id: 1, name: 'Second floor', number: '741' },
      { id: 2, name: 'Floors by flows', number: '' },
    ].map((one) => [one.id, one]),
  ),
} as object as DirectorySnapshot;

const live = snapshotOf(
  {
    mara: { extension: '2001', state: 'talking' },
    theo: { extension: '2002', state: 'available' },
  },
  1,
);
const search = (query: string, recent: readonly string[] = [], parkName = '') =>
  transferChoices(directory, live, { query, agentId: MARA, recent, parkName }).map(
    ({ group, choices }) => [group, choices.map(({ kind, value }) => `${kind}:${value}`)] as const,
  );

describe('whom a call can be sent to', () => {
  it('lists what is near at hand: recent ones, people who are free first, queues; never the own phone', () => {
    expect(search('', ['flow:7', 'number:+442079460123', 'extension:99'])).to.deep.equal([
      ['recent', ['flow:7', 'number:+442079460123']],
      ['people', ['extension:2', 'extension:3']],
      ['queues', ['queue:2', 'queue:1']],
    ]);
  });

  it('finds by a part of the name, the agent’s at the phone as well, and by the number’s begin', () => {
    expect(search('theo')).to.deep.equal([['people', ['extension:2']]]);
    expect(search('REP')).to.deep.equal([['queues', ['queue:1']]]);
    expect(search('menu')).to.deep.equal([['flows', ['flow:7']]]);
    expect(search('floor'), 'what can be dialled').to.deep.equal([['groups', ['number:741']]]);
    expect(search('741')).to.deep.equal([['groups', ['number:741']]]);
    expect(search('200')).to.deep.equal([
      ['number', ['number:200']],
      ['people', ['extension:2', 'extension:3']],
    ]);
    expect(search('2003'), 'an extension is no number').to.deep.equal([
      ['people', ['extension:3']],
    ]);
    expect(search('(020) 7946-0123')).to.deep.equal([['number', ['number:02079460123']]]);
    expect(search('nobody')).to.deep.equal([]);
  });

  it('ends with parking, where calls can be parked', () => {
    expect(search('', [], 'Park').at(-1)).to.deep.equal(['park', ['park:any']]);
    expect(search('par', [], 'Park')).to.deep.equal([['park', ['park:any']]]);
    expect(search('theo', [], 'Park')).to.deep.equal([['people', ['extension:2']]]);
  });

  it('tells how each is now', () => {
    const [people] = transferChoices(directory, live, {
      query: '200',
      agentId: THEO,
      recent: [],
      parkName: '',
    }).filter(({ group }) => group === 'people');
    expect(people?.choices.map(({ number, state }) => [number, state])).to.deep.equal([
      ['2001', { kind: 'agent', state: 'talking', reason: '' }],
      ['2003', { kind: 'phone', is: 'away' }],
    ]);
    const [queues] = transferChoices(directory, live, {
      query: 'rep',
      agentId: MARA,
      recent: [],
      parkName: '',
    });
    expect(queues?.choices[0]?.state).to.deep.equal({
      ...{ kind: 'queue', isOpen: true, free: 1, waiting: 0, longestSince: undefined },
    });
  });

  it('is sent as kind and value; anything else is nothing', () => {
    expect(parseTarget(`queue:${String(REPAIRS)}`)).to.deep.equal({ kind: 'queue', id: REPAIRS });
    expect(parseTarget('number:+44 20')).to.deep.equal({ kind: 'number', number: '+44 20' });
    expect(parseTarget('park:any')).to.deep.equal({ kind: 'park', slot: '' });
    expect(parseTarget('park:7003')).to.deep.equal({ kind: 'park', slot: '7003' });
    for (const text of ['', 'queue:', 'queue:x', 'queue:-1', 'agent:1', 'extension:1.5'])
      expect(parseTarget(text), text).to.equal(undefined);
  });
});
