import type { PromptId } from '../../kernel/ids.js';

export const PATH = '/setup/prompts';

export const pathOf = (id: PromptId): string => `${PATH}/${String(id)}`;
