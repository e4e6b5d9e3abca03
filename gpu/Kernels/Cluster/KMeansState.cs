namespace NeuroDb.Gpu;

/// <summary>
/// The rows that a <see cref="KMeans"/> is trained on and where each belongs. One thread owns it
/// and shares the work of a round among the workers.
/// </summary>
internal sealed class KMeansState
{
    private const int BalanceRoundsMax = 12;
    private const int SplitRounds = 4;

    private readonly IWorkers _workers;
    private readonly float[] _rows;
    private readonly SeededRandomSource _random;
    private readonly CancellationToken _cancellation;
    private readonly int[] _assignment;
    private readonly float[] _distances;
    private readonly ByteVectors? _rounded;

    /// <summary>Begins with finite rows (count, dimension), not copied.</summary>
    public KMeansState(
        IWorkers workers,
        float[] rows,
        int dimension,
        KMeansOptions options,
        SeededRandomSource random,
        CancellationToken cancellation)
    {
        _workers = workers;
        _rows = rows;
        _random = random;
        _cancellation = cancellation;
        Dimension = dimension;
        Options = options;
        RowCount = rows.Length / dimension;
        _assignment = new int[RowCount];
        _distances = new float[RowCount];
        if (options.IsRounded && ByteCentroids.IsFast && RowCount > 0)
        {
            _rounded = Round();
        }
    }

    /// <summary>How many rows.</summary>
    public int RowCount { get; }

    /// <summary>Their dimension.</summary>
    public int Dimension { get; }

    /// <summary>What was asked for.</summary>
    public KMeansOptions Options { get; }

    /// <summary>Draws rows as the first centroids.</summary>
    public float[] DrawStart(int clusters)
    {
        var start = new float[clusters * Dimension];
        if (Options.Start == ClusterStart.PlusPlus)
        {
            DrawPlusPlus(start, clusters);
            return start;
        }

        for (int i = 0; i < clusters; i++)
        {
            int begin = (int)((long)i * RowCount / clusters);
            int end = (int)((i + 1L) * RowCount / clusters);
            Row(begin + Below(end - begin)).CopyTo(start.AsSpan(i * Dimension));
        }

        return start;
    }

    /// <summary>Moves centroids for some rounds, or until no row changes its cluster.</summary>
    public CentroidSet Iterate(float[] centroids, int rounds)
    {
        int clusters = centroids.Length / Dimension;
        var previous = new int[RowCount];
        for (int round = 0; round < rounds; round++)
        {
            int[][] members = Members(new CentroidSet(centroids, Dimension));
            bool isSettled = round > 0 && _assignment.AsSpan().SequenceEqual(previous);
            _assignment.CopyTo(previous, 0);
            if (isSettled)
            {
                break;
            }

            _workers.ForEach(clusters, i => Move(centroids, i, members[i]));
            Restart(centroids, members);
        }

        return new CentroidSet(centroids, Dimension);
    }

    /// <summary>
    /// Splits clusters that are too large in two, each at the cost of a small one, whose rows go
    /// to their second nearest centroid; then moves all once.
    /// </summary>
    public CentroidSet Balance(CentroidSet set)
    {
        float[] centroids = set.Vectors;
        for (int round = 0; round < BalanceRoundsMax; round++)
        {
            int[][] members = Members(set);
            if (!Split(centroids, members))
            {
                break;
            }

            members = Members(new CentroidSet(centroids, Dimension));
            _workers.ForEach(members.Length, i => Move(centroids, i, members[i]));
            set = new CentroidSet(centroids, Dimension);
        }

        return set;
    }

    /// <summary>The rows that are nearest to each centroid, in ascending order.</summary>
    public int[][] Members(CentroidSet centroids)
    {
        if (_rounded is null)
        {
            NearestCentroid.Find(
                _workers, _rows, Dimension, centroids, _assignment, _distances, _cancellation);
        }
        else
        {
            new ByteCentroids(centroids, _rounded.Origin).Find(
                _workers, _rounded, _assignment, _distances, _cancellation);
        }

        var sizes = new int[centroids.Count];
        foreach (int cluster in _assignment)
        {
            sizes[cluster]++;
        }

        int[][] members = [.. sizes.Select(size => new int[size])];
        Array.Clear(sizes);
        for (int row = 0; row < RowCount; row++)
        {
            int cluster = _assignment[row];
            members[cluster][sizes[cluster]++] = row;
        }

        return members;
    }

