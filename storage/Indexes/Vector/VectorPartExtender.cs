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
    private const int SampleRowsPerList = 64;
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
        int[] homeless =
        [
            .. kept.Except(lasting.Select(i => kept[i]))
                .SelectMany(static list => list.Select(static slot => slot.Ordinal))
                .Concat(listed)
                .Order(),
        ];
        CentroidSet centroids = Pick(lasting);
        VectorAssignment added = _encoder.Assign(homeless, centroids);
        long stayed = keptCount + listed.Length - homeless.Length;
        _squaredSum = added.SquaredSum + ((double)_known.Radius * _known.Radius * stayed);
        Plan[] plans =
        [
            .. lasting.Select((list, i) => new Plan(
                list,
                centroids.Centroid(i).ToArray(),
                [.. kept[list].Concat(SlotsOf(added, i)).OrderBy(static slot => slot.Ordinal)],
                added)),
        ];
        long gone = _known.RowCount + _known.Unlisted.Length - (_rowCount - others.Length);
        return Encode(
            wanted > 1 && _options.ListCount == 0 ? SplitLarge(plans, wanted, mean) : plans,
            [.. Unlisted().Concat(unlisted).Order()],
            gone + homeless.Length + unlisted.Length);
    }

    /// <summary>
    /// Divides lists that have grown too large: the largest, until there are as many as so many
    /// rows get, and those that k-means would not have left. Rows that are as they were stay in
    /// their lists, for which the dial was found.
    /// </summary>
    private Plan[] SplitLarge(Plan[] plans, int wanted, double mean)
    {
        var divided = new List<Plan>();
        int count = plans.Length;
        foreach (Plan plan in plans.OrderByDescending(static plan => plan.Slots.Length))
        {
            double sizeMax = (count < wanted ? SplitRatio : LargeRatio) * mean;
            bool isGrown = plan.Slots.Length > _known.List(plan.List).Count;
            Plan[] pieces = isGrown && plan.Slots.Length > sizeMax
                ? [.. Split(plan, mean)]
                : [plan];
            divided.AddRange(pieces);
            count += pieces.Length - 1;
        }

        return [.. divided];
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

    /// <summary>Divides a list that is too large among the centroids of its own rows.</summary>
    private IEnumerable<Plan> Split(Plan plan, double mean)
    {
        int[] rows = [.. plan.Slots.Select(static slot => slot.Ordinal)];
        int parts = Math.Max(2, (int)Math.Round(rows.Length / mean));
        int sampled = (int)Math.Min(rows.Length, (long)parts * SampleRowsPerList);
        int[] sample =
            [.. Enumerable.Range(0, sampled).Select(i => rows[(long)i * rows.Length / sampled])];
        var options = new KMeansOptions(parts, _options.Seed)
        {
            IterationsMax = SplitIterations,
            SampleRowsPerCluster = int.MaxValue,
            IsRounded = true,
        };
        int padded = _encoder.Rotation.PaddedDimension;
        CentroidSet centroids = KMeans.Train(
            _workers, _encoder.TakeRotated(sample), padded, options, _cancellation);
        VectorAssignment divided = _encoder.Assign(rows, centroids);
        int[] filled =
        [
            .. Enumerable.Range(0, centroids.Count)
                .Where(i => divided.Members[i].Length > 0),
        ];
        if (filled.Length < 2)
        {
            return [plan];
        }

        _squaredSum += divided.SquaredSum - ((double)_known.Radius * _known.Radius * rows.Length);
        return filled.Select(i => new Plan(
            Gone,
            centroids.Centroid(i).ToArray(),
            [.. SlotsOf(divided, i)],
            divided));
    }

    /// <summary>The rows of a list that get codes there.</summary>
    private static IEnumerable<Slot> SlotsOf(VectorAssignment assigned, int list) =>
        assigned.Members[list].Select(place => new Slot(assigned.Rows[place], ~place));

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
            UncheckedRowCount = _known.UncheckedRowCount + changed
                + plans.Where(static plan => plan.List == Gone)
                    .Sum(static plan => (long)plan.Slots.Length),
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
