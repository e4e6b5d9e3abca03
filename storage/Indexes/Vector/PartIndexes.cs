namespace NeuroDb.Storage;

/// <summary>
/// What an index of vectors has of one part of a table: ranges in ascending order without gaps,
/// from the first chunk on. One builder, many readers.
/// </summary>
internal sealed class PartIndexes
{
    private IndexedRange[] _ranges = [];

    /// <summary>The ranges.</summary>
    public IndexedRange[] Ranges => Volatile.Read(ref _ranges);

    /// <summary>The chunks that are covered.</summary>
    public int EndChunk => Ranges is [.., var last] ? last.EndChunk : 0;

    /// <summary>Puts a range in the place of those that it covers.</summary>
    public void Put(IndexedRange range)
    {
        IndexedRange[] kept =
            [.. Ranges.TakeWhile(known => known.EndChunk <= range.FirstChunk), range];
        Invariant.Check(kept.Length == 1 || kept[^2].EndChunk == range.FirstChunk);
        Volatile.Write(ref _ranges, kept);
    }

    /// <summary>Puts other ranges of the same chunks in the place of all.</summary>
    public void Change(Func<IndexedRange, IndexedRange> change) =>
        Volatile.Write(ref _ranges, Array.ConvertAll(Ranges, range => change(range)));

    /// <summary>Forgets everything.</summary>
    public void Clear() => Volatile.Write(ref _ranges, []);
}
