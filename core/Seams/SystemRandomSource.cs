using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NeuroDb;

/// <summary>Randomness of the operating system, fit for identifiers and keys.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
