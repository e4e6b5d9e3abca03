namespace NeuroDb.Gpu;

/// <summary>The device that a choice led to.</summary>
/// <param name="Accelerator">The device.</param>
/// <param name="Reason">
/// Why it is this one, for EXPLAIN and notices: "chosen", or what kept CUDA from being used.
/// </param>
internal sealed record AcceleratorSelection(Accelerator Accelerator, string Reason);
