import { expect } from 'chai';
import { NEW_CONFERENCE } from '../../../src/features/conferences/index.js';
import type { ConferenceId } from '../../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand, LiveRoom } from '../../../src/telephony/live.js';
import { TestBrowser } from '../../support/browser.js';
import { momentOfRooms, roomMember } from '../../support/live-rooms.js';
import { problemsOnPages } from '../../support/looks.js';
import { ADMIN } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import { until } from '../../support/until.js';

describe('conference rooms in a browser', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let browser: TestBrowser;
  let id: ConferenceId;
  let beat: NodeJS.Timeout;
  let seq = 1;
  const asked: DeskCommand[] = [];
  const ada = roomMember(1, { role: 'host', name: 'Ada Byron' });
  const ben = roomMember(2, { name: 'Ben Hall' });
  let now: Partial<LiveRoom>[] = [];

  const publish = (): void => {
    setup.site.parts.live.publish(
      momentOfRooms(
        ++seq,
        now.map((room) => ({ id, ...room })),
      ),
    );
  };
  const show = (...rooms: Partial<LiveRoom>[]): void => {
    now = rooms;
    publish();
  };

  before(async () => {
    setup = await startSetupSite();
    id = await setup.conferences.service.createRoom(ADMIN, {
      ...{ ...NEW_CONFERENCE, name: 'Board', number: '8200', hostPin: '471100' },
      ...{ guestsWait: true, maxMembers: 20, records: 'on-demand', invites: 'national' },
    });
    await setup.site.parts.directory.refresh();
    browser = await TestBrowser.start(setup.site);
    show();
    beat = setInterval(publish, 1_000);
  });
  after(async () => {
    clearInterval(beat);
    await browser.stop();
    await setup.site.stop();
  });
  beforeEach(() => {
    asked.splice(0);
    answerWith({ ok: true });
  });
  afterEach(async () => {
    await browser.closePages();
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
    expect(setup.site.errors).to.deep.equal([]);
  });

  const answerWith = (answer: DeskAnswer): void => {
    setup.notes.answer = (command) => {
      asked.push(command);
      return answer;
    };
  };
  const path = (): string => `/live/conferences/${String(id)}`;

  it('shows who comes, speaks and goes, without loading again', async () => {
    show();
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live/conferences');
    await page.getByText('Nobody is in a conference room now.').waitFor();
    show({ members: [ada] });
    await page.locator(`a[href="${path()}"]`, { hasText: 'Board' }).click();
    await page.getByRole('row', { name: /Ada Byron/ }).waitFor();
    show({ members: [ada, { ...ben, isTalking: true }] });
    await page.getByRole('row', { name: /Ben Hall.*Speaks/ }).waitFor();
    show({ members: [ada], isLocked: true, recordedSince: Date.now() });
    await page.getByRole('row', { name: /Ben Hall/ }).waitFor({ state: 'detached' });
    await page.getByText('Locked', { exact: true }).waitFor();
    show();
    await page.getByText('Nobody is in this room now.').waitFor();
  });

  it('holds a command for done when it is seen, and says why one is refused', async () => {
    show({ members: [ada, ben] });
    const page = await browser.page({ login: 'supervisor' });
    await page.goto(path());
    const mute = page.getByRole('button', { name: 'Mute Ben Hall', exact: true });
    await mute.click();
    await until('the command', 5_000, () => asked.length === 1);
    expect(asked[0]).to.include({ kind: 'room-member', action: 'mute', callId: ben.call });
    // Taken, but not seen yet: a second press does nothing twice.
    expect(await mute.getAttribute('aria-disabled')).to.equal('true');
    await mute.click({ force: true });
    show({ members: [ada, { ...ben, isMuted: true }] });
    await page.getByRole('button', { name: 'Unmute Ben Hall' }).waitFor();
    expect(asked).to.have.length(1);
    answerWith({ ok: false, code: 'not-in-room', detail: '' });
    await page.getByRole('button', { name: 'Remove Ben Hall' }).click();
    await page.getByText('Ben Hall has left the room already.').waitFor();
    answerWith({ ok: false, code: 'bad-number', detail: '12x' });
    await page.getByLabel('Extension or number').fill('12x');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText('“12x” is no number').waitFor();
    expect(await page.getByLabel('Extension or number').inputValue()).to.equal('12x');
    answerWith({ ok: true });
    await page.getByLabel('Extension or number').fill('2001');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await until(
      'an empty field',
      5_000,
      async () => (await page.getByLabel('Extension or number').inputValue()) === '',
    );
    expect(asked.at(-1)).to.include({ kind: 'room-invite', number: '2001' });
    await page.locator('summary', { hasText: 'End for all' }).click();
    await page.getByRole('button', { name: 'End for all' }).click();
    await until('the end', 5_000, () => asked.at(-1)?.kind === 'room');
    expect(asked.at(-1)).to.include({ action: 'end' });
  });

  it('reads well in every look', async () => {
    const ringing = { number: '+442079460977', name: '', since: Date.now() };
    show({
      members: [
        { ...ada, isTalking: true },
        { ...ben, isMuted: true },
        roomMember(3, { isWaiting: true }),
      ],
      isLocked: true,
      recordedSince: Date.now() - 65_000,
      invites: [
        { call: roomMember(7).call, ...ringing, state: 'ringing' },
        { call: roomMember(8).call, ...ringing, state: 'busy' },
      ],
    });
    const paths = ['/live/conferences', path(), `/setup/conferences/${String(id)}`];
    const problems = await problemsOnPages({ site: setup.site, browser }, paths);
    expect(problems).to.deep.equal([]);
  });
});
