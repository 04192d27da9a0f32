import { expect } from 'chai';
import { rowViews } from '../../../src/features/routing/rule-rows-view.js';

describe('rows of a routing rule', () => {
  it('say what they do where their title does not say it all', () => {
    const texts: Readonly<Record<string, string>> = {
      'routing.effects.vip': 'Treat as VIP',
      'routing.effects.vip.help': 'Waits with priority 50 or more.',
      'routing.effects.stop': 'Stop',
    };
    const page = { t: (key: string) => texts[key] ?? '', hasText: (key: string) => key in texts };
    const rows = [{ kind: 'vip' }, { kind: 'stop' }, { kind: 'vip.help' }];
    expect(
      rowViews(page as never, 'effects', rows, {} as never).map(({ title, help }) => [title, help]),
    ).to.deep.equal([
      ['Treat as VIP', 'Waits with priority 50 or more.'],
      ['Stop', ''],
      ['vip.help', ''],
    ]);
  });
});
