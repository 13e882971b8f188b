"""Pages made on other machines by Dask: the runner's end, the workers' end, and the parcel between them."""
