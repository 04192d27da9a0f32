import { codeOf, guardedRequest, NotSent, readBody } from '../http/guarded-request.js';
import type {
  SpeechAnswer,
  SpeechEndpoint,
  SpeechFailure,
  SpeechRequest,
} from '../../features/speech/speech-endpoint.js';

/** Ten minutes of uncompressed stereo do not fit; a spoken text does. */
const MAX_ANSWER_BYTES = 20 * 1024 * 1024;

const failed = (reason: SpeechFailure, detail = ''): SpeechAnswer => ({
  kind: 'failed',
  reason,
  detail,
});

/** Asks over HTTP, by the same guard as hooks: no address inside the server's own network that is not allowed. */
export const httpSpeechEndpoint: SpeechEndpoint = {
  ask: async (request) => {
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<SpeechAnswer>((resolve) => {
      timer = setTimeout(resolve, request.timeoutMs, failed('timeout'));
    });
    const asked = exchange(request, stop.signal).catch((error: unknown) =>
      error instanceof NotSent
        ? failed(error.reason, error.detail)
        : failed('connection', codeOf(error)),
    );
    const answer = await Promise.race([asked, timeout]);
    clearTimeout(timer);
    stop.abort();
    return answer;
  },
};

async function exchange(request: SpeechRequest, signal: AbortSignal): Promise<SpeechAnswer> {
  const response = await guardedRequest(new URL(request.url), {
    method: 'POST',
    headers: { ...request.headers, 'content-type': 'application/json', accept: 'audio/*' },
    body: request.body,
    allowedAddresses: request.allowedAddresses,
    signal,
  });
  const status = response.statusCode ?? 0;
  if (status < 200 || status >= 300) {
    response.destroy();
    return failed(status >= 300 && status < 400 ? 'redirect' : 'status', String(status));
  }
  const bytes = await readBody(response, MAX_ANSWER_BYTES);
  return bytes === undefined ? failed('too-large') : { kind: 'sound', bytes };
}
