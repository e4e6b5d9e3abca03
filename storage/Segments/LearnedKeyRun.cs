using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// A whole key run in flat arrays with a model that finds places, for runs that are looked into
/// often; made of the pieces of the file, which hold the same. Never changed. The arrays are
/// outside of the collector's heap, which megabytes at once would have collected: who uses spans of
/// them keeps the run until he is done.
/// </summary>
internal sealed class LearnedKeyRun : INativeMemory
{
    private const int ObjectSizeBytes = 256;
    private readonly FlatArray<ulong> _codes;
    private readonly FlatArray<int> _ordinals;
    private readonly CodeFilter _filter;

    /// <summary>Takes the entries of a run.</summary>
    public LearnedKeyRun(FlatArray<ulong> codes, FlatArray<int> ordinals)
    {
        Invariant.Check(codes.Length == ordinals.Length);
        _codes = codes;
        _ordinals = ordinals;
        Model = LearnedModelBuilder.Build(codes.Span);
        _filter = new CodeFilter([codes]);

        // Nobody counts who has got a run from the buffers.
        codes.Lend();
        ordinals.Lend();
        _filter.Lend();
    }

    /// <summary>The codes, ascending.</summary>
    public ReadOnlySpan<ulong> Codes => _codes.Span;

    /// <summary>The row of each code, ascending among equal codes.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals.Span;

    /// <summary>Finds places among the codes.</summary>
    public LearnedModel Model { get; }

    /// <summary>The bytes in memory.</summary>
    public long SizeBytes => SizeBytesOf(_codes.Length) + Model.SizeBytes + ObjectSizeBytes;

    /// <summary>The bytes that a run of so many entries takes, the model left out.</summary>
    public static long SizeBytesOf(long count) =>
        (count * (sizeof(ulong) + sizeof(int))) + CodeFilter.SizeBytesOf(count);

    /// <summary>Whether a code may be there; false is certain.</summary>
    public bool MayHave(ulong code) => _filter.MayHave(CodeFilter.HashOf([code]));

    /// <summary>Asks for the memory that <see cref="MayHave"/> will look at.</summary>
    public void Prefetch(ulong code) => _filter.Prefetch(CodeFilter.HashOf([code]));

    /// <summary>How many entries have a lower code.</summary>
    public int LowerBound(ulong code)
    {
        int place = LearnedSearch.LowerBound(Model, Codes, code);
        GC.KeepAlive(this);
        return place;
    }

    /// <inheritdoc/>
    public void Release()
    {
        _codes.Release();
        _ordinals.Release();
        _filter.Release();
    }
}
