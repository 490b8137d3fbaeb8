/**
 * What is wrong with what the user gave: a file, an option, a recording that does not fit.
 * The command line prints the message alone and exits with 2.
 */

export class InputError extends Error {
  override name = 'InputError';
}
