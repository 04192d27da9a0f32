import { expect } from 'chai';
import { SYSTEM_ACTOR, type Actor } from '../../../src/kernel/actor.js';
import type { AgentId } from '../../../src/kernel/ids.js';
import { mayOpen } from '../../../src/web/access.js';
import type { MenuEntry } from '../../../src/web/kit/index.js';
import { landingPath, menuView } from '../../../src/web/shell.js';

const admin: Actor = SYSTEM_ACTOR;
const supervisor: Actor = { ...SYSTEM_ACTOR, role: 'supervisor' };
const agent: Actor = { ...SYSTEM_ACTOR, role: 'agent', agentId: 5 as AgentId };
const entry = (fields: Partial<MenuEntry> & Pick<MenuEntry, 'href' | 'group'>): MenuEntry => ({
  label: fields.href,
  icon: 'home',
  access: 'signed-in',
  order: 10,
  ...fields,
});
const menu = [
  entry({ href: '/', group: 'home' }),
  entry({
    href: '/workspace',
    group: 'work',
    access: 'workspace.use',
    isFor: (a) => a.agentId !== undefined,
  }),
  entry({ href: '/live', group: 'live', access: 'live.read' }),
  entry({ href: '/calls', group: 'calls', access: ['calls.read', 'calls.read-own'] }),
  entry({ href: '/calls/voicemail', group: 'calls', access: 'voicemail.read', order: 20 }),
  entry({ href: '/setup/users', group: 'people', access: 'users.edit' }),
  entry({ href: '/setup/trunks', group: 'lines', access: 'trunks.edit' }),
];
const hrefs = (actor: Actor, path: string): string[] =>
  menuView(menu, actor, path, new Map()).groups.flatMap((group) =>
    group.entries.map((line) => line.href + (line.on ? '*' : '')),
  );

describe('shell', () => {
  it('shows only what somebody may open, without empty groups', () => {
    expect(hrefs(supervisor, '/live')).to.deep.equal(['/', '/live*', '/calls', '/calls/voicemail']);
    expect(hrefs(agent, '/workspace')).to.deep.equal([
      '/',
      '/workspace*',
      '/calls',
      '/calls/voicemail',
    ]);
    expect(menuView(menu, agent, '/calls', new Map()).setupHref).to.equal(undefined);
  });

  it('marks the entry that fits best', () => {
    expect(hrefs(agent, '/calls/voicemail/7')).to.include('/calls/voicemail*');
    expect(hrefs(agent, '/calls/voicemail/7')).to.include('/calls');
  });

  it('has a menu of its own in the set-up area, in the order of its groups', () => {
    const view = menuView(menu, admin, '/setup/users/3', new Map());
    expect(view.isSetup).to.equal(true);
    expect(hrefs(admin, '/setup/users/3')).to.deep.equal(['/setup/trunks', '/setup/users*']);
    expect(menuView(menu, admin, '/live', new Map()).setupHref).to.equal('/setup/trunks');
  });

  it('lands agents on their workspace and others on the live overview', () => {
    expect(landingPath(menu, agent)).to.equal('/workspace');
    expect(landingPath(menu, { ...agent, agentId: undefined })).to.equal('/calls');
    expect(landingPath(menu, supervisor)).to.equal('/live');
    expect(landingPath([], admin)).to.equal('/me');
  });

  it('opens routes by permission, by any of several, to everyone signed in, or to everyone', () => {
    expect(mayOpen(undefined, 'public')).to.equal(true);
    expect(mayOpen(undefined, 'signed-in')).to.equal(false);
    expect(mayOpen(agent, 'signed-in')).to.equal(true);
    expect(mayOpen(agent, ['calls.read', 'calls.read-own'])).to.equal(true);
    expect(mayOpen(agent, 'users.edit')).to.equal(false);
  });
});
