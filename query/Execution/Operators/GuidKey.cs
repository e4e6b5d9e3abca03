using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>Keys of type UUID.</summary>
internal readonly struct GuidKey : IKeyOperations<Guid>
{
    /// <inheritdoc/>
    public static ulong Hash(Guid value) =>
        Hash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in value)));

    /// <inheritdoc/>
    public static bool AreEqual(Guid left, Guid right) => left == right;
}
