using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>Intervals, equal if their spans are.</summary>
internal readonly struct IntervalKey : IKeyOperations<TimeInterval>
{
    /// <inheritdoc/>
    public static ulong Hash(TimeInterval value)
    {
        Int128 span = value.Span;
        return Hash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Int128>(in span)));
    }

    /// <inheritdoc/>
    public static bool AreEqual(TimeInterval left, TimeInterval right) => left.Equals(right);
}
