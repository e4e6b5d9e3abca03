using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>Keys, salts and nonces from the randomness of the seams.</summary>
internal static class RandomBytes
{
    /// <summary>Fills the target, whose length is a multiple of 4.</summary>
    public static void Fill(IRandomSource random, Span<byte> target)
    {
        Invariant.Check(target.Length % sizeof(uint) == 0);
        while (target.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, random.NextUInt64());
            target = target[sizeof(ulong)..];
        }

        if (!target.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)random.NextUInt64());
        }
    }
}
