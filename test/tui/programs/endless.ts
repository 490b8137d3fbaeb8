import { program } from 'rumpus';

export default program({ budget: 10_000 }, function* main() {
  for (let i = 0; ; i++) if (i < 0) break;
});
