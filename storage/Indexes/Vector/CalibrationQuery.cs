namespace NeuroDb.Storage;

/// <summary>A vector that calibration asks for.</summary>
/// <param name="Row">The row that it is, which no answer holds; -1 if it is none.</param>
/// <param name="Vector">Its elements.</param>
/// <param name="Kind">What it is made like, of several kinds that are unlike the rows.</param>
internal readonly record struct CalibrationQuery(int Row, float[] Vector, int Kind = 0)
{
    private const int KeptShare = 8;

    // Kinds beside those that are made of rows, which count from 0 on.
    private const int Older = -1;
    private const int Newest = -2;
    private const int Elsewhere = -3;
    private const int NewestShare = 4;
    private const float CentralShare = 0.05f;

    /// <summary>Rows of a part, one from each of so many even stretches of its lists.</summary>
    public static CalibrationQuery[] DrawRows(
        VectorPart part, VectorRows rows, int count, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x5DEECE66D);
        int drawn = (int)Math.Min(count, part.RowCount);
        var queries = new CalibrationQuery[drawn];
        long before = 0;
        int list = -1;
        int[] ordinals = [];
        for (int i = 0; i < drawn; i++)
        {
            long begin = i * part.RowCount / drawn;
            long end = (i + 1) * part.RowCount / drawn;
            long place = begin + (long)(random.NextUInt64() % (ulong)(end - begin));
            while (place >= before + ordinals.Length)
            {
                before += ordinals.Length;
                ordinals = part.List(++list).Ordinals;
            }

            int row = ordinals[place - before];
            queries[i] = new CalibrationQuery(row, rows.ToArray(row));
        }

        return queries;
    }

    /// <summary>
    /// Directions at random, unlike the rows. Sums of even numbers stand for normal ones.
    /// </summary>
    public static CalibrationQuery[] DrawDirections(int dimension, int count, ulong seed)
    {
        const int Summands = 4;
        var random = new SeededRandomSource(seed ^ 0xD1B54A32D192ED03);
        var queries = new CalibrationQuery[count];
        for (int i = 0; i < count; i++)
        {
            var direction = new float[dimension];
            for (int j = 0; j < dimension; j++)
            {
                for (int summand = 0; summand < Summands; summand++)
                {
                    direction[j] += (random.NextUInt64() >> 40) - (float)(1 << 23);
                }
            }

            queries[i] = new CalibrationQuery(-1, direction);
        }

        return queries;
    }

    /// <summary>
    /// The newest quarter of queries that are rows as a kind of their own, and so what is no row.
    /// </summary>
    public static IEnumerable<CalibrationQuery> OldAndNew(CalibrationQuery[] queries)
    {
        int[] rows = [.. queries.Select(static query => query.Row).Where(static row => row >= 0)
            .Order()];
        int newest = rows[rows.Length - (rows.Length / NewestShare) - 1];
        return queries.Select(query => query with
        {
            Kind = query.Row < 0 ? Elsewhere : query.Row > newest ? Newest : Older,
        });
    }

    /// <summary>
    /// So many queries of each kind that is made of rows and unlike them: a row with few of its
    /// elements, its largest element alone; and where rows are not of bits, the middle of two rows,
    /// one near the mean of all, the opposite of one, one of its length along some axis.
    /// </summary>
    public static CalibrationQuery[] DrawUnlike(
        VectorPart part, VectorRows rows, int count, ulong seed)
    {
        CalibrationQuery[] drawn = DrawRows(part, rows, 2 * count, seed ^ 0x9E3779B97F4A7C15);
        return MakeUnlike(
            part.Metric, Array.ConvertAll(drawn, static query => query.Vector), seed);
    }

    /// <summary>The same of rows, two for a query of each kind.</summary>
    public static CalibrationQuery[] MakeUnlike(Gpu.Metric metric, float[][] drawn, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0xBF58476D1CE4E5B9);
        var queries = new List<CalibrationQuery>();
        float[] mean = drawn.Length == 0 ? [] : new float[drawn[0].Length];
        foreach (float[] row in drawn)
        {
            Add(mean, row, 1f / drawn.Length);
        }

        for (int i = 0; i < drawn.Length / 2; i++)
        {
            float[] row = drawn[i];
            float[] other = drawn[i + (drawn.Length / 2)];
            float[][] made = metric == Gpu.Metric.Hamming
                ? [Sparse(row, random), LargestOf(row)]
                : [Sparse(row, random), LargestOf(row), Mix(row, other, 0.5f),
                    Mix(mean, row, CentralShare), OppositeOf(row), AxisOf(row, random)];
            for (int kind = 0; kind < made.Length; kind++)
            {
                bool isOrdinary = metric != Gpu.Metric.Cosine
                    || Gpu.Norm.ComputeSquared(made[kind]) >= UnitVector.SquaredNormMin;
                queries.Add(new CalibrationQuery(-1, isOrdinary ? made[kind] : row, kind));
            }
        }

        return [.. queries];
    }

    /// <summary>(1 - share) of one and that share of another.</summary>
    private static float[] Mix(float[] one, float[] other, float share)
    {
        var mixed = new float[one.Length];
        Add(mixed, one, 1 - share);
        Add(mixed, other, share);
        return mixed;
    }

    private static float[] OppositeOf(float[] row) =>
        Array.ConvertAll(row, static element => -element);

    private static float[] Sparse(float[] row, SeededRandomSource random) => Array.ConvertAll(
        row, element => random.NextUInt64() % KeptShare == 0 ? element : 0);

    private static float[] LargestOf(float[] row)
    {
        int largest = 0;
        for (int i = 1; i < row.Length; i++)
        {
            largest = MathF.Abs(row[i]) > MathF.Abs(row[largest]) ? i : largest;
        }

        var alone = new float[row.Length];
        alone[largest] = row[largest];
        return alone;
    }

    private static float[] AxisOf(float[] row, SeededRandomSource random)
    {
        var axis = new float[row.Length];
        axis[random.NextUInt64() % (ulong)row.Length] =
            MathF.Sqrt(Gpu.Norm.ComputeSquared(row));
        return axis;
    }

    private static void Add(float[] sum, float[] vector, float weight)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * vector[i];
        }
    }
}
