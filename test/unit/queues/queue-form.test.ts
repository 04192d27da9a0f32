import { expect } from 'chai';
import fc from 'fast-check';
import { readQueueForm } from '../../support/queue-form.js';

describe('the form of a queue', () => {
  it('reads skills by rows and leaves empty rows out', () => {
    const { values } = readQueueForm({
      'skills.0.skill': '',
      'skills.0.kind': 'required',
      'skills.1.skill': '7',
      'skills.1.kind': 'preferred',
      'skills.1.level': '40',
      'skills.2.skill': '3',
      'skills.2.kind': 'required',
      'skills.2.level': '60',
      'skills.2.after0': '20',
      'skills.2.to0': '30',
      'skills.2.after2': '1m',
      'skills.2.to2': '0',
    });
    expect(values?.skills).to.deep.equal([
      {
        skill: 3,
        isRequired: true,
        minLevel: 60,
        relax: [
          { afterS: 20, minLevel: 30 },
          { afterS: 60, minLevel: 0 },
        ],
      },
      { skill: 7, isRequired: false, minLevel: 40, relax: [] },
    ]);
  });

  const row = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries({ skill: '3', kind: 'required', level: '60', ...fields }).map(
        ([name, value]) => [`skills.0.${name}`, value],
      ),
    );
  const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['a level above 100', row({ level: '101' }), 'skills.0.level: form.problem.between'],
    ['a level without a skill', row({ skill: '' }), 'skills.0.skill: form.problem.choose'],
    [
      'a step that is not later',
      row({ after0: '60', to0: '30', after1: '60', to1: '10' }),
      'skills.0.after1: queues.problem.relax-time',
    ],
    [
      'a step that does not lower the level',
      row({ after0: '20', to0: '60' }),
      'skills.0.to0: queues.problem.relax-level',
    ],
    ['half a step', row({ after0: '20' }), 'skills.0.to0: form.problem.between'],
    [
      'a skill twice',
      { ...row({}), 'skills.1.skill': '3', 'skills.1.level': '10' },
      'skills.1.skill: queues.problem.skill-twice',
    ],
    [
      'a code without time for it',
      { codeNeeded: 'on', wrapUpS: '0' },
      'codeNeeded: queues.problem.code-needed',
    ],
    [
      'more of a wrap-up that there is not',
      { wrapUpExtensions: '2', wrapUpS: '0' },
      'wrapUpExtensions: queues.problem.extensions',
    ],
    [
      'callbacks that never dial',
      { callbackAttempts: '0' },
      'callbackAttempts: form.problem.between',
    ],
    [
      'callbacks in quick succession',
      { callbackRetryS: '59' },
      'callbackRetryS: form.problem.between-seconds',
    ],
    ['callbacks after months', { callbackMaxAgeH: '721' }, 'callbackMaxAgeH: form.problem.between'],
    ['an unknown strategy', { strategy: 'loudest' }, 'strategy: form.problem.choose'],
    ['a place that is none', { members: '4', 'place.4': 'x' }, 'place.4: form.problem.between'],
  ];
  for (const [what, fields, problem] of REFUSED)
    it(`refuses ${what}`, () => {
      expect(readQueueForm(fields).problems).to.deep.equal([problem]);
    });

  it('takes a code where the wrap-up lasts until done', () => {
    const { problems } = readQueueForm({ codeNeeded: 'on', wrapUpUntilDone: 'on', wrapUpS: '0' });
    expect(problems).to.deep.equal([]);
  });

  it('moves one member to the typed place, and keeps the order of all others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), fc.nat(), (size, from, to) => {
        const agents = Array.from({ length: size }, (_, at) => at + 1);
        const moved = (from % size) + 1;
        const place = (to % size) + 1;
        const { values } = readQueueForm({
          members: agents.map(String),
          ...Object.fromEntries(
            agents.map((id) => [`place.${String(id)}`, String(id === moved ? place : id)]),
          ),
        });
        const order = values?.members ?? [];
        expect(order.indexOf(moved as never) + 1).to.equal(place);
        expect(order.filter((id) => id !== moved)).to.deep.equal(
          agents.filter((id) => id !== moved),
        );
      }),
    );
  });

  it('puts new members last', () => {
    const { values } = readQueueForm({ members: ['1', '2', '9'], 'place.9': '1', 'place.2': '' });
    expect(values?.members).to.deep.equal([9, 1, 2]);
  });
});
