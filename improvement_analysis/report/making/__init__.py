"""One page made, wherever that is: a notebook run to its end, judged and rendered. Nothing is published."""
