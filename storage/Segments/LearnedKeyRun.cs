using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// A whole key run in flat arrays with a model that finds places, for runs that are looked into
/// often; made of the pieces of the file, which hold the same. Never changed.
/// </summary>
internal sealed class LearnedKeyRun
{
    private const int ObjectSizeBytes = 256;

    /// <summary>Takes the entries of a run.</summary>
    public LearnedKeyRun(ulong[] codes, int[] ordinals)
    {
        Invariant.Check(codes.Length == ordinals.Length);
        Codes = codes;
        Ordinals = ordinals;
        Model = LearnedModelBuilder.Build(codes);
    }

    /// <summary>The codes, ascending.</summary>
    public ulong[] Codes { get; }

    /// <summary>The row of each code, ascending among equal codes.</summary>
    public int[] Ordinals { get; }

    /// <summary>Finds places among the codes.</summary>
    public LearnedModel Model { get; }

    /// <summary>The bytes in memory.</summary>
    public long SizeBytes => ((long)Codes.Length * (sizeof(ulong) + sizeof(int)))
        + Model.SizeBytes + ObjectSizeBytes;

    /// <summary>How many entries have a lower code.</summary>
    public int LowerBound(ulong code) => LearnedSearch.LowerBound(Model, Codes, code);

    /// <summary>The bytes that a run of so many entries takes, the model left out.</summary>
    public static long SizeBytesOf(long count) => count * (sizeof(ulong) + sizeof(int));
}
