import { expect } from 'chai';
import { SYSTEM_ACTOR, type Actor } from '../../../src/kernel/actor.js';
import type {
  LiveTopic,
  LiveTopicFamily,
  LiveValues,
  LiveViewer,
} from '../../../src/web/kit/index.js';
import { LiveHub, type Follower } from '../../../src/web/live/live-hub.js';
import type { ServerMessage } from '../../../src/web/live/messages.js';
import { eventually } from '../../support/private-process.js';
import { emptySnapshot, TestLiveView } from '../../support/web.js';

class TestFollower implements Follower {
  readonly received: ServerMessage[] = [];
  readonly viewer: LiveViewer;
  constructor(actor: Actor = SYSTEM_ACTOR) {
    const reader = { language: 'en', zone: 'Etc/UTC', country: 'GB' } as const;
    this.viewer = { ...reader, actor, t: (key) => key };
  }
  send(frame: Buffer): void {
    const length = frame[1] ?? 0;
    const head = length === 127 ? 10 : length === 126 ? 4 : 2;
    this.received.push(JSON.parse(frame.subarray(head).toString('utf8')) as ServerMessage);
  }
  of<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, { type: T }>[] {
    return this.received.filter(
      (message): message is Extract<ServerMessage, { type: T }> => message.type === type,
    );
  }
}

describe('live hub', () => {
  let view: TestLiveView;
  let hub: LiveHub;
  let values: LiveValues;
  let computed: number;
  const errors: unknown[] = [];
  const shared: LiveTopic = {
    name: 'shared',
    access: 'live.read',
    sharedBy: () => 'all',
    values: () => {
      computed += 1;
      return values;
    },
  };
  const broken: LiveTopic = {
    name: 'broken',
    access: 'signed-in',
    values: () => {
      throw new Error('broken');
    },
  };

  beforeEach(() => {
    view = new TestLiveView();
    values = { a: 1 };
    computed = 0;
    hub = new LiveHub(view, [shared, broken], (error) => errors.push(error));
  });
  afterEach(() => {
    hub.close();
  });

  it('sends everything first, then only what changed, in order', async () => {
    const follower = new TestFollower();
    hub.join(follower);
    hub.follow(follower, ['shared']);
    expect(follower.of('all')).to.deep.equal([
      { type: 'all', topic: 'shared', seq: 0, values: { a: 1 } },
    ]);
    values = { a: 1, b: 2 };
    view.publish(emptySnapshot(1));
    await eventually('the first change', () => follower.of('some').length === 1, 1_000);
    values = { b: 3 };
    view.publish(emptySnapshot(2));
    await eventually('the second change', () => follower.of('some').length === 2, 1_000);
    expect(follower.of('some')).to.deep.equal([
      { type: 'some', topic: 'shared', seq: 1, set: { b: 2 }, gone: [] },
      { type: 'some', topic: 'shared', seq: 2, set: { b: 3 }, gone: ['a'] },
    ]);
  });

  it('makes the topics of a family as they are asked for, and refuses those that are not there', async () => {
    let changed = (): void => undefined;
    let price = 1;
    const family: LiveTopicFamily = {
      prefix: 'thing:',
      topic: (rest) =>
        rest === '1'
          ? { name: 'thing:1', access: 'live.read', values: () => ({ price }) }
          : undefined,
      onChange: (listener) => {
        changed = listener;
        return () => undefined;
      },
    };
    const own = new LiveHub(view, [shared], (error) => errors.push(error), [family]);
    const follower = new TestFollower();
    own.join(follower);
    own.follow(follower, ['thing:1', 'thing:2']);
    expect(follower.of('all').map(({ topic }) => topic)).to.deep.equal(['thing:1']);
    expect(follower.of('refused')).to.deep.equal([{ type: 'refused', topic: 'thing:2' }]);
    price = 2;
    changed();
    await eventually('the change', () => follower.of('some').length === 1, 1_000);
    own.close();
  });

  it('computes once for all who see the same', async () => {
    const followers = Array.from({ length: 50 }, () => new TestFollower());
    for (const follower of followers) {
      hub.join(follower);
      hub.follow(follower, ['shared']);
    }
    expect(computed).to.equal(1);
    values = { a: 2 };
    view.publish(emptySnapshot(1));
    await eventually(
      'all heard',
      () => followers.every((one) => one.of('some').length === 1),
      1_000,
    );
    expect(computed).to.equal(2);
  });

  it('starts late followers at the number where the others are', async () => {
    const early = new TestFollower();
    hub.join(early);
    hub.follow(early, ['shared']);
    values = { a: 2 };
    view.publish(emptySnapshot(1));
    await eventually('a change', () => early.of('some').length === 1, 1_000);
    const late = new TestFollower();
    hub.join(late);
    hub.follow(late, ['shared']);
    expect(late.of('all')[0]).to.include({ seq: 1 });
    hub.again(early, 'shared');
    expect(early.of('all').at(-1)).to.deep.include({ seq: 1, values: { a: 2 } });
  });

  it('refuses topics that are not allowed like those that do not exist', () => {
    const agent = new TestFollower({ ...SYSTEM_ACTOR, role: 'agent' });
    hub.join(agent);
    hub.follow(agent, ['shared', 'nothing']);
    expect(agent.of('refused').map((message) => message.topic)).to.deep.equal([
      'shared',
      'nothing',
    ]);
    expect(agent.of('all')).to.deep.equal([]);
  });

  it('sends nothing to those who left or follow something else', async () => {
    const gone = new TestFollower();
    const elsewhere = new TestFollower();
    const stays = new TestFollower();
    for (const follower of [gone, elsewhere, stays]) {
      hub.join(follower);
      hub.follow(follower, ['shared']);
    }
    hub.leave(gone);
    hub.follow(elsewhere, []);
    values = { a: 9 };
    view.publish(emptySnapshot(1));
    await eventually('a change', () => stays.of('some').length === 1, 1_000);
    expect(gone.of('some')).to.deep.equal([]);
    expect(elsewhere.of('some')).to.deep.equal([]);
    expect(hub.followerCount).to.equal(2);
  });

  it('goes on when one topic throws', async () => {
    const follower = new TestFollower();
    hub.join(follower);
    hub.follow(follower, ['broken', 'shared']);
    values = { a: 5 };
    view.publish(emptySnapshot(1));
    await eventually('a change', () => follower.of('some').length === 1, 1_000);
    expect(errors.length).to.be.greaterThan(0);
  });

  it('says at once how old the picture is', () => {
    const follower = new TestFollower();
    hub.join(follower);
    expect(follower.of('beat')[0]).to.include({ heardAt: 0, isPbxOnline: false });
  });
});
