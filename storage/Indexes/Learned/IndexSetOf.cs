namespace NeuroDb.Storage;

/// <summary>
/// The indexes over the rows of one owner that somebody asked for, by the numbers of the indexes.
/// They are few, and looked at in turn; a new one comes by copy and swap.
/// </summary>
internal sealed class IndexSet<T>(Func<LearnedIndex, T> make)
    where T : class
{
    private (int Id, T Index)[] _indexes = [];

    /// <summary>The indexes so far, by their numbers.</summary>
    public ReadOnlySpan<(int Id, T Index)> All => Volatile.Read(ref _indexes);

    /// <summary>Whether somebody asked for an index.</summary>
    public bool Has(int id)
    {
        foreach ((int known, _) in Volatile.Read(ref _indexes))
        {
            if (known == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The index of a number.</summary>
    public T Of(LearnedIndex index)
    {
        T? made = null;
        while (true)
        {
            (int Id, T Index)[] known = Volatile.Read(ref _indexes);
            foreach ((int id, T one) in known)
            {
                if (id == index.Id)
                {
                    return one;
                }
            }

            made ??= make(index);
            _ = Interlocked.CompareExchange(ref _indexes, [.. known, (index.Id, made)], known);
        }
    }
}
