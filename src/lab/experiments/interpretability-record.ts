/** What the experiment `interpretability` is asked, and what its numbers are. */
