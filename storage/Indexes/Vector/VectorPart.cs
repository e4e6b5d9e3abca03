using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The index of the vectors of one segment: inverted lists around centroids, whose rows are kept as
/// codes of one bit a dimension with error bounds. Immutable; it can always be made again from the
/// rows. A part of few rows has one list.
/// </summary>
/// <remarks>
/// Codes are taken of the rotated vectors without the origin (see <see cref="ResidualCode"/>);
/// under cosine, of vectors of length 1, whose squared distance is twice the cosine distance; of
/// bits, of the vectors of 0 and 1, whose squared distance is that of Hamming. Every row with a
/// vector is in one list, or among the unlisted: those too large for single precision, which are
/// always compared exactly.
/// </remarks>
internal sealed class VectorPart
{
    // Pairs of centroids so many times as far apart as most say nothing about the others.
    private const double FarRatio = 8;

    // Of the distance between two centroids, as a rounding of all their elements.
    private const float RoughShare = 1;

    // Of the spread of rows: centroids are compared in bytes, which tells less apart.
    private const double BlurShare = 0.01;

    private readonly VectorLists _lists;
    private readonly (float Radius, float Scale)[] _shapes;
    private float[]? _homeTerms;

    /// <summary>Takes the pieces, not copied.</summary>
    public VectorPart(
        Metric metric, RandomRotation rotation, CentroidSet centroids, VectorLists lists,
        int[] unlisted)
    {
        Invariant.Check(centroids.Count == lists.Count, "a list for each centroid");
        Metric = metric;
        Rotation = rotation;
        Centroids = centroids;
        Unlisted = unlisted;
        _lists = lists;
        Origin = new float[rotation.PaddedDimension];
        Coarse = new CoarseCentroids(CodeMetric, centroids);
        ListSizes = SizesOf(lists);
        _shapes = [.. Enumerable.Range(0, lists.Count).Select(lists.Get).Select(list =>
            ListBlocks.ShapeOf(rotation.PaddedDimension, list.Blocks.Span, list.Count))];
        Separation = SeparationOf(centroids);
        CentroidLength = LengthOf(centroids);
    }

    private VectorPart(VectorPart other)
    {
        Metric = other.Metric;
        Rotation = other.Rotation;
        Origin = other.Origin;
        Centroids = other.Centroids;
        Unlisted = other.Unlisted;
        _lists = other._lists;
        Coarse = other.Coarse;
        ListSizes = other.ListSizes;
        _shapes = other._shapes;
        Separation = other.Separation;
        CentroidLength = other.CentroidLength;
        Radius = other.Radius;
        Dial = other.Dial;
        TargetRecall = other.TargetRecall;
        MeasuredRecall = other.MeasuredRecall;
        CalibratedRowCount = other.CalibratedRowCount;
        UncheckedRowCount = other.UncheckedRowCount;
    }

    /// <summary>What the index ranks by.</summary>
    public Metric Metric { get; }

    /// <summary>What turns vectors before they are encoded.</summary>
    public RandomRotation Rotation { get; }

    /// <summary>
    /// What is taken from rotated vectors, so that what they have in common costs codes and queries
    /// no precision: about their mean. Not changed.
    /// </summary>
    public float[] Origin { get; init; }

    /// <summary>The centroids of the lists, rotated, without the origin.</summary>
    public CentroidSet Centroids { get; }

    /// <summary>The centroids as a search looks through them.</summary>
    public CoarseCentroids Coarse { get; }

    /// <summary>Rows that have no code and are compared exactly.</summary>
    public int[] Unlisted { get; }

    /// <summary>How many lists.</summary>
    public int ListCount => _lists.Count;

    /// <summary>
    /// The rows of each list, and zeros to the end of a register. Not changed.
    /// </summary>
    public float[] ListSizes { get; }

    /// <summary>How many rows are in lists.</summary>
    public long RowCount => _lists.RowCount;

    /// <summary>
    /// Of each list |c|^2 + 2 dot(c, origin), c its centroid: what the squared distance of its
    /// centroid from q is but for |q - origin|^2 and 2 dot(q, c). Not changed.
    /// </summary>
    public float[] HomeTerms => _homeTerms ??= HomeTermsOf(Centroids, Origin);

    /// <summary>
    /// The mean distance between two centroids, without those far from all others; 0 where there is
    /// one.
    /// </summary>
    public float Separation { get; }

    /// <summary>
    /// Whether signed bytes do not tell most centroids apart, since some lie far from all others.
    /// </summary>
    public bool IsCoarseRough => Coarse.Step * MathF.Sqrt(Centroids.Dimension)
        > RoughShare * Separation;

    /// <summary>The root mean square length of the centroids.</summary>
    public double CentroidLength { get; }

