"""For asyncio. The synchronous twins of these modules are in `trunkline.generated.synchronous`."""
