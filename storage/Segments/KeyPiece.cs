namespace NeuroDb.Storage;

/// <summary>Up to 4096 decoded entries of a key run; never changed after it is made.</summary>
internal sealed class KeyPiece(ulong[] codes, int[] ordinals)
{
    /// <summary>The codes, ascending.</summary>
    public ulong[] Codes { get; } = codes;

    /// <summary>The row of each code, ascending among equal codes.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>The bytes in memory.</summary>
    public long SizeBytes => ((long)Codes.Length * (sizeof(ulong) + sizeof(int))) + 96;
}
