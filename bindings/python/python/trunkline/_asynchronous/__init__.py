"""For asyncio. The blocking modules made from these are in `trunkline.generated.synchronous`."""
