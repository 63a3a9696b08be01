// A device is used by one thread at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
