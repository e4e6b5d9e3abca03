using System.Collections.Concurrent;

namespace NeuroDb.Storage;

/// <summary>
/// The indexes over the rows of one owner that somebody asked for, by the numbers of the indexes.
/// </summary>
internal sealed class IndexSet<T>(Func<IndexKeys, T> make)
    where T : class
{
    private readonly ConcurrentDictionary<int, T> _indexes = new();

    /// <summary>The indexes so far.</summary>
    public IEnumerable<T> All => _indexes.Values;

    /// <summary>The index of a number.</summary>
    public T Of(LearnedIndex index) => _indexes.TryGetValue(index.Id, out T? known)
        ? known
        : _indexes.GetOrAdd(index.Id, make(index.Keys));
}
