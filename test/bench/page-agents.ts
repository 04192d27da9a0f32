import { argonHasher } from '../../src/adapters/crypto/password.js';
import { TestClient } from '../support/web.js';
import type { BenchAgent } from './bench-company.js';
import { note, type BenchSite } from './bench-site.js';

/** How long an agent takes to click after a call, at most. */
const THINK_MS = 500;
const LOOK_MS = 50;
const PASSWORD = 'four plain words here';
const ACCEPT_JSON = { accept: 'application/json' };

/** An agent at the page. */
export class Clicker {
  /** When the button was pressed. */
  readonly pressedAt: number[] = [];
  #isBusy = false;

  private constructor(
    readonly agent: BenchAgent,
    private readonly client: TestClient,
  ) {}

  static async open({ product }: BenchSite, agent: BenchAgent): Promise<Clicker> {
    const client = new TestClient(product.url);
    const { status } = await client.signIn(agent.login, PASSWORD);
    if (status !== 303) throw new Error(`${agent.login} cannot sign in: ${String(status)}`);
    return new Clicker(agent, client);
  }

  /** Presses a button of the workspace, after a moment of thought. */
  press(button: 'available' | 'finish', afterMs: number): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    setTimeout(() => {
      void this.#press(button);
    }, afterMs);
  }

  async #press(button: string): Promise<void> {
    this.pressedAt.push(performance.timeOrigin + performance.now());
    const answer = await this.client.post(`/workspace/commands/${button}`, {}, ACCEPT_JSON);
    if (answer.status !== 200) note(`${button}: ${String(answer.status)} ${answer.text}`);
    // What pages show is a moment old: the wrap-up that has just ended must not be ended again.
    setTimeout(() => {
      this.#isBusy = false;
    }, THINK_MS);
  }
}

/** Signs the agents of the page in at the page. */
export async function openClickers(
  site: BenchSite,
  agents: readonly BenchAgent[],
): Promise<Clicker[]> {
  await site.product
    .database('users')
    .whereIn('login', [...agents.map(({ login }) => login)])
    .update({ password_hash: await argonHasher.hash(PASSWORD), must_change_password: false });
  const clickers: Clicker[] = [];
  for (const agent of agents) clickers.push(await Clicker.open(site, agent));
  return clickers;
}

/** Looks at the live values until told to stop: clicks for agents in wrap-up, and counts who waits. */
export class Watch {
  readonly #waiting: number[] = [];
  /** The shortest line of any queue. */
  #shortest = Infinity;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly site: BenchSite,
    private readonly clickers: readonly Clicker[],
  ) {
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  /** Forgets the lines until now. */
  restart(): void {
    this.#waiting.length = 0;
    this.#shortest = Infinity;
  }

  /** The lines since `restart`. */
  get lines(): { readonly mean: number; readonly least: number; readonly shortestQueue: number } {
    const sum = this.#waiting.reduce((total, count) => total + count, 0);
    return {
      mean: Math.round(sum / this.#waiting.length),
      least: Math.min(...this.#waiting),
      shortestQueue: this.#shortest,
    };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { now } = this.site.product;
    const lengths = now.queues.map((queue) => queue.waiting.length);
    this.#waiting.push(lengths.reduce((total, length) => total + length, 0));
    this.#shortest = Math.min(this.#shortest, ...lengths);
    const states = new Map(now.agents.map((agent) => [agent.id, agent.state]));
    for (const clicker of this.clickers)
      if (states.get(clicker.agent.agentId) === 'wrap-up')
        clicker.press('finish', Math.random() * THINK_MS);
  }
}
