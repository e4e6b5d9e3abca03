using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="LearnedSearch"/> of many keys, device form: a thread takes a key and goes down the
/// directory by itself. A place that its window does not enclose is sought in the whole array.
/// </summary>
/// <remarks>
/// Shapes: queries (m), places (m), keys (n), entries and level starts as the directory has them,
/// lines as the model has them.
/// </remarks>
internal static class LearnedSearchKernel
{
    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<ulong> queries,
        ArrayView<int> places,
        ArrayView<ulong> keys,
        ArrayView<ulong> entries,
        ArrayView<LinePiece> lines,
        ArrayView<int> levelStarts,
        LearnedSearchShape shape)
    {
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        for (int i = thread; i < shape.QueryCount; i += Grid.DimX * Group.DimX)
        {
            ulong key = queries[i];
            int low = 0;
            int high = shape.KeyCount;
            if (shape.LevelCount > 0)
            {
                int line = LineOf(entries, levelStarts, shape, key);
                int place = PlaceAt(entries, levelStarts[0], lines, line, key);
                int from = place - shape.ErrorBound - 1;
                int end = place + shape.ErrorBound + 1;
                from = from < 0 ? 0 : from;
                end = end > shape.KeyCount ? shape.KeyCount : end;
                low = from == 0 || keys[from - 1] < key ? from : 0;
                high = end == shape.KeyCount || keys[end] >= key ? end : shape.KeyCount;
            }

            places[i] = LowerBound(keys, low, high, key);
        }
    }

    private static int LineOf(
        ArrayView<ulong> entries,
        ArrayView<int> levelStarts,
        LearnedSearchShape shape,
        ulong key)
    {
        ulong bound = key == ulong.MaxValue ? key : key + 1;
        int level = shape.LevelCount - 1;
        int at = LastBelow(entries, levelStarts[level], shape.TopKeyCount, bound);
        while (level > 0)
        {
            level--;
            int node = at * LineDirectory.NodeKeyCount;
            at = node + LastBelow(
                entries, levelStarts[level] + node, LineDirectory.NodeKeyCount, bound);
        }

        return at;
    }

    // The last of some keys that is below a bound, or 0.
    private static int LastBelow(ArrayView<ulong> keys, int start, int count, ulong bound)
    {
        int last = 0;
        for (int i = 1; i < count; i++)
        {
            last += keys[start + i] < bound ? 1 : 0;
        }

        return last;
    }

    private static int PlaceAt(
        ArrayView<ulong> entries, int start, ArrayView<LinePiece> lines, int at, ulong key)
    {
        LinePiece line = lines[at];
        ulong first = entries[start + at];
        double distance = key > first ? key - first : 0;
        double place = line.Place + (distance * line.Slope);
        int end = lines[at + 1].Place;
        return place < end ? (int)place : end;
    }

    private static int LowerBound(ArrayView<ulong> keys, int low, int high, ulong key)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
