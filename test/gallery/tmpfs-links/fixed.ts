import { program, tmpfs } from 'rumpus';
import { move } from './move.ts';

export default program({ components: [tmpfs] }, move);
