/** What hunts found before, as files that outlive edits. See ../README.md. */

export {
  Corpus,
  type CorpusFailure,
  type CorpusReplay,
  type Merged,
  mergeCorpus,
} from './corpus.ts';
