import type { Actor, Permission } from '../../kernel/actor.js';
import type { ApiRoute } from './api-routes.js';
import type { LiveGuests, LiveTopic, LiveTopicFamily } from './live-topics.js';
import type { PageContext } from './page-context.js';

/** Who may open a route: holders of a permission, or of any of several, everyone signed in, or everyone. */
export type Access = Permission | readonly Permission[] | 'signed-in' | 'public';

export type PageHandler = (page: PageContext) => Promise<void> | void;

export interface PageRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly access: Access;
  readonly handler: PageHandler;
  /** Set on routes that take files (multipart); at most so many bytes in all. */
  readonly uploadBytes?: number;
  /** Set on routes that take JSON; at most so many bytes. */
  readonly jsonBytes?: number;
}

/**
 * The routes of a feature with their permissions. The web app mounts them, checks the permission and the CSRF token
 * before the handler, and turns what a handler throws into an error page; a test walks them by role.
 */
export class PageRoutes {
  readonly #routes: PageRoute[] = [];

  get routes(): readonly PageRoute[] {
    return this.#routes;
  }

  get(path: string, access: Access, handler: PageHandler): this {
    this.#routes.push({ method: 'get', path, access, handler });
    return this;
  }

  /** A form's target. Answer with `page.redirect`, or render the form again with status 422. */
  post(path: string, access: Access, handler: PageHandler): this {
    this.#routes.push({ method: 'post', path, access, handler });
    return this;
  }

  /** A form with files (`enctype="multipart/form-data"`); the CSRF field must come before the files. */
  upload(path: string, access: Access, uploadBytes: number, handler: PageHandler): this {
    this.#routes.push({ method: 'post', path, access, handler, uploadBytes });
    return this;
  }

  /** A POST of JSON by a script, with the header `X-CSRF-Token`; read it with `page.req.body` and a schema. */
  json(path: string, access: Access, jsonBytes: number, handler: PageHandler): this {
    this.#routes.push({ method: 'post', path, access, handler, jsonBytes });
    return this;
  }
}

/** Groups of the two sidebars, in the order in which they appear. */
export const MENU_GROUPS = {
  main: ['home', 'work', 'live', 'calls', 'outbound', 'reports'],
  setup: ['lines', 'phones', 'routing', 'people', 'data', 'system'],
} as const;
export type MenuGroup = (typeof MENU_GROUPS)['main' | 'setup'][number];

/** A line of the sidebar. It is shown to those who may open it. */
export interface MenuEntry {
  readonly group: MenuGroup;
  /** Key of the catalog. */
  readonly label: string;
  readonly icon: string;
  readonly href: string;
  readonly access: Access;
  /** Place within the group, ascending. */
  readonly order: number;
  /** Where the permission alone does not say it: the workspace is for users who work as agents. */
  readonly isFor?: (actor: Actor) => boolean;
  /** A number beside the entry, only where someone must act; 0 shows nothing. */
  readonly count?: (actor: Actor) => Promise<number>;
}

/** What a feature gives to the web app. */
export interface FeatureModule {
  /** Name of the feature's folder. */
  readonly name: string;
  readonly pages: PageRoutes;
  readonly menu: readonly MenuEntry[];
  /** What other systems may ask of it, with a key. */
  readonly api?: readonly ApiRoute[];
  /** What its pages show live. */
  readonly liveTopics?: readonly LiveTopic[];
  /** The same where each of many things has a topic of its own. */
  readonly liveFamilies?: readonly LiveTopicFamily[];
  /** Who may follow one of them by a link. */
  readonly liveGuests?: LiveGuests;
}
