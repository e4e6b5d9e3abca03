using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Something that runs the device form of kernels.</summary>
internal interface IDeviceForm : IDisposable
{
    /// <summary>The k closest rows of the block, by the device form of the scan.</summary>
    Candidate[] Scan(ScanQuery query, VectorBlock block);
}
