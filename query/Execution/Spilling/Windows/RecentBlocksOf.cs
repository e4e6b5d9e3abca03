namespace NeuroDb.Query;

/// <summary>What was made of the few blocks that were asked for last.</summary>
internal sealed class RecentBlocks<T>
    where T : class
{
    // The block at hand, and those of both ends of up to three pieces of a frame.
    private const int KeptCount = 8;

    private readonly (int Block, T Item)[] _kept = new (int Block, T Item)[KeptCount];
    private int _count;

    /// <summary>What belongs to a block, made if it is not among the last ones.</summary>
    public T Get(int block, Func<int, T> make)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_kept[i].Block == block)
            {
                (int, T Item) found = _kept[i];
                _kept.AsSpan(0, i).CopyTo(_kept.AsSpan(1));
                _kept[0] = found;
                return found.Item;
            }
        }

        T made = make(block);
        _count = Math.Min(KeptCount, _count + 1);
        _kept.AsSpan(0, _count - 1).CopyTo(_kept.AsSpan(1));
        _kept[0] = (block, made);
        return made;
    }
}