    /// <summary>
    /// The root mean square distance of rows from the centroids of their lists.
    /// </summary>
    public float Radius { get; init; }

    /// <summary>About the mean squared distance of rows from the origin.</summary>
    public double SquaredSpread => (Radius * Radius) + (CentroidLength * CentroidLength);

    /// <summary>How far a search goes.</summary>
    public VectorDial Dial { get; init; } = VectorDial.Full;

    /// <summary>The recall that was asked for.</summary>
    public double TargetRecall { get; init; }

    /// <summary>The recall that calibration measured.</summary>
    public double MeasuredRecall { get; init; } = 1;

    /// <summary>How many rows were in lists when the dial was found; 0 if it was not.</summary>
    public long CalibratedRowCount { get; init; }

    /// <summary>
    /// How many rows came, went or changed their list since the recall was known.
    /// </summary>
    public long UncheckedRowCount { get; init; }

    /// <summary>Bytes in memory if every list is there.</summary>
    public long SizeBytes => _lists.SizeBytes + ((long)Centroids.Vectors.Length * sizeof(float))
        + Coarse.SizeBytes;

    /// <summary>The metric that codes are ranked by.</summary>
    public Metric CodeMetric => VectorIndexOptions.CodeMetricOf(Metric);

    /// <summary>A list.</summary>
    public VectorList List(int index) => _lists.Get(index);

    /// <summary>Where a list lies.</summary>
    public ref readonly ListPlace PlaceOf(int list) => ref _lists.PlaceOf(list);

    /// <summary>
    /// The root mean square distance of the rows of a list from its centroid; of no meaning under
    /// the inner product.
    /// </summary>
    public float RadiusOf(int list) => _shapes[list].Radius;

    /// <summary>
    /// The largest factor by which an error of a product with a code is one of the rank.
    /// </summary>
    public float ScaleOf(int list) => _shapes[list].Scale;

    /// <summary>
    /// The ratio of two distances, about 1 where both are too small to be known well. Ranks by the
    /// inner product have none: 1.
    /// </summary>
    public float Relate(double distance, double other)
    {
        double blur = BlurShare * BlurShare * SquaredSpread;
        double ratio = Math.Sqrt(((distance * distance) + blur) / ((other * other) + blur));
        return CodeMetric == Metric.InnerProduct || double.IsNaN(ratio) ? 1 : (float)ratio;
    }

    /// <summary>The same part with another dial, found on its rows.</summary>
    public VectorPart With(VectorDial dial, double targetRecall, double measuredRecall) =>
        new(this)
        {
            Dial = dial,
            TargetRecall = targetRecall,
            MeasuredRecall = measuredRecall,
            CalibratedRowCount = RowCount,
            UncheckedRowCount = 0,
        };

    /// <summary>The same part, whose recall is known to be what was asked for.</summary>
    public VectorPart Checked() => new(this) { UncheckedRowCount = 0 };

    /// <summary>The same part with a dial that nothing was asked about.</summary>
    public VectorPart Turned(VectorDial dial) => new(this) { Dial = dial };

    private static float[] HomeTermsOf(CentroidSet centroids, float[] origin)
    {
        var terms = new float[centroids.Count];
        for (int i = 0; i < terms.Length; i++)
        {
            ReadOnlySpan<float> centroid = centroids.Centroid(i);
            terms[i] = Norm.ComputeSquared(centroid) + (2 * Dot.Compute(centroid, origin));
        }

        return terms;
    }

    private static float[] SizesOf(VectorLists lists)
    {
        const int Multiple = CodeBlock.RowCount;
        var sizes = new float[(lists.Count + Multiple - 1) / Multiple * Multiple];
        for (int i = 0; i < lists.Count; i++)
        {
            sizes[i] = lists.Get(i).Count;
        }

        return sizes;
    }

    private static double LengthOf(CentroidSet centroids) => Math.Sqrt(
        DoubleSums.Product(centroids.Vectors, centroids.Vectors)
            / Math.Max(1, centroids.Count));

    private static float SeparationOf(CentroidSet centroids)
    {
        const int PairsMax = 512;
        var distances = new List<double>(PairsMax);
        for (int i = 0; i < PairsMax && centroids.Count > 1; i++)
        {
            int a = i * 7 % centroids.Count;
            int b = (a + 1 + (i * 13 % (centroids.Count - 1))) % centroids.Count;
            distances.Add(Math.Sqrt(
                SquaredEuclidean.Compute(centroids.Centroid(a), centroids.Centroid(b))));
        }

        distances.Sort();
        double usual = distances.Count == 0 ? 0 : distances[distances.Count / 2];
        return (float)distances.Where(distance => usual == 0 || distance <= FarRatio * usual)
            .DefaultIfEmpty().Average();
    }
}
