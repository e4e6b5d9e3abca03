using System.Runtime.Intrinsics;

namespace NeuroDb.Neural;

/// <summary>A node that grows: its rows lie together, and their sums are known.</summary>
/// <param name="Ordinal">Its place among the nodes of the tree.</param>
/// <param name="Depth">The splits above it.</param>
/// <param name="First">Where its rows begin.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Total">Gradients, second derivatives and rows.</param>
internal readonly record struct BoostingNode(
    int Ordinal, int Depth, int First, int Count, Vector256<double> Total);
