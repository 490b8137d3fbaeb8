import { program } from 'rumpus';

export default program({}, function* main() {
  throw new Error('thrown by the program');
});
