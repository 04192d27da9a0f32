import { SYSTEM_ACTOR } from '../kernel/actor.js';
import type { Language } from '../kernel/call-event.js';
import type { CalendarId, ExtensionId, FlowId, PromptId, QueueId, SkillId } from '../kernel/ids.js';
import { NO_OUTSIDE } from '../features/agents/index.js';
import { NEW_EXTENSION } from '../features/extensions/index.js';
import { PLAIN_TRUNK_RULES } from '../features/trunks/index.js';
import { NEW_QUEUE } from '../features/queues/index.js';
import type { CarrierSettings } from './carrier-settings.js';
import {
  AGENTS,
  CALENDAR,
  DIDS,
  EXTENSIONS,
  FLOW_NAMES,
  OPERATOR_EXTENSION,
  PROMPTS,
  QUEUES,
  receptionFlow,
  REGIONS,
  SKILLS,
  SUPERVISOR,
  TRUNK_CALLER_ID,
  TRUNK_CHANNELS,
  TRUNK_NAME,
  type DemoPromptKey,
  type DemoQueueKey,
  type DemoSkill,
  type DemoSkillKey,
} from './company.js';
import type { Configuration } from './configuration.js';
import { Inventory } from './inventory.js';

const actor = SYSTEM_ACTOR;

/** Skills in use, by key. */
type Skills = ReadonlyMap<DemoSkillKey, SkillId>;

/** Levels of an agent as the agent's form sets them. */
const levelsOf = (agent: (typeof AGENTS)[number], skills: Skills): ReadonlyMap<SkillId, number> =>
  new Map(
    [...skills].flatMap(([key, id]) => {
      const level = agent.levels[key];
      return level === undefined ? [] : [[id, level] as const];
    }),
  );

/** A user that was made now, and the password, which is kept nowhere else. */
export interface NewLogin {
  readonly login: string;
  readonly password: string;
}

/** What the seed is told, and whom it tells. */
export interface SeedParts {
  readonly configuration: Configuration;
  readonly carrier: CarrierSettings;
  /** The first administrator's. */
  readonly adminPassword: string;
  freshPassword(): string;
  /** Keeps a login. Called as soon as the user exists: the password is known nowhere else. */
  keep(login: NewLogin): Promise<void>;
  /** Told what was made: `queue Sales`. */
  made(what: string): void;
}

/**
 * Sets the demonstration company up, as an administrator would: prompts are spoken, phones get the passwords that the
 * carrier's phones register with. Whatever is there under its name or number already, also archived, is left as it is, so
 * that an interrupted run can be repeated and people's changes stay.
 */
export class CompanySeed {
  constructor(private readonly parts: SeedParts) {}

  async run(): Promise<void> {
    await this.#users();
    const prompts = await this.#prompts();
    const extensions = await this.#extensions();
    const skills = await this.#skills();
    const queues = await this.#queues(prompts, skills);
    await this.#agents(extensions, queues, skills);
    await this.#regions();
    await this.#trunk();
    const operator = extensions.get(OPERATOR_EXTENSION);
    if (operator === undefined) throw new Error(`there is no extension ${OPERATOR_EXTENSION}`);
    const calendar = await this.#calendar();
    await this.#numbers(await this.#flows({ prompts, queues, operator, calendar }));
  }

