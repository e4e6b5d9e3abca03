using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Makes the part of rows of which many are in another part already: these keep their lists and
/// their codes, the others go into the lists whose centroids are nearest. Lists that have become
/// too large are split, and the rows of those that have become too small go to others (Xu et al.,
/// SPFresh: Incremental In-Place Update for Billion-Scale Vector Search, SOSP 2023, section 4).
/// </summary>
/// <remarks>
/// The result depends on both parts, options and machine, not on the number of threads. The dial
/// is that of the known part.
/// </remarks>
internal sealed class VectorPartExtender
{
    private const double SplitRatio = 1.7;

    // As k-means leaves them at most.
    private const double LargeRatio = 4;
    private const double DissolveRatio = 0.125;
    private const int SampleRowsPerList = 16;
    private const int SplitIterations = 4;
    private const int CheckedRows = 8;
    private const int Gone = -1;

    private readonly IWorkers _workers;
    private readonly VectorPart _known;
    private readonly int[]? _places;
    private readonly int _rowCount;
    private readonly VectorIndexOptions _options;
    private readonly VectorEncoder _encoder;
    private readonly CancellationToken _cancellation;
    private double _squaredSum;

    private VectorPartExtender(
        IWorkers workers, VectorPart known, int[]? places, VectorRows rows,
        VectorIndexOptions options, CancellationToken cancellation)
    {
        _workers = workers;
        _known = known;
        _places = places;
        _rowCount = rows.Count;
        _options = options;
        _encoder = new VectorEncoder(workers, rows, options, cancellation)
        {
            Origin = known.Origin,
        };
        _cancellation = cancellation;
    }

