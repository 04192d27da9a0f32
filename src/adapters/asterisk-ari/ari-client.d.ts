/** The part of ari-client 2.2.0 that the guard uses; the package has no types of its own. */
declare module 'ari-client' {
  export interface SwaggerResponse {
    readonly status: number;
    readonly data: Buffer | string;
  }
  /** Sends at once; then exactly one of the callbacks runs, or, when the connection fails, none ever. */
  export type SwaggerOperation = (
    args: Record<string, unknown>,
    onSuccess: (response: SwaggerResponse) => void,
    onFailure: (response: SwaggerResponse) => void,
  ) => unknown;
  export interface Client {
    /** The description that Asterisk gave of itself: operations by API and nickname. */
    readonly _swagger: {
      readonly apis: Readonly<
        Record<string, Readonly<Record<string, SwaggerOperation | undefined>>>
      >;
    };
  }
  /** Reads the description from Asterisk. Does not open an event socket. */
  export function connect(url: string, user: string, password: string): PromiseLike<Client>;
}
