import { can } from '../../kernel/actor.js';
import type { LiveView } from '../../telephony/live.js';
import { mayOpen } from '../access.js';
import type { LiveTopic, LiveTopicFamily, LiveValues, LiveViewer } from '../kit/live-topics.js';
import { changesOf, type ServerMessage } from './messages.js';
import { textFrame } from './text-frame.js';

/** Changes within this time go out together; where sending them to all takes long, longer. */
const GATHER_MS = 25;
const LONGEST_GATHER_MS = 500;
/** Sending takes one part in so many of the time at most. */
const REST_FACTOR = 3;
const BEAT_MS = 2_000;

/** One browser tab that follows topics. */
export interface Follower {
  readonly viewer: LiveViewer;
  /** Came by a link: may follow this topic, and no other. */
  readonly onlyTopic?: string;
  /** Takes a whole frame. Never throws; a connection that cannot take more is closed by its owner. */
  send(frame: Buffer): void;
}

/** A topic as one group of viewers sees it: computed once, sent to all of them. */
interface Channel {
  readonly topic: LiveTopic;
  readonly viewer: LiveViewer;
  readonly followers: Set<Follower>;
  values: LiveValues;
  seq: number;
  isDirty: boolean;
}

/**
 * Sends what changes to those who follow it. Viewers who see the same values share one channel, so that the work grows
 * with what differs, not with the number of viewers.
 */
export class LiveHub {
  readonly #channels = new Map<string, Channel>();
  readonly #followers = new Set<Follower>();
  readonly #stops: (() => void)[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #tookMs = 0;

  constructor(
    private readonly view: LiveView,
    private readonly topics: readonly LiveTopic[],
    private readonly onError: (error: unknown, topic: string) => void,
    private readonly families: readonly LiveTopicFamily[] = [],
  ) {
    this.#stops.push(
      view.onChange(() => {
        this.#markAll();
      }),
    );
    for (const topic of topics) {
      const stop = topic.onChange?.(() => {
        this.#mark((channel) => channel.topic === topic);
      });
      if (stop) this.#stops.push(stop);
    }
    for (const family of families) {
      const stop = family.onChange?.(() => {
        this.#mark((channel) => channel.topic.name.startsWith(family.prefix));
      });
      if (stop) this.#stops.push(stop);
    }
    const beat = setInterval(() => {
      this.#beat();
    }, BEAT_MS);
    this.#stops.push(() => {
      clearInterval(beat);
    });
  }

  get followerCount(): number {
    return this.#followers.size;
  }

  join(follower: Follower): void {
    this.#followers.add(follower);
    this.#send(follower, this.#beatMessage());
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    for (const [key, channel] of this.#channels) {
      channel.followers.delete(follower);
      if (channel.followers.size === 0) this.#channels.delete(key);
    }
  }

  /** Replaces what somebody follows. Topics that do not exist or are not allowed are refused alike. */
  follow(follower: Follower, names: readonly string[]): void {
    for (const channel of this.#channels.values())
      if (!names.includes(channel.topic.name)) channel.followers.delete(follower);
    for (const name of names) {
      const topic = this.#topicFor(follower, name);
      if (topic) this.#joinChannel(follower, topic);
      else this.#send(follower, { type: 'refused', topic: name });
    }
  }

  /** Sends everything of one topic again. */
  again(follower: Follower, name: string): void {
    for (const channel of this.#channels.values())
      if (channel.topic.name === name && channel.followers.has(follower))
        this.#sendAll(follower, channel);
  }

  close(): void {
    clearTimeout(this.#gathering);
    for (const stop of this.#stops) stop();
    this.#channels.clear();
    this.#followers.clear();
  }

  #topicFor(follower: Follower, name: string): LiveTopic | undefined {
    const { viewer, onlyTopic } = follower;
    const topic = this.topics.find((candidate) => candidate.name === name) ?? this.#member(name);
    const isAllowed =
      onlyTopic === undefined
        ? topic && mayOpen(viewer.actor, topic.access)
        : topic?.name === onlyTopic;
    return isAllowed ? topic : undefined;
  }

  #member(name: string): LiveTopic | undefined {
    const family = this.families.find(({ prefix }) => name.startsWith(prefix));
    return family?.topic(name.slice(family.prefix.length));
  }

  #joinChannel(follower: Follower, topic: LiveTopic): void {
    const { viewer } = follower;
    const group = topic.sharedBy?.(viewer) ?? `user ${String(viewer.actor.userId)}`;
    // Those who may see numbers whole never share values with those who may not.
    const maySee = can(viewer.actor, 'numbers.read');
    const key = JSON.stringify([topic.name, group, viewer.language, maySee]);
    let channel = this.#channels.get(key);
    if (!channel) {
      channel = { topic, viewer, followers: new Set(), values: {}, seq: 0, isDirty: false };
      channel.values = this.#compute(channel);
      this.#channels.set(key, channel);
    }
    channel.followers.add(follower);
    this.#sendAll(follower, channel);
  }

  #markAll(): void {
    this.#mark(() => true);
  }

  #mark(concerns: (channel: Channel) => boolean): void {
    for (const channel of this.#channels.values()) if (concerns(channel)) channel.isDirty = true;
    this.#gathering ??= setTimeout(
      () => {
        this.#gathering = undefined;
        // Processor time: waiting for others on a busy machine is no reason to gather for longer.
        const before = process.cpuUsage();
        this.#flush();
        const { user, system } = process.cpuUsage(before);
        this.#tookMs = (user + system) / 1_000;
      },
      Math.min(LONGEST_GATHER_MS, Math.max(GATHER_MS, this.#tookMs * REST_FACTOR)),
    );
  }

  #flush(): void {
    for (const channel of this.#channels.values()) {
      if (!channel.isDirty) continue;
      channel.isDirty = false;
      const after = this.#compute(channel);
      const changes = changesOf(channel.values, after);
      if (!changes) continue;
      channel.values = after;
      channel.seq += 1;
      const message: ServerMessage = {
        type: 'some',
        topic: channel.topic.name,
        seq: channel.seq,
        ...changes,
      };
      const frame = textFrame(JSON.stringify(message));
      for (const follower of channel.followers) follower.send(frame);
    }
  }

  /** A topic that throws keeps its last values; the others go on. */
  #compute(channel: Channel): LiveValues {
    try {
      return channel.topic.values(this.view.current, channel.viewer);
    } catch (error) {
      this.onError(error, channel.topic.name);
      return channel.values;
    }
  }

  #sendAll(follower: Follower, channel: Channel): void {
    const { seq, values, topic } = channel;
    this.#send(follower, { type: 'all', topic: topic.name, seq, values });
  }

  #beat(): void {
    const frame = textFrame(JSON.stringify(this.#beatMessage()));
    for (const follower of this.#followers) follower.send(frame);
  }

  #beatMessage(): ServerMessage {
    return {
      type: 'beat',
      at: Date.now(),
      heardAt: this.view.receivedAt,
      isPbxOnline: this.view.current?.pbxOnline ?? false,
    };
  }

  #send(follower: Follower, message: ServerMessage): void {
    follower.send(textFrame(JSON.stringify(message)));
  }
}
