import type { Database } from '../../src/adapters/mysql/database.js';
import type { PageRoute } from '../../src/web/kit/index.js';
import type { Choices } from './hostile.js';
import type { TestAnswer, TestClient, TestSite } from './web.js';

/** Routes that would sign the one who tries them out. */
const ENDS_SESSION = new Set(['/sign-out', '/me/password']);
/** A line of a stack trace. */
const STACK = /\bat (?:async )?[\w.<>#[\] ]+ \(?(?:file:\/\/|node:|\/)[^\s)]+:\d+:\d+/;
/** Of so many refusals one is looked at in the database. */
const LOOKED_AT = 20;
/** What a refusal may leave in the database. */
const NOT_CONFIGURATION = /audit|sign_in|session|login|attempts/;

/** What somebody was told and should not have been. */
export interface Finding {
  readonly route: string;
  readonly path: string;
  readonly body: string;
  readonly problem: string;
}

type Fields = Record<string, string | readonly string[]>;

/** Tries every route of a site with what nobody should send. */
export class Fuzz {
  readonly findings: Finding[] = [];
  requests = 0;
  /** Fields of the forms that pages show, by where they are sent, with what stands in them. */
  readonly #forms = new Map<string, Fields>();
  #client: TestClient | undefined;
  #users = 0;
  #tables: readonly string[] = [];

  constructor(
    private readonly site: TestSite,
    private readonly choose: Choices,
  ) {}

  get routes(): readonly PageRoute[] {
    return this.site.app.routes.filter(({ path }) => !ENDS_SESSION.has(path));
  }

  /** Reads every page that can be read, for the forms on it. */
  async learn(): Promise<void> {
    this.#tables = await tablesOf(this.site.parts.database);
    for (const route of this.routes) {
      if (route.method !== 'get') continue;
      const { text } = await (await this.#signedIn()).get(route.path.replace(/:\w+/g, '1'));
      for (const [action, fields] of formsOf(text)) {
        const known = this.#forms.get(shapeOf(action));
        this.#forms.set(shapeOf(action), { ...known, ...fields });
      }
    }
  }

  /** So many requests to one route. */
  async tryRoute(route: PageRoute, times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.#try(route);
  }

  async #try(route: PageRoute): Promise<void> {
    const { choose, site } = this;
    const client = await this.#signedIn();
    const path = route.path.replace(/:\w+/g, () => this.#parameter());
    const isGet = route.method === 'get';
    const query = isGet && choose.below(2) === 0 ? `?${this.#query(route)}` : '';
    const init = isGet ? undefined : this.#body(route, client);
    const isLookedAt = !isGet && choose.below(LOOKED_AT) === 0;
    const before = isLookedAt ? await this.#state() : '';
    const loggedBefore = site.errors.length;
    this.requests += 1;
    let answer: TestAnswer;
    try {
      answer =
        init === undefined ? await client.get(path + query) : await client.send(path, init.request);
    } catch (error) {
      this.#found(route, path + query, init?.shown ?? '', `no answer: ${String(error)}`);
      return;
    }
    const problem = this.#problemOf(answer, loggedBefore);
    if (problem !== undefined) this.#found(route, path + query, init?.shown ?? '', problem);
    if (isLookedAt && answer.status >= 400 && (await this.#state()) !== before)
      this.#found(route, path, init?.shown ?? '', 'refused, but something was written');
    const isOut = answer.status === 401 || answer.location?.startsWith('/login') === true;
    if (isOut || answer.location === '/me/password') this.#client = undefined;
  }

  #problemOf(answer: TestAnswer, loggedBefore: number): string | undefined {
    const logged = this.site.errors.slice(loggedBefore)[0] ?? '';
    if (answer.status >= 500) return `status ${String(answer.status)} ${logged.slice(0, 1_500)}`;
    if (STACK.test(answer.text)) return 'a stack trace';
    return logged === '' ? undefined : `logged ${logged.slice(0, 1_500)}`;
  }

  #found(route: PageRoute, path: string, body: string, problem: string): void {
    this.findings.push({
      route: `${route.method} ${route.path}`,
      path: path.slice(0, 300),
      body: body.slice(0, 600),
      problem,
    });
  }

  async #signedIn(): Promise<TestClient> {
    if (this.#client !== undefined) return this.#client;
    const login = `fuzz${String(++this.#users)}`;
    const id = await this.site.addUser(login, 'administrator');
    // Pages of the workspace need an agent behind the user.
    await this.site.parts
      .database('agents')
      .insert({ user_id: id, name: login, number: String(80_000 + this.#users) });
    this.#client = await this.site.client(login);
    return this.#client;
  }

  #parameter(): string {
    const { choose } = this;
    const kind = choose.below(4);
    if (kind < 2) return String(1 + choose.below(3));
    return encodeURIComponent(wellFormed(choose.text()).slice(0, 500)) || '0';
  }

  #query(route: PageRoute): string {
    const fields = this.#mutated(this.#forms.get(`get ${shapeOf(route.path)}`) ?? {});
    return parametersOf(fields).toString().slice(0, 6_000);
  }

  #body(
    route: PageRoute,
    client: TestClient,
  ): { readonly request: RequestInit; readonly shown: string } {
    const token = { 'x-csrf-token': client.csrf };
    if (route.jsonBytes !== undefined) {
      const body = this.choose.below(8) === 0 ? this.choose.text() : JSON.stringify(this.#json(0));
      return {
        shown: body,
        request: { body, headers: { ...token, 'content-type': 'application/json' } },
      };
    }
    const fields = this.#mutated(this.#forms.get(shapeOf(route.path)) ?? {});
    if (route.uploadBytes === undefined) {
      const body = parametersOf({ ...fields, _csrf: client.csrf });
      return { shown: parametersOf(fields).toString(), request: { body, headers: token } };
    }
    const form = new FormData();
    form.append('_csrf', client.csrf);
    for (const [name, value] of parametersOf(fields)) form.append(name, value);
    const content = wellFormed(this.choose.text());
    for (const name of ['file', this.choose.text()])
      form.append(wellFormed(name), new Blob([content]), wellFormed(this.choose.text()));
    return {
      shown: `${parametersOf(fields).toString()} file: ${content.slice(0, 80)}`,
      request: { body: form, headers: token },
    };
  }

  /** What a form holds, with some of it spoiled, left out, doubled or added. */
  #mutated(form: Fields): Fields {
    const { choose } = this;
    const fields: Fields = { ...form };
    delete fields['_csrf'];
    const names = Object.keys(fields);
    for (let change = choose.below(4); change >= 0; change--) {
      const name = names.length === 0 || choose.below(8) === 0 ? choose.text() : choose.of(names);
      const kind = choose.below(5);
      if (kind === 0) Reflect.deleteProperty(fields, name);
      else if (kind === 1) fields[name] = [choose.text(), choose.text()];
      else fields[name] = choose.text();
    }
    return fields;
  }

  #json(depth: number): unknown {
    const { choose } = this;
    switch (choose.below(depth > 4 ? 5 : 8)) {
      case 0:
        return null;
      case 1:
        return choose.of([0, -1, 1.5, 1e308, 2 ** 53, true, false]);
      case 2:
      case 3:
      case 4:
        return choose.text();
      case 5:
        return Array.from({ length: choose.below(5) }, () => this.#json(depth + 1));
      default: {
        const names = ['id', 'name', 'definition', 'steps', 'start', 'kind', 'version', 'number'];
        return Object.fromEntries(
          Array.from({ length: choose.below(6) }, () => [
            choose.below(3) === 0 ? choose.text() : choose.of(names),
            this.#json(depth + 1),
          ]),
        );
      }
    }
  }

  /** What every table of the configuration holds, in one text. */
  async #state(): Promise<string> {
    const [rows] = (await this.site.parts.database.raw(
      `CHECKSUM TABLE ${this.#tables.map((name) => `\`${name}\``).join(', ')}`,
    )) as [readonly { readonly Checksum: unknown }[]];
    return rows.map(({ Checksum }) => String(Checksum)).join(' ');
  }
}

async function tablesOf(database: Database): Promise<readonly string[]> {
  const [rows] = (await database.raw(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'`,
  )) as [readonly { readonly name: string }[]];
  return rows.map(({ name }) => name).filter((name) => !NOT_CONFIGURATION.test(name));
}

