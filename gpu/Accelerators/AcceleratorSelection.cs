namespace NeuroDb.Gpu;

/// <summary>The device that a choice led to.</summary>
/// <param name="Accelerator">The device.</param>
/// <param name="Reason">
/// Why it is this one, for EXPLAIN and notices: "chosen", or what kept CUDA from being used.
/// </param>
internal sealed record AcceleratorSelection(Accelerator Accelerator, string Reason)
{
    /// <summary>
    /// What scans cost on the device and on the processor, where the choice between them is free;
    /// null where it is not.
    /// </summary>
    public AcceleratorCosts? Costs { get; init; }
}
