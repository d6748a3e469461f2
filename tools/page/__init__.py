"""Records a run on ringwalk instruction by instruction, and makes a page of it. Used by tools/mkpage."""