    /// <summary>Makes the part; null if it is better made from nothing.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="known">The part that knows many of the rows.</param>
    /// <param name="places">
    /// For each of its ordinals, the one of the same row now, ascending, or -1; null if each is the
    /// same.
    /// </param>
    /// <param name="rows">The rows now.</param>
    /// <param name="options">What the index was asked to be.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static VectorPart? TryExtend(
        IWorkers workers, VectorPart known, int[]? places, VectorRows rows,
        VectorIndexOptions options, CancellationToken cancellation) =>
        new VectorPartExtender(workers, known, places, rows, options, cancellation).TryExtend();

    private VectorPart? TryExtend()
    {
        List<Slot>[] kept = Keep(out bool[] isCovered);
        long keptCount = kept.Sum(static list => (long)list.Count);
        int wanted = _options.ListCount > 0
            ? _options.ListCount
            : VectorPartBuilder.ListCountOf(_rowCount);
        if (keptCount == 0 || (_known.ListCount == 1) != (wanted == 1) || !IsTrue(kept))
        {
            return null;
        }

        double mean = (double)_rowCount / wanted;
        int[] lasting = Lasting(kept, mean * DissolveRatio);
        int[] others = [.. Enumerable.Range(0, _rowCount).Where(row => !isCovered[row])];
        (int[] listed, int[] unlisted) = _encoder.Divide(others);
        CentroidSet fresh = wanted > 1 && _options.ListCount == 0
            ? Divide(kept, Homeless(kept, lasting, listed), wanted, mean, ref lasting)
            : new CentroidSet([], _encoder.Rotation.PaddedDimension);
        int[] homeless = Homeless(kept, lasting, listed);
        CentroidSet centroids = Join(Pick(lasting), fresh);
        VectorAssignment added = _encoder.Assign(homeless, centroids);
        long stayed = keptCount + listed.Length - homeless.Length;
        _squaredSum = added.SquaredSum + ((double)_known.Radius * _known.Radius * stayed);
        var plans = new List<Plan>();
        for (int i = 0; i < centroids.Count; i++)
        {
            bool isKept = i < lasting.Length;
            if (isKept || added.Members[i].Length > 0)
            {
                plans.Add(new Plan(
                    isKept ? lasting[i] : Gone,
                    centroids.Centroid(i).ToArray(),
                    isKept ? Together(kept[lasting[i]], SlotsOf(added, i)) : SlotsOf(added, i),
                    added));
            }
        }

        long gone = _known.RowCount + _known.Unlisted.Length - (_rowCount - others.Length);
        return Encode(
            [.. plans],
            Ascending(Unlisted().Concat(unlisted)),
            gone + homeless.Length + unlisted.Length);
    }

    /// <summary>
    /// Divides lists that grow too large among centroids of their own: the largest, until there are
    /// as many as so many rows get, and those that k-means would not leave. How they grow, a sample
    /// of the rows without a list tells. Rows that are as they were stay in their lists, for which
    /// the dial was found.
    /// </summary>
    /// <param name="kept">What is left of each list.</param>
    /// <param name="homeless">The rows without a list, ascending.</param>
    /// <param name="wanted">How many lists so many rows get.</param>
    /// <param name="mean">The mean size of these.</param>
    /// <param name="lasting">The lists that stay; those that are divided are taken out.</param>
    private CentroidSet Divide(
        List<Slot>[] kept, int[] homeless, int wanted, double mean, ref int[] lasting)
    {
        int sampled = (int)Math.Min(homeless.Length, (long)SampleRowsPerList * wanted);
        int[] sample = Spread(homeless, sampled);
        VectorAssignment assigned = _encoder.Assign(sample, Pick(lasting));
        double weight = (double)homeless.Length / Math.Max(1, sampled);
        var sizes = new double[lasting.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = kept[lasting[i]].Count + (weight * assigned.Members[i].Length);
        }

        int count = lasting.Length;
        var divided = new HashSet<int>();
        var fresh = new List<float>();
        foreach (int i in Enumerable.Range(0, sizes.Length).OrderByDescending(i => sizes[i]))
        {
            int[] grown = assigned.RowsOf(i);
            if (grown.Length == 0
                || sizes[i] <= (count < wanted ? SplitRatio : LargeRatio) * mean)
            {
                continue;
            }

            int parts = Math.Max(2, (int)Math.Round(sizes[i] / mean));
            int others = (int)(kept[lasting[i]].Count / weight);
            CentroidSet centroids = Train(
                [.. grown, .. Spread([.. Ordinals(kept[lasting[i]])], others)], parts);
            fresh.AddRange(centroids.Vectors);
            divided.Add(lasting[i]);
            count += parts - 1;
        }

        lasting = [.. lasting.Where(list => !divided.Contains(list))];
        return new CentroidSet([.. fresh], _encoder.Rotation.PaddedDimension);
    }

    private CentroidSet Train(int[] sample, int count) => KMeans.Train(
        _workers,
        _encoder.TakeRotated(sample),
        _encoder.Rotation.PaddedDimension,
        new KMeansOptions(count, _options.Seed)
        {
            IterationsMax = SplitIterations,
            SampleRowsPerCluster = int.MaxValue,
            IsRounded = true,
        },
        _cancellation);

    /// <summary>So many of some rows, one from each of even stretches.</summary>
    private static int[] Spread(int[] rows, int count) =>
        [.. Enumerable.Range(0, count).Select(i => rows[(long)i * rows.Length / count])];

    private static CentroidSet Join(CentroidSet one, CentroidSet other) =>
        new([.. one.Vectors, .. other.Vectors], one.Dimension);

    private static IEnumerable<int> Ordinals(List<Slot> slots) =>
        slots.Select(static slot => slot.Ordinal);

    /// <summary>Rows of lists that do not stay, and others.</summary>
    private static int[] Homeless(List<Slot>[] kept, int[] lasting, int[] others) => Ascending(
        kept.Except(lasting.Select(i => kept[i])).SelectMany(Ordinals).Concat(others));

    private static int[] Ascending(IEnumerable<int> rows)
    {
        int[] ordered = [.. rows];
        Array.Sort(ordered);
        return ordered;
    }

    /// <summary>What is left of each list, and which rows are known.</summary>
    private List<Slot>[] Keep(out bool[] isCovered)
    {
        var kept = new List<Slot>[_known.ListCount];
        isCovered = new bool[_rowCount];
        for (int i = 0; i < kept.Length; i++)
        {
            int[] ordinals = _known.List(i).Ordinals;
            kept[i] = new List<Slot>(ordinals.Length);
            for (int slot = 0; slot < ordinals.Length; slot++)
            {
                int place = PlaceOf(ordinals[slot]);
                if (place != Gone)
                {
                    kept[i].Add(new Slot(place, slot));
                    isCovered[place] = true;
                }
            }
        }

        foreach (int place in Unlisted())
        {
            isCovered[place] = true;
        }

        return kept;
    }

    private IEnumerable<int> Unlisted() =>
        _known.Unlisted.Select(PlaceOf).Where(static place => place != Gone);

    private int PlaceOf(int ordinal) => _places is null ? ordinal : _places[ordinal];

    /// <summary>
    /// Whether codes are those of the rows: some are made again. They are, as long as rows of one
    /// number are the same; an index never answers by codes of which that is not sure.
    /// </summary>
    private bool IsTrue(List<Slot>[] kept)
    {
        int step = Math.Max(1, kept.Length / CheckedRows);
        byte[] block = new byte[_encoder.BlockSizeBytes];
        byte[] again = new byte[_encoder.BlockSizeBytes];
        for (int i = 0; i < kept.Length; i += step)
        {
            if (kept[i].Count > 0)
            {
                Slot slot = kept[i][kept[i].Count / 2];
                _encoder.Copy(_known.List(i).Blocks.Span, slot.From, block, 0);
                _encoder.Encode([slot.Ordinal], _known.Centroids.Centroid(i), again, 0);
                if (!block.AsSpan().SequenceEqual(again))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// The lists that stay: those that are large enough or have lost nothing; at least one.
    /// </summary>
    private int[] Lasting(List<Slot>[] kept, double sizeMin)
    {
        int largest = 0;
        for (int i = 1; i < kept.Length; i++)
        {
            largest = kept[i].Count > kept[largest].Count ? i : largest;
        }

        return [.. Enumerable.Range(0, kept.Length).Where(
            i => i == largest || kept[i].Count >= sizeMin
                || kept[i].Count == _known.List(i).Count)];
    }

    private CentroidSet Pick(int[] lists)
    {
        int dimension = _known.Centroids.Dimension;
        var picked = new float[lists.Length * dimension];
        for (int i = 0; i < lists.Length; i++)
        {
            _known.Centroids.Centroid(lists[i]).CopyTo(picked.AsSpan(i * dimension));
        }

        return new CentroidSet(picked, dimension);
    }

    /// <summary>The rows of a list that get codes there.</summary>
    private static Slot[] SlotsOf(VectorAssignment assigned, int list) => Array.ConvertAll(
        assigned.Members[list], place => new Slot(assigned.Rows[place], ~place));

    /// <summary>Both, in the order of the rows.</summary>
    private static Slot[] Together(List<Slot> kept, Slot[] added)
    {
        var all = new Slot[kept.Count + added.Length];
        int next = 0;
        int place = 0;
        foreach (Slot slot in kept)
        {
            while (next < added.Length && added[next].Ordinal < slot.Ordinal)
            {
                all[place++] = added[next++];
            }

            all[place++] = slot;
        }

        added.AsSpan(next).CopyTo(all.AsSpan(place));
        return all;
    }

    private VectorPart Encode(Plan[] plans, int[] unlisted, long changed)
    {
        Memory<byte>[] blocks = _encoder.Allocate(
            [.. plans.Select(static plan => plan.Slots.Length)]);
        var lists = new VectorList[plans.Length];
        _workers.ForEach(lists.Length, i =>
        {
            Fill(plans[i], blocks[i].Span);
            lists[i] = new VectorList(
                blocks[i], [.. plans[i].Slots.Select(static slot => slot.Ordinal)]);
        });
        int padded = _encoder.Rotation.PaddedDimension;
        var centroids = new float[plans.Length * padded];
        for (int i = 0; i < plans.Length; i++)
        {
            plans[i].Centroid.CopyTo(centroids.AsSpan(i * padded));
        }

        long rows = plans.Sum(static plan => (long)plan.Slots.Length);
        return new VectorPart(
            _options.Metric, _encoder.Rotation, new CentroidSet(centroids, padded),
            new VectorLists(lists), unlisted)
        {
            Origin = _known.Origin,
            Radius = (float)Math.Sqrt(Math.Max(0, _squaredSum) / Math.Max(1, rows)),
            Dial = _known.Dial,
            TargetRecall = _known.TargetRecall,
            MeasuredRecall = _known.MeasuredRecall,
            CalibratedRowCount = _known.CalibratedRowCount,
            UncheckedRowCount = _known.UncheckedRowCount + changed,
        };
    }

    /// <summary>Copies the codes that are known, and makes the others.</summary>
    private void Fill(Plan plan, Span<byte> blocks)
    {
        Slot[] slots = plan.Slots;
        ReadOnlySpan<byte> known = plan.List == Gone ? [] : _known.List(plan.List).Blocks.Span;
        int next = 0;
        while (next < slots.Length && slots[next].From == next)
        {
            next++;
        }

        if (next > 0)
        {
            _encoder.CopyFirst(known, next, blocks);
        }

        for (; next < slots.Length; next++)
        {
            int from = slots[next].From;
            if (from >= 0)
            {
                _encoder.Copy(known, from, blocks, next);
            }
            else
            {
                _encoder.Put(plan.Added.CodeOf(~from), plan.Added.Factors[~from], blocks, next);
            }
        }
    }

    /// <summary>A row of a list.</summary>
    /// <param name="Ordinal">The row.</param>
    /// <param name="From">
    /// Its slot in the known part; the complement of its place among those that got a code.
    /// </param>
    private readonly record struct Slot(int Ordinal, int From);

    /// <summary>A list as it will be.</summary>
    /// <param name="List">The list of the known part whose codes it keeps; -1 if none.</param>
    /// <param name="Centroid">Its centroid, turned.</param>
    /// <param name="Slots">Its rows, ascending.</param>
    /// <param name="Added">The codes of those that get one.</param>
    private sealed record Plan(
        int List, float[] Centroid, Slot[] Slots, VectorAssignment Added);
}
