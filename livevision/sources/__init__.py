"""Reading cameras, streams and files: blocking, a thread each, no asyncio and no Qt."""
