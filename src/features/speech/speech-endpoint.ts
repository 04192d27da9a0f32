/** What a synthesis server is asked, secrets opened. */
export interface SpeechRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly allowedAddresses: readonly string[];
}

/** Why a synthesis server gave no sound. Each has a text: `speech.failed.<reason>`. */
export type SpeechFailure =
  | 'address'
  | 'unknown-host'
  | 'connection'
  | 'timeout'
  | 'redirect'
  | 'status'
  | 'too-large'
  | 'not-a-sound';

export type SpeechAnswer =
  | { readonly kind: 'sound'; readonly bytes: Buffer }
  | { readonly kind: 'failed'; readonly reason: SpeechFailure; readonly detail: string };

/** Asks a synthesis server over HTTP. Never rejects; ends by the request's time-out. */
export interface SpeechEndpoint {
  ask(request: SpeechRequest): Promise<SpeechAnswer>;
}

/** What one text became: who spoke it, and why the endpoint did not. */
export interface SpokenBy {
  readonly engine: 'endpoint' | 'embedded';
  readonly failure?: { readonly reason: SpeechFailure; readonly detail: string };
}