  async #users(): Promise<void> {
    const { users } = this.parts.configuration;
    const there = await Inventory.of(users, 'name', (user) => user.login);
    const people = [
      {
        login: 'admin',
        name: 'Administrator',
        role: 'administrator' as const,
        language: 'en' as const,
        password: this.parts.adminPassword,
      },
      { ...SUPERVISOR, role: 'supervisor' as const, password: this.parts.freshPassword() },
    ];
    for (const person of people) {
      if (there.has(person.login)) continue;
      await users.create(actor, { ...person, mustChangePassword: false });
      await this.parts.keep({ login: person.login, password: person.password });
      this.parts.made(`user ${person.login}`);
    }
  }

  async #prompts(): Promise<Record<DemoPromptKey, number>> {
    const { prompts } = this.parts.configuration;
    const there = await Inventory.of(prompts, 'name', (prompt) => prompt.name);
    const ids: Partial<Record<DemoPromptKey, number>> = {};
    for (const [key, texts] of Object.entries(PROMPTS) as [
      DemoPromptKey,
      (typeof PROMPTS)[DemoPromptKey],
    ][]) {
      const say = (language: Language) => ({
        text: texts[language],
        speak: true,
        remove: false,
        kept: '',
      });
      ids[key] = await there.idOr(texts.name, async () => {
        this.parts.made(`prompt ${texts.name}`);
        const form = { name: texts.name, sounds: { en: say('en'), 'zh-CN': say('zh-CN') } };
        return prompts.submit(actor, { id: undefined, version: 0 }, form, {}, () => undefined);
      });
    }
    return ids as Record<DemoPromptKey, number>;
  }

  async #extensions(): Promise<ReadonlyMap<string, ExtensionId>> {
    const { extensions, secrets } = this.parts.configuration;
    const there = await Inventory.of(extensions, 'number', (extension) => extension.number);
    const ids = new Map<string, ExtensionId>();
    for (const extension of EXTENSIONS) {
      const id = await there.idOr(extension.number, () => {
        this.parts.made(`extension ${extension.number}`);
        return extensions.create(actor, {
          ...NEW_EXTENSION,
          ...extension,
          callerId: '',
          voicemail: true,
          ringTimeoutS: 25,
          secretSealed: secrets.seal(this.parts.carrier.phonePassword(extension.number)),
        });
      });
      ids.set(extension.number, id);
    }
    return ids;
  }

  async #queues(
    prompts: Record<DemoPromptKey, number>,
    skills: Skills,
  ): Promise<Record<DemoQueueKey, QueueId>> {
    const { queues } = this.parts.configuration;
    const there = await Inventory.of(queues, 'name', (queue) => queue.name);
    const make = (key: DemoQueueKey): Promise<QueueId> =>
      there.idOr(QUEUES[key].name, async () => {
        const { rules, asks, ...queue } = QUEUES[key];
        this.parts.made(`queue ${queue.name}`);
        const draft = {
          ...NEW_QUEUE,
          ...queue,
          ...rules,
          skills: asks.flatMap(({ skill, ...asked }) => {
            const id = skills.get(skill);
            return id === undefined ? [] : [{ skill: id, ...asked }];
          }),
          overflow: { kind: 'hangup' as const },
          announcements: [prompts.patience as PromptId],
          announceEveryS: 45,
          members: [],
        };
        const id = await queues.create(actor, draft);
        // Its own mailbox can be named only now that it has an id.
        const overflow = { kind: 'voicemail' as const, queueId: id };
        await queues.save(actor, id, 1, { ...draft, overflow });
        return id;
      });
    return { sales: await make('sales'), service: await make('service') };
  }

  async #agents(
    extensions: ReadonlyMap<string, ExtensionId>,
    queues: Record<DemoQueueKey, QueueId>,
    skills: Skills,
  ): Promise<void> {
    const { agents } = this.parts.configuration;
    const there = await Inventory.of(agents, 'name', (agent) => agent.number);
    for (const agent of AGENTS) {
      if (there.has(agent.number)) continue;
      const { login, password } = await agents.createAgent(actor, {
        name: agent.name,
        number: agent.number,
        pin: '',
        removePin: false,
        ...NO_OUTSIDE,
        extensionId: extensions.get(agent.extension),
        queues: agent.queues.map((key) => queues[key]).sort((a, b) => a - b),
        levels: levelsOf(agent, skills),
        login: agent.login,
        role: 'agent',
        language: agent.language,
      });
      await this.parts.keep({ login, password });
      this.parts.made(`agent ${agent.name}`);
    }
  }

  /**
   * Skills that are in use, by key. Levels of agents who are there already are set with a new skill, so that a seed that
   * runs again leaves them as people made them.
   */
  async #skills(): Promise<Skills> {
    const { skills, agents, levels } = this.parts.configuration;
    const names = await Inventory.of(skills, 'name', (skill) => skill.name);
    const languages = await Inventory.of(skills, 'name', (skill) => skill.language ?? '');
    const people = await Inventory.of(agents, 'name', (agent) => agent.number);
    const ids = new Map<DemoSkillKey, SkillId>();
    for (const [key, skill] of Object.entries(SKILLS) as [DemoSkillKey, DemoSkill][]) {
      const known = names.id(skill.name) ?? languages.id(skill.language ?? skill.name);
      if (known !== undefined) {
        if ((await skills.get(actor, known)).archivedAt === undefined) ids.set(key, known);
        continue;
      }
      const id = await skills.create(actor, { language: undefined, ...skill });
      ids.set(key, id);
      this.parts.made(`skill ${skill.name}`);
      for (const agent of AGENTS) {
        const level = agent.levels[key];
        const agentId = people.id(agent.number);
        if (level !== undefined && agentId !== undefined)
          await levels.setForAgents(actor, [agentId], id, level);
      }
    }
    return ids;
  }

  /** A region that was renamed keeps its prefixes, which belong to one region only. */
  async #regions(): Promise<void> {
    const { regions } = this.parts.configuration;
    const there = await Inventory.of(regions, 'name', (region) => region.name);
    for (const region of REGIONS) {
      const known = await Promise.all(
        region.prefixes.map((prefix) => regions.locate(actor, prefix)),
      );
      if (there.has(region.name) || known.some((match) => match !== undefined)) continue;
      await regions.create(actor, region);
      this.parts.made(`region ${region.name}`);
    }
  }

  async #trunk(): Promise<void> {
    const { trunks } = this.parts.configuration;
    const there = await Inventory.of(trunks, 'name', (trunk) => trunk.name);
    if (there.has(TRUNK_NAME)) return;
    await trunks.createSip(actor, {
      ...PLAIN_TRUNK_RULES,
      name: TRUNK_NAME,
      enabled: true,
      priority: 10,
      maxChannels: TRUNK_CHANNELS,
      maxIncoming: 0,
      callerId: TRUNK_CALLER_ID,
      host: this.parts.carrier.sipHost,
      port: this.parts.carrier.sipPort,
      transport: 'udp',
      username: this.parts.carrier.trunkUser,
      password: this.parts.carrier.trunkPassword,
      fromUser: '',
      register: true,
      addresses: [],
      codecs: ['alaw', 'ulaw'],
    });
    this.parts.made(`trunk ${TRUNK_NAME}`);
  }

  async #calendar(): Promise<CalendarId> {
    const { calendars, zone } = this.parts.configuration;
    const there = await Inventory.of(calendars, 'name', (calendar) => calendar.name);
    return there.idOr(CALENDAR.name, () => {
      this.parts.made(`calendar ${CALENDAR.name}`);
      return calendars.create(actor, { ...CALENDAR, zone });
    });
  }

  async #flows(parts: Parameters<typeof receptionFlow>[0]): Promise<Record<Language, FlowId>> {
    const { flows } = this.parts.configuration;
    const there = await Inventory.of(flows, 'name', (flow) => flow.name);
    const make = (language: Language): Promise<FlowId> =>
      there.idOr(FLOW_NAMES[language], () => {
        this.parts.made(`flow ${FLOW_NAMES[language]}`);
        return flows.create(actor, {
          name: FLOW_NAMES[language],
          definition: receptionFlow(parts, language),
        });
      });
    return { en: await make('en'), 'zh-CN': await make('zh-CN') };
  }

  async #numbers(flows: Record<Language, FlowId>): Promise<void> {
    const { dids } = this.parts.configuration;
    const there = await Inventory.of(dids, 'number', (did) => did.number);
    for (const did of DIDS) {
      if (there.has(did.number)) continue;
      await dids.create(actor, { ...did, target: { kind: 'flow', id: flows[did.language] } });
      this.parts.made(`DID ${did.number}`);
    }
  }
}