/** Halves of characters cannot be sent; what stands for them can. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

function parametersOf(fields: Fields): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(name, one);
  return parameters;
}

/** The same address whatever its parameters are. */
const shapeOf = (path: string): string =>
  path
    .replace(/\?.*$/, '')
    .split('/')
    .map((part) => (/^(:|\d+$)/.test(part) ? ':' : part))
    .join('/');

/** The forms of a page: where they go, and their fields. */
function formsOf(html: string): readonly (readonly [string, Fields])[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(
    ([, head = '', inside = '']) => {
      const fields: Fields = {};
      for (const [, attributes = ''] of inside.matchAll(/<(?:input|textarea|select)\b([^>]*)>/g)) {
        const name = attribute(attributes, 'name');
        if (name !== undefined) fields[name] = attribute(attributes, 'value') ?? '1';
      }
      for (const [, name = '', options = ''] of inside.matchAll(
        /<select\b[^>]*?name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
      ))
        fields[name] = /<option[^>]*value="([^"]*)"/.exec(options)?.[1] ?? '';
      const action = attribute(head, 'action') ?? '';
      const isPost = attribute(head, 'method')?.toLowerCase() === 'post';
      return [isPost ? action : `get ${action}`, fields] as const;
    },
  );
}

const attribute = (text: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
