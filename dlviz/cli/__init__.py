"""The command line, one file a command. Each has `NAME`, `HELP`, `arguments(parser)` and `run(args) -> int`."""
