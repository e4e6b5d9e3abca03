namespace NeuroDb.Query;

/// <summary>Keys held as doubles; NaN equals NaN, and 0.0 equals -0.0.</summary>
internal readonly struct DoubleKey : IKeyOperations<double>
{
    /// <inheritdoc/>
    public static ulong Hash(double value) => double.IsNaN(value) ? 1 : Hash64.Of(value);

    /// <inheritdoc/>
    public static bool AreEqual(double left, double right) => left.Equals(right);
}
