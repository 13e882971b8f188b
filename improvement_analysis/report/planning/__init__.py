"""What a run is to make: the pages of a dataset, their notebooks and parameters, the files they hang on."""
