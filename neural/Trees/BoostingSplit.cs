using System.Runtime.Intrinsics;

namespace NeuroDb.Neural;

/// <summary>A way to divide a node.</summary>
/// <param name="Column">The feature, or -1 where no split gains.</param>
/// <param name="Bin">The last bin that goes left.</param>
/// <param name="Gain">What the loss gains by it.</param>
/// <param name="Left">Gradients, second derivatives and rows that go left.</param>
internal readonly record struct BoostingSplit(
    int Column, int Bin, double Gain, Vector256<double> Left);
