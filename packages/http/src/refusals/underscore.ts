/**
 * Names with an underscore. What makes variables of names, such as CGI or a gateway behind the app, takes it for a hyphen:
 * `X_Forwarded_For` would then say what only a proxy may say.
 */
export function hasNoUnderscore(name: string): boolean {
  return !name.includes('_')
}
