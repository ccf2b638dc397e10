/** What the experiment `reuse` is asked, and what its numbers are. */
