import { SYSTEM_ACTOR } from '../kernel/actor.js';
import type { Language } from '../kernel/call-event.js';
import type { ExtensionId, FlowId, QueueId } from '../kernel/ids.js';
import type { CarrierSettings } from './carrier-settings.js';
import {
  AGENTS,
  DIDS,
  EXTENSIONS,
  FLOW_NAMES,
  OPERATOR_EXTENSION,
  PROMPTS,
  QUEUES,
  receptionFlow,
  SUPERVISOR,
  TRUNK_CALLER_ID,
  TRUNK_CHANNELS,
  TRUNK_NAME,
  type DemoPromptKey,
  type DemoQueueKey,
} from './company.js';
import type { Configuration } from './configuration.js';
import { Inventory } from './inventory.js';

const actor = SYSTEM_ACTOR;

/** A user that was made now, and the password, which is kept nowhere else. */
export interface NewLogin {
  readonly login: string;
  readonly password: string;
}

/** What a run of the seed did. */
export interface SeedResult {
  /** `queue Sales`, in the order made; empty where all was there. */
  readonly made: readonly string[];
  readonly logins: readonly NewLogin[];
}

/**
 * Sets the demonstration company up, as an administrator would: prompts are spoken, phones get the passwords that the
 * carrier's phones register with. Whatever is there under its name or number already, also archived, is left as it is, so
 * that an interrupted run can be repeated and people's changes stay.
 */
export class CompanySeed {
  readonly #made: string[] = [];
  readonly #logins: NewLogin[] = [];

  constructor(
    private readonly configuration: Configuration,
    private readonly carrier: CarrierSettings,
    private readonly passwords: { readonly admin: string; fresh(): string },
  ) {}

  async run(): Promise<SeedResult> {
    await this.#users();
    const prompts = await this.#prompts();
    const extensions = await this.#extensions();
    const queues = await this.#queues(prompts);
    await this.#agents(extensions, queues);
    await this.#trunk();
    const operator = extensions.get(OPERATOR_EXTENSION);
    if (operator === undefined) throw new Error(`there is no extension ${OPERATOR_EXTENSION}`);
    await this.#numbers(await this.#flows({ prompts, queues, operator }));
    return { made: this.#made, logins: this.#logins };
  }

  async #users(): Promise<void> {
    const { users } = this.configuration;
    const there = await Inventory.of(users, 'name', (user) => user.login);
    const people = [
      {
        login: 'admin',
        name: 'Administrator',
        role: 'administrator' as const,
        language: 'en' as const,
        password: this.passwords.admin,
      },
      { ...SUPERVISOR, role: 'supervisor' as const, password: this.passwords.fresh() },
    ];
    for (const person of people) {
      if (there.has(person.login)) continue;
      await users.create(actor, { ...person, mustChangePassword: false });
      this.#note('user', person.login);
      this.#logins.push({ login: person.login, password: person.password });
    }
  }

  async #prompts(): Promise<Record<DemoPromptKey, number>> {
    const { prompts } = this.configuration;
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
        this.#note('prompt', texts.name);
        const form = { name: texts.name, sounds: { en: say('en'), 'zh-CN': say('zh-CN') } };
        return prompts.submit(actor, { id: undefined, version: 0 }, form, {}, () => undefined);
      });
    }
    return ids as Record<DemoPromptKey, number>;
  }

  async #extensions(): Promise<ReadonlyMap<string, ExtensionId>> {
    const { extensions, secrets } = this.configuration;
    const there = await Inventory.of(extensions, 'number', (extension) => extension.number);
    const ids = new Map<string, ExtensionId>();
    for (const extension of EXTENSIONS) {
      const id = await there.idOr(extension.number, () => {
        this.#note('extension', extension.number);
        return extensions.create(actor, {
          ...extension,
          callerId: '',
          voicemail: true,
          ringTimeoutS: 25,
          secretSealed: secrets.seal(this.carrier.phonePassword(extension.number)),
        });
      });
      ids.set(extension.number, id);
    }
    return ids;
  }

  async #queues(prompts: Record<DemoPromptKey, number>): Promise<Record<DemoQueueKey, QueueId>> {
    const { queues } = this.configuration;
    const there = await Inventory.of(queues, 'name', (queue) => queue.name);
    const make = (key: DemoQueueKey): Promise<QueueId> =>
      there.idOr(QUEUES[key].name, async () => {
        this.#note('queue', QUEUES[key].name);
        const draft = {
          ...QUEUES[key],
          maxLength: 0,
          overflow: { kind: 'hangup' as const },
          leaveWhenEmpty: true,
          announcement: prompts.patience as never,
          announceEveryS: 45,
          record: true,
          serviceLevelS: 20,
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
  ): Promise<void> {
    const { agents } = this.configuration;
    const there = await Inventory.of(agents, 'name', (agent) => agent.number);
    for (const agent of AGENTS) {
      if (there.has(agent.number)) continue;
      const { login, password } = await agents.createAgent(actor, {
        name: agent.name,
        number: agent.number,
        pin: '',
        removePin: false,
        extensionId: extensions.get(agent.extension),
        queues: agent.queues.map((key) => queues[key]).sort((a, b) => a - b),
        login: agent.login,
        role: 'agent',
        language: agent.language,
      });
      this.#note('agent', agent.name);
      this.#logins.push({ login, password });
    }
  }

  async #trunk(): Promise<void> {
    const { trunks } = this.configuration;
    const there = await Inventory.of(trunks, 'name', (trunk) => trunk.name);
    if (there.has(TRUNK_NAME)) return;
    await trunks.createSip(actor, {
      name: TRUNK_NAME,
      enabled: true,
      priority: 10,
      maxChannels: TRUNK_CHANNELS,
      callerId: TRUNK_CALLER_ID,
      host: this.carrier.sipHost,
      port: this.carrier.sipPort,
      transport: 'udp',
      username: this.carrier.trunkUser,
      password: this.carrier.trunkPassword,
      fromUser: '',
      register: true,
      addresses: [],
      codecs: ['alaw', 'ulaw'],
    });
    this.#note('trunk', TRUNK_NAME);
  }

  async #flows(parts: Parameters<typeof receptionFlow>[0]): Promise<Record<Language, FlowId>> {
    const { flows } = this.configuration;
    const there = await Inventory.of(flows, 'name', (flow) => flow.name);
    const make = (language: Language): Promise<FlowId> =>
      there.idOr(FLOW_NAMES[language], () => {
        this.#note('flow', FLOW_NAMES[language]);
        return flows.create(actor, {
          name: FLOW_NAMES[language],
          definition: receptionFlow(parts, language),
        });
      });
    return { en: await make('en'), 'zh-CN': await make('zh-CN') };
  }

  async #numbers(flows: Record<Language, FlowId>): Promise<void> {
    const { dids } = this.configuration;
    const there = await Inventory.of(dids, 'number', (did) => did.number);
    for (const did of DIDS) {
      if (there.has(did.number)) continue;
      await dids.create(actor, { ...did, target: { kind: 'flow', id: flows[did.language] } });
      this.#note('DID', did.number);
    }
  }

  #note(kind: string, name: string): void {
    this.#made.push(`${kind} ${name}`);
  }
}