    /// <summary>The same for some of the rows only.</summary>
    public KMeansState Part(int[] rows)
    {
        var part = new float[rows.Length * Dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(part.AsSpan(i * Dimension));
        }

        return new KMeansState(_workers, part, Dimension, Options, _random, _cancellation);
    }

    private ByteVectors Round()
    {
        var rounded = new ByteVectors(RowCount, VectorSum.Mean(_rows, Dimension));
        rounded.Set(0, _rows);
        return rounded;
    }

    private void Move(float[] centroids, int cluster, int[] members)
    {
        if (members.Length > 0)
        {
            var sums = new double[Dimension];
            for (int i = 0; i < members.Length; i++)
            {
                if (i + 1 < members.Length)
                {
                    ReadAhead.Row(Row(members[i + 1]));
                }

                VectorSum.Add(sums, Row(members[i]));
            }

            VectorSum.Average(
                sums, members.Length, centroids.AsSpan(cluster * Dimension, Dimension));
        }
    }

    private bool Split(float[] centroids, int[][] members)
    {
        double mean = (double)RowCount / members.Length;
        int[] bySize =
        [
            .. Enumerable.Range(0, members.Length)
                .OrderByDescending(i => members[i].Length)
                .ThenBy(i => i),
        ];
        int count = 0;
        while (count < bySize.Length / 2
            && members[bySize[count]].Length > Options.SizeRatioMax * mean
            && members[bySize[^(count + 1)]].Length < mean)
        {
            KMeansState part = Part(members[bySize[count]]);
            float[] halves = part.Iterate(part.DrawStart(2), SplitRounds).Vectors;
            halves.AsSpan(0, Dimension).CopyTo(centroids.AsSpan(bySize[count] * Dimension));
            int small = bySize[^(count + 1)];
            halves.AsSpan(Dimension).CopyTo(centroids.AsSpan(small * Dimension));
            count++;
        }

        return count > 0;
    }

    private void Restart(float[] centroids, int[][] members)
    {
        int[] empty =
            [.. Enumerable.Range(0, members.Length).Where(i => members[i].Length == 0)];
        if (empty.Length > 0)
        {
            int[] farthest =
            [
                .. Enumerable.Range(0, RowCount)
                    .OrderByDescending(row => _distances[row])
                    .ThenBy(row => row)
                    .Take(empty.Length),
            ];
            for (int i = 0; i < farthest.Length; i++)
            {
                Row(farthest[i]).CopyTo(centroids.AsSpan(empty[i] * Dimension));
            }
        }
    }

    private void DrawPlusPlus(float[] start, int clusters)
    {
        _distances.AsSpan().Fill(float.PositiveInfinity);
        int drawn = Below(RowCount);
        for (int i = 0; i < clusters; i++)
        {
            float[] centroid = Row(drawn).ToArray();
            centroid.CopyTo(start, i * Dimension);
            int pieces = (RowCount + NearestCentroid.ChunkRows - 1) / NearestCentroid.ChunkRows;
            _workers.ForEach(pieces, piece => Approach(centroid, piece));
            drawn = DrawByDistance();
        }
    }

    private void Approach(float[] centroid, int piece)
    {
        int begin = piece * NearestCentroid.ChunkRows;
        int end = Math.Min(RowCount, begin + NearestCentroid.ChunkRows);
        for (int row = begin; row < end; row++)
        {
            float distance = SquaredEuclidean.Compute(Row(row), centroid);
            _distances[row] = Math.Min(_distances[row], distance);
        }
    }

    private int DrawByDistance()
    {
        double total = _distances.Sum(distance => (double)distance);
        double target = total * ((_random.NextUInt64() >> 11) * Math.ScaleB(1, -53));
        double sum = 0;
        for (int row = 0; row < RowCount; row++)
        {
            sum += _distances[row];
            if (sum > target)
            {
                return row;
            }
        }

        return Below(RowCount);
    }

    private int Below(int bound) => (int)(_random.NextUInt64() % (ulong)bound);

    private ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * Dimension, Dimension);
}
