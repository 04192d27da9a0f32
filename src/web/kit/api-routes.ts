import type { Actor } from '../../kernel/actor.js';

/** Another system that came with a key. */
export interface ApiCaller {
  /** What the key is called. */
  readonly name: string;
}

/** Who comes with a key; undefined for a key that is not known, or ended. */
export interface ApiKeyring {
  callerOf(key: string): Promise<ApiCaller | undefined>;
}

/** One request of another system. `body` is what was sent as JSON; check it with a schema. */
export interface ApiRequest {
  readonly actor: Actor;
  readonly body: unknown;
  /** A parameter of the path. */
  readonly param: (name: string) => string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A route of the API below `/api/v1`. Handlers throw `AppError`, which becomes a JSON answer. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** `/follow-ups`. */
  readonly path: string;
  readonly handler: (request: ApiRequest) => Promise<ApiAnswer>;
}
