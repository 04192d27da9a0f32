/** Turns passwords into something that can only be compared. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(passwordHash: string, password: string): Promise<boolean>;
}

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/** The key of what is wrong with a new password, undefined where it will do. Length beats rules about characters. */
export function passwordProblem(password: string, login: string): string | undefined {
  if (password.length < PASSWORD_MIN) return 'users.problem.password-short';
  if (password.length > PASSWORD_MAX) return 'users.problem.password-long';
  if (login.length > 2 && password.toLowerCase().includes(login.toLowerCase()))
    return 'users.problem.password-login';
  if (new Set(password).size < 4) return 'users.problem.password-simple';
  return undefined;
}
