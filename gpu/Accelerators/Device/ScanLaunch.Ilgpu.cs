using ILGPU;
using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>Starts a compiled <see cref="FusedScanKernel"/>; its parameters in order.</summary>
internal delegate void ScanLaunch(
    AcceleratorStream stream,
    KernelConfig grid,
    ArrayView<Float4> rows,
    ArrayView<Float4> query,
    ArrayView<ulong> mask,
    ArrayView<float> listRanks,
    ArrayView<int> listIndexes,
    ArrayView<float> ranks,
    ArrayView<int> indexes,
    ScanShape shape);
