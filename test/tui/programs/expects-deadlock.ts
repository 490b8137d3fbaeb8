import { expectVerdict, program } from 'rumpus';
import abba from './abba.ts';

/** Two locks in opposite orders, which is known: only a schedule that shows it is as it should be. */
export default program({ ...abba.options, expect: expectVerdict('deadlock') }, abba.main);
