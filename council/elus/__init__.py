"""The élu's home: the next sitting, what to read, his instances, and nothing else."""
