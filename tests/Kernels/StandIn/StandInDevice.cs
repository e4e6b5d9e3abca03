using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Runs device code on threads, for builds without ILGPU.</summary>
internal sealed class StandInDevice(int groups, int groupSize, int warpSize) : IDeviceForm
{
    private readonly KernelDevice _device = new(groups, groupSize, warpSize);

    /// <inheritdoc/>
    public Candidate[] Scan(ScanQuery query, VectorBlock block) =>
        DeviceScans.Single(
            _device, query.Metric, query.Vector.ToArray(), query.K, block.Elements);

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();
}
