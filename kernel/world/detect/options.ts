/** What detectors can be told. */

export interface DetectorOptions {
  /**
   * A finding ends the run with its verdict, where it is made: cores and the debugger open there.
   * Otherwise it is noted (World.reports), and the run shows what comes of it.
   */
  readonly ends?: boolean;
  /** The one report, by its signature, that ends the run; '' for any. */
  readonly ending?: string;
}
