import { parentPort, workerData } from 'node:worker_threads';
import type { WhatIfQuestion } from '../../engines/dialer/what-if.js';
import { answerWhatIf } from './what-if.js';

// A thread of its own for one question; it ends with the answer, and a failure ends it as an error.
parentPort?.postMessage(answerWhatIf(workerData as WhatIfQuestion));
