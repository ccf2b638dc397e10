/** What the experiment `transfer` is asked, and what its numbers are. */
